//! Pull requests that build on each other: the base of one is the head of another.

use hearth_core::{PullRequestState, Read, Result, ThreadNumber};
use hearth_store::{
    Ask,
    pull_request_list::{Branch, list_open_by_base, list_open_by_head},
};

use super::{PullRequest, find_row};
use crate::{Access, App};

/// The most pull requests of a chain, in each direction.
const MOST_LINKS: usize = 20;

/// One pull request of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub number: ThreadNumber,
    pub title: String,
    pub state: PullRequestState,
    pub is_draft: bool,
    pub head_branch: String,
    pub base_branch: String,
    /// How many lie below it that the reader asked about: negative below, 0 for itself, positive above.
    pub height: i64,
}

/// The chain that a pull request belongs to, the lowest first. Alone: only itself.
pub async fn chain(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Link>> {
    let mut reader = app.store().read().await?;
    let own = find_row(&mut reader, access, number).await?;
    let mut links = vec![link(&own, 0)];
    let mut lowest = own.clone();
    for height in 1..=MOST_LINKS {
        let Some(below) = below(&mut reader, &lowest).await? else { break };
        if links.iter().any(|link| link.number == below.number) {
            break;
        }
        links.insert(0, link(&below, -i64::try_from(height).unwrap_or(i64::MAX)));
        lowest = below;
    }
    let mut level = vec![own];
    let mut height = 0;
    while !level.is_empty() && links.len() < MOST_LINKS * 2 {
        height += 1;
        let mut next = Vec::new();
        for lower in level {
            for upper in above(&mut reader, &lower).await? {
                if links.iter().all(|link| link.number != upper.number) {
                    links.push(link(&upper, height));
                    next.push(upper);
                }
            }
        }
        level = next;
    }
    Ok(links)
}

fn link(pull_request: &PullRequest, height: i64) -> Link {
    Link {
        number: pull_request.number,
        title: pull_request.title.clone(),
        state: pull_request.state,
        is_draft: pull_request.is_draft,
        head_branch: pull_request.head_branch.clone(),
        base_branch: pull_request.base_branch.clone(),
        height,
    }
}

/// The open pull request whose head is this one's base.
pub(crate) async fn below(ask: &mut impl Ask, upper: &PullRequest) -> Result<Option<PullRequest>> {
    let base = Branch { repository: upper.repository_id, name: &upper.base_branch };
    let found = list_open_by_head(ask, base, MOST_LINKS as u64).await?;
    Ok(found.into_iter().find(|lower| lower.repository_id == upper.repository_id))
}

/// The open pull requests whose base is this one's head.
pub(crate) async fn above(ask: &mut impl Ask, lower: &PullRequest) -> Result<Vec<PullRequest>> {
    if lower.is_from_fork() {
        return Ok(Vec::new());
    }
    let head = Branch { repository: lower.repository_id, name: &lower.head_branch };
    Ok(list_open_by_base(ask, head, MOST_LINKS as u64).await?)
}
