//! Branches that somebody has just pushed, from which they may want to open a pull request.

use std::{collections::HashSet, time::Duration};

use hearth_core::{OwnerId, PageRequest, Permission, Read, Result, Timestamp, Unit, UserId};
use hearth_store::{
    Ask, fork,
    pull_request_list::{Branch, find_open, has_been_asked},
    push,
    repository::{self, Repository},
};

use crate::{Access, App, access};

/// How long a push is recent.
const RECENT: Duration = Duration::from_hours(24);
/// The pushes of a repository among which the reader's are looked for: the newest.
const MOST_PUSHES: u32 = 50;
/// The most branches that are offered.
const MOST_BRANCHES: usize = 3;

/// A branch that its pusher may want to have merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentBranch {
    /// Owner and name of the fork; none: the repository itself.
    pub fork: Option<(String, String)>,
    pub branch: String,
    pub pushed_at: Timestamp,
}

/// The branches that the actor pushed lately to this repository and to their own fork of it, and for which no pull
/// request to its default branch is open or was closed as it is, newest first.
pub async fn recent_branches(app: &App, access: &Access<Read>) -> Result<Vec<RecentBranch>> {
    let Some(user) = access.actor().user_id() else { return Ok(Vec::new()) };
    if !access.can_in(Unit::Pulls, Permission::Read) || access.repository().is_empty {
        return Ok(Vec::new());
    }
    let base = access.repository();
    let mut reader = app.store().read().await?;
    let mut found = of_repository(&mut reader, base, base, (user, app.now())).await?;
    if let Some(id) = fork::find_of_owner(&mut reader, base.id, OwnerId::from(user)).await?
        && let Some(own) = repository::find(&mut reader, id).await?
        && access::if_seen(access::enter(&mut reader, access.actor(), Unit::Code, own.clone()).await)?
            .is_some()
    {
        found.extend(of_repository(&mut reader, base, &own, (user, app.now())).await?);
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.pushed_at));
    found.truncate(MOST_BRANCHES);
    Ok(found)
}

async fn of_repository(
    ask: &mut impl Ask,
    base: &Repository,
    head: &Repository,
    (user, now): (UserId, Timestamp),
) -> Result<Vec<RecentBranch>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    // What is pushed to a fork is meant for its origin.
    let asked = if base.id == head.id { base.fork_of_id.unwrap_or(base.id) } else { base.id };
    for pushed in push::list(ask, head.id, PageRequest::new(1, MOST_PUSHES)).await? {
        let Some(branch) = pushed.ref_name.strip_prefix("refs/heads/").map(str::to_owned) else { continue };
        // Only the newest push of a branch tells where it is now.
        let is_newest = seen.insert(branch.clone());
        let is_recent = now.since(pushed.created_at) < RECENT;
        let is_own = pushed.pusher_id == Some(user) && !pushed.new_id.is_empty();
        let is_default = base.id == head.id && branch == base.default_branch;
        if !(is_newest && is_recent && is_own) || is_default || found.len() == MOST_BRANCHES {
            continue;
        }
        // A fork begins with the branches of its origin, as they were pushed there.
        if let Some(origin) = head.fork_of_id
            && push::find_old(ask, origin, &pushed.ref_name, &pushed.new_id).await?.is_some()
        {
            continue;
        }
        let to = Branch { repository: base.id, name: &base.default_branch };
        let from = Branch { repository: head.id, name: &branch };
        if find_open(ask, to, from).await?.is_some()
            || has_been_asked(ask, asked, from, &pushed.new_id).await?
        {
            continue;
        }
        let fork = (base.id != head.id).then(|| (head.owner.to_string(), head.name.to_string()));
        found.push(RecentBranch { fork, branch, pushed_at: pushed.created_at });
    }
    Ok(found)
}
