//! Pull requests: opened by everybody who can read both branches, organised and merged by those who can write.
//!
//! A push moves a pull request at once, in its own operation ([`moved`]); what takes git work follows in a job
//! ([`refresh`]). How one is merged is in [`crate::merge`].

mod card;
mod chain;
mod change;
mod closing;
mod compute;
mod head;
mod large_files;
mod lookup;
mod moved;
mod open;
mod query;
mod refresh;
mod turns;
mod version;

use hearth_core::{Error, Kind, MergeCheck, Page, PageRequest, PullRequestState, Read, Result, ThreadNumber};
use hearth_git::ObjectId;
use hearth_store::{Ask, pull_request as row, pull_request_list as list_row};

pub use card::{Head, HeadRepository, PullRequestCard, Reviewer, ReviewerName, ReviewerState};
pub(crate) use card::{card, cards};
pub(crate) use chain::above;
pub use chain::{Link, chain};
pub use change::{Edit, close_or_reopen, edit};
pub(crate) use closing::settle;
pub(crate) use head::{HeadBranch, branch, is_refusal, push_to_head, tip_of};
pub use hearth_store::{
    pull_request::PullRequest,
    pull_request_list::PullRequestFilter,
    thread_filter::{Bodies, ThreadSort as PullRequestSort},
};
pub use lookup::{number_of_branches, number_of_merge_commit};
pub(crate) use moved::{lock_repository, moved, of, repository_gone, retarget, status_changed};
pub use open::{HeadName, NewPullRequest, open};
pub use query::{Query, QueryState};
pub(crate) use refresh::{Place, Standing, prepare, refresh, refresh_base};
pub use turns::{Turn, TurnReason, turns};
pub use version::{Commits, Version, commits, versions};

use crate::{Access, App};

pub async fn find(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<PullRequestCard> {
    let mut reader = app.store().read().await?;
    let found = find_row(&mut reader, access, number).await?;
    card(&mut reader, access, found).await
}

/// The same with what takes git work, which is done first if the job for it has not come that far: for programs, which
/// ask for facts and do not look again.
pub async fn find_prepared(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
) -> Result<PullRequestCard> {
    let known = find_row(&mut app.store().read().await?, access, number).await?;
    let is_checked =
        known.checked_head_id.as_ref() == Some(&known.head_id) && known.merge_check != MergeCheck::Checking;
    if known.is_open() && !is_checked {
        prepare(app, known.id).await?;
    }
    find(app, access, number).await
}

/// The row alone. A thread of another kind is no pull request.
pub(crate) async fn find_row<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    number: ThreadNumber,
) -> Result<PullRequest> {
    let found = row::find(ask, access.repository().id, number).await?;
    found.ok_or(Error::NotFound(Kind::PullRequest))
}

/// One page of a list, and the total length of the filtered list. Texts are only read if requested.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: &PullRequestFilter,
    (sort, bodies): (PullRequestSort, Bodies),
    request: PageRequest,
) -> Result<Page<PullRequestCard>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let found = list_row::list(&mut reader, repository, filter, (sort, bodies), request).await?;
    let page = Page::of(found, request, list_row::count(&mut reader, repository, filter)).await?;
    Ok(Page { items: cards(&mut reader, access, page.items).await?, total: page.total, request })
}

/// One page of a list, and how many pull requests match in each state.
#[derive(Clone, Debug)]
pub struct PullRequestList {
    pub page: Page<PullRequestCard>,
    pub open: u64,
    pub closed: u64,
    pub merged: u64,
}

/// What [`list`] gives, with the counts of all states, in one search.
pub async fn search(
    app: &App,
    access: &Access<Read>,
    filter: &PullRequestFilter,
    (sort, bodies): (PullRequestSort, Bodies),
    request: PageRequest,
) -> Result<PullRequestList> {
    let mut reader = app.store().read().await?;
    let found =
        list_row::search(&mut reader, access.repository().id, filter, (sort, bodies), request).await?;
    let (open, closed, merged) = (found.open, found.closed, found.merged);
    let of_state = |state: &PullRequestState| match state {
        PullRequestState::Open => open,
        PullRequestState::Closed => closed,
        PullRequestState::Merged => merged,
    };
    let states = if filter.states.is_empty() { PullRequestState::ALL } else { &filter.states };
    let total = states.iter().map(of_state).sum();
    let items = cards(&mut reader, access, found.pull_requests).await?;
    Ok(PullRequestList { page: Page { items, total, request }, open, closed, merged })
}

/// The number of pull requests that match, for instance in the state that is not listed.
pub async fn count(app: &App, access: &Access<Read>, filter: &PullRequestFilter) -> Result<u64> {
    Ok(list_row::count(&mut app.store().read().await?, access.repository().id, filter).await?)
}

/// A commit id from a row.
pub(crate) fn object(id: &str) -> Result<ObjectId> {
    id.parse().map_err(|_| Error::internal(format!("a pull request names the commit {id:?}")))
}
