//! A pull request with what a list or a page says of it.

use std::collections::HashMap;

use hearth_core::{RepositoryKind, RepositoryName, Result, ReviewVerdict, ThreadId, Unit, UserId, UserName};
use hearth_store::{
    Ask,
    assignee::{self, Assignee},
    attachment::Attachment,
    label::{self, Label},
    repository,
    review::{self, Commenter, Standing},
    review_request::{self, ReviewRequest},
};

use super::PullRequest;
use crate::{Access, access, thread::attachment};

/// A pull request with its labels, assignees, files, reviewers and head.
#[derive(Clone, Debug, PartialEq)]
pub struct PullRequestCard {
    pub pull_request: PullRequest,
    pub labels: Vec<Label>,
    pub assignees: Vec<Assignee>,
    /// The files attached to its own text.
    pub attachments: Vec<Attachment>,
    pub reviewers: Vec<Reviewer>,
    pub head: Head,
}

/// The branch that is to be merged, as the reader may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The repository that has it. None: it is gone, or the reader may not know it.
    pub repository: Option<HeadRepository>,
    pub branch: String,
    /// Whether it lies in the repository of the pull request itself.
    pub is_same_repository: bool,
    /// Whether its repository was deleted.
    pub is_gone: bool,
}

/// The address of the repository that a head lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRepository {
    pub kind: RepositoryKind,
    pub owner: UserName,
    pub name: RepositoryName,
}

/// Somebody whose review counts or is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub who: ReviewerName,
    pub state: ReviewerState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewerName {
    Person { id: UserId, name: UserName },
    Team { organization: UserName, team: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewerState {
    /// Their review was requested and has not come yet.
    Waiting,
    Approved,
    ChangesRequested,
    Commented,
    /// They approved an earlier version, whose diff was another.
    Lapsed,
}

pub(crate) async fn card<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    pull_request: PullRequest,
) -> Result<PullRequestCard> {
    let mut cards = cards(ask, access, vec![pull_request]).await?;
    Ok(cards.pop().expect("one pull request gives one card"))
}

pub(crate) async fn cards<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    pull_requests: Vec<PullRequest>,
) -> Result<Vec<PullRequestCard>> {
    let ids: Vec<ThreadId> = pull_requests.iter().map(|found| found.id).collect();
    let mut labels: HashMap<ThreadId, Vec<Label>> = HashMap::new();
    for found in label::list_of_threads(ask, &ids).await? {
        labels.entry(found.thread_id).or_default().push(found.label);
    }
    let mut assignees: HashMap<ThreadId, Vec<Assignee>> = HashMap::new();
    for found in assignee::list(ask, &ids).await? {
        assignees.entry(found.thread_id).or_default().push(found);
    }
    let mut attachments = attachment::of_threads(ask, &ids).await?;
    let said = Said {
        requests: review_request::list(ask, &ids).await?,
        standings: review::list_standing(ask, &ids).await?,
        commenters: review::list_commenters(ask, &ids).await?,
    };
    let mut heads = heads(ask, access, &pull_requests).await?;
    let card = |pull_request: PullRequest| PullRequestCard {
        labels: labels.remove(&pull_request.id).unwrap_or_default(),
        assignees: assignees.remove(&pull_request.id).unwrap_or_default(),
        attachments: attachments.remove(&pull_request.id).unwrap_or_default(),
        reviewers: said.reviewers(pull_request.id),
        head: heads.remove(&pull_request.id).expect("every pull request has a head"),
        pull_request,
    };
    Ok(pull_requests.into_iter().map(card).collect())
}

/// What was asked of reviewers, and what they said.
struct Said {
    requests: Vec<ReviewRequest>,
    standings: Vec<Standing>,
    commenters: Vec<Commenter>,
}

impl Said {
    /// First those who have said something, then those who are waited for. Whoever is asked again after a verdict is
    /// waited for.
    fn reviewers(&self, thread: ThreadId) -> Vec<Reviewer> {
        let asked: Vec<&ReviewRequest> =
            self.requests.iter().filter(|request| request.thread_id == thread).collect();
        let is_asked = |id: UserId| asked.iter().any(|request| request.user_id == Some(id));
        let person = |id: UserId, name: &UserName| ReviewerName::Person { id, name: name.clone() };
        let decided = self.standings.iter().filter(|said| said.thread_id == thread);
        let decided = decided.filter(|said| !is_asked(said.user_id)).map(|said| Reviewer {
            who: person(said.user_id, &said.name),
            state: match said.verdict {
                ReviewVerdict::Approve if said.lapsed_at.is_some() => ReviewerState::Lapsed,
                ReviewVerdict::Approve => ReviewerState::Approved,
                ReviewVerdict::RequestChanges => ReviewerState::ChangesRequested,
                ReviewVerdict::Comment => ReviewerState::Commented,
            },
        });
        let commented = self.commenters.iter().filter(|said| said.thread_id == thread);
        let commented = commented
            .filter(|said| !is_asked(said.user_id))
            .map(|said| Reviewer { who: person(said.user_id, &said.name), state: ReviewerState::Commented });
        let waited = asked
            .iter()
            .filter_map(|request| Some(Reviewer { who: name_of(request)?, state: ReviewerState::Waiting }));
        decided.chain(commented).chain(waited).collect()
    }
}

fn name_of(request: &ReviewRequest) -> Option<ReviewerName> {
    match (request.user_id, &request.user_name, &request.organization, &request.team_name) {
        (Some(id), Some(name), ..) => Some(ReviewerName::Person { id, name: name.clone() }),
        (_, _, Some(organization), Some(team)) => {
            Some(ReviewerName::Team { organization: organization.clone(), team: team.clone() })
        }
        _ => None,
    }
}

/// Where the heads lie. The name of a fork is told only to those who may read its code.
async fn heads<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    pull_requests: &[PullRequest],
) -> Result<HashMap<ThreadId, Head>> {
    let own = access.repository();
    let mut known = HashMap::from([(own.id, Some(address(own)))]);
    let mut heads = HashMap::new();
    for pull_request in pull_requests {
        let id = pull_request.head_repository_id;
        if let Some(id) = id.filter(|id| !known.contains_key(id)) {
            let seen = match repository::find(ask, id).await? {
                Some(fork) => access::if_seen(access::enter(ask, access.actor(), Unit::Code, fork).await)?,
                None => None,
            };
            known.insert(id, seen.map(|fork| address(fork.repository())));
        }
        let head = Head {
            repository: id.and_then(|id| known.get(&id).cloned().flatten()),
            branch: pull_request.head_branch.clone(),
            is_same_repository: id == Some(own.id),
            is_gone: id.is_none(),
        };
        heads.insert(pull_request.id, head);
    }
    Ok(heads)
}

fn address(repository: &repository::Repository) -> HeadRepository {
    HeadRepository { kind: repository.kind, owner: repository.owner.clone(), name: repository.name.clone() }
}
