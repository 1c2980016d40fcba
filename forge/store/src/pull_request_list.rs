//! Lists of pull requests: those of a repository by a filter, and those that a branch has to do with.

use hearth_core::{PageRequest, PullRequestState, RepositoryId, ThreadId, ThreadKind, ThreadNumber, UserId};

use crate::{
    Ask, Query, Result,
    pull_request::{PullRequest, SELECT, columns, counter, tables},
    thread,
    thread_filter::{Bodies, ThreadFilter, ThreadSort, of_kind},
    thread_matches::{self, in_order},
};

/// Which pull requests of a repository; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullRequestFilter {
    /// In any of these states; empty: in any state at all.
    pub states: Vec<PullRequestState>,
    pub is_draft: Option<bool>,
    pub base_branch: Option<String>,
    pub head_branch: Option<String>,
    pub head_repository: Option<RepositoryId>,
    /// This person's review is requested, or that of a team of theirs.
    pub review_requested: Option<UserId>,
    /// This person has submitted a review.
    pub reviewed_by: Option<UserId>,
    pub thread: ThreadFilter,
}

const SELECT_WITHOUT_BODY: &str =
    concat!("SELECT ", thread::columns!("'' AS body"), ", ", columns!(), tables!());

pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &PullRequestFilter,
    (sort, bodies): (ThreadSort, Bodies),
    request: PageRequest,
) -> Result<Vec<PullRequest>> {
    let select = match bodies {
        Bodies::Whole => SELECT,
        Bodies::LeftOut => SELECT_WITHOUT_BODY,
    };
    let query = ask.query(select).push(" WHERE t.repository_id = $1").bind(repository);
    narrow(of_kind(query, ThreadKind::PullRequest), filter).push(sort.sql()).page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, filter: &PullRequestFilter) -> Result<u64> {
    if let Some(states) = counted(filter) {
        let mut query = ask.query("SELECT 0");
        for &state in states {
            query = query.push(" + ").push(counter(state));
        }
        let query = query.push(" FROM repositories WHERE id = $1").bind(repository);
        let count: Option<(i64,)> = query.fetch_optional().await?;
        return Ok(count.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)));
    }
    let query = ask
        .query(
            "SELECT COUNT(*) FROM threads t JOIN pull_requests p ON p.thread_id = t.id WHERE t.repository_id = $1",
        )
        .bind(repository);
    narrow(of_kind(query, ThreadKind::PullRequest), filter).fetch_count().await
}

/// A page of a list, and how many pull requests match in each state, whichever the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PullRequestPage {
    pub pull_requests: Vec<PullRequest>,
    pub open: u64,
    pub closed: u64,
    pub merged: u64,
}

/// What [`list`] gives, with the counts of all states. Where texts have to be searched, all of it takes one pass.
pub async fn search(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &PullRequestFilter,
    (sort, bodies): (ThreadSort, Bodies),
    request: PageRequest,
) -> Result<PullRequestPage> {
    let of = |state| PullRequestFilter { states: vec![state], ..filter.clone() };
    if counted(filter).is_some() {
        return Ok(PullRequestPage {
            pull_requests: list(ask, repository, filter, (sort, bodies), request).await?,
            open: count(ask, repository, &of(PullRequestState::Open)).await?,
            closed: count(ask, repository, &of(PullRequestState::Closed)).await?,
            merged: count(ask, repository, &of(PullRequestState::Merged)).await?,
        });
    }
    let query = ask.query(thread_matches::PULL_REQUESTS).bind(repository);
    let query = narrow_in_any_state(of_kind(query, ThreadKind::PullRequest), filter);
    let states: Vec<&'static str> = filter.states.iter().map(|state| state.as_str()).collect();
    let matches = thread_matches::find(query, &states, sort, request).await?;
    let select = match bodies {
        Bodies::Whole => SELECT,
        Bodies::LeftOut => SELECT_WITHOUT_BODY,
    };
    let rows: Vec<PullRequest> =
        ask.query(select).push(" WHERE t.id").is_any_of(&matches.ids[..]).fetch_all().await?;
    Ok(PullRequestPage {
        pull_requests: in_order(&matches.ids, rows, |pull_request| pull_request.id),
        open: matches.in_state(PullRequestState::Open.as_str()),
        closed: matches.in_state(PullRequestState::Closed.as_str()),
        merged: matches.in_state(PullRequestState::Merged.as_str()),
    })
}

/// The states whose counters answer this filter.
fn counted(filter: &PullRequestFilter) -> Option<&[PullRequestState]> {
    let of_states = PullRequestFilter { states: filter.states.clone(), ..PullRequestFilter::default() };
    let states = if filter.states.is_empty() { PullRequestState::ALL } else { &filter.states };
    (*filter == of_states).then_some(states)
}

fn narrow<'c>(query: Query<'c>, filter: &PullRequestFilter) -> Query<'c> {
    let query = match &filter.states[..] {
        [] => query,
        states => query.push(" AND p.repository_id = $1 AND p.state").is_one_of(states.iter().copied()),
    };
    narrow_in_any_state(query, filter)
}

fn narrow_in_any_state<'c>(query: Query<'c>, filter: &PullRequestFilter) -> Query<'c> {
    let mut query = query
        .and("p.is_draft =", filter.is_draft)
        .and("p.base_branch =", filter.base_branch.clone())
        .and("p.head_branch =", filter.head_branch.clone())
        .and("p.head_repository_id =", filter.head_repository);
    if let Some(user) = filter.review_requested {
        query = query
            .push(" AND EXISTS (SELECT 1 FROM review_requests q WHERE q.thread_id = t.id AND (q.user_id = ")
            .push_bind(user)
            .push(" OR q.team_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = ")
            .push_bind(user)
            .push(")))");
    }
    if let Some(user) = filter.reviewed_by {
        query = query
            .push(" AND EXISTS (SELECT 1 FROM reviews v WHERE v.thread_id = t.id AND v.state <> 'pending' AND v.author_id = ")
            .push_bind(user)
            .push(")");
    }
    filter.thread.narrow(query)
}

/// A branch of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch<'a> {
    pub repository: RepositoryId,
    pub name: &'a str,
}

/// The open pull request that asks to merge `head` into `base`.
pub async fn find_open(
    ask: &mut impl Ask,
    base: Branch<'_>,
    head: Branch<'_>,
) -> Result<Option<PullRequest>> {
    ask.query(SELECT)
        .push(
            " WHERE p.repository_id = $1 AND p.base_branch = $2 AND p.head_repository_id = $3 AND p.head_branch = $4 \
             AND p.state = 'open'",
        )
        .bind(base.repository)
        .bind(base.name)
        .bind(head.repository)
        .bind(head.name)
        .fetch_optional()
        .await
}

/// Whether a pull request, open or not, into this repository ends at this commit of the head branch.
pub async fn has_been_asked(
    ask: &mut impl Ask,
    base: RepositoryId,
    head: Branch<'_>,
    head_id: &str,
) -> Result<bool> {
    let found: Option<(ThreadId,)> = ask
        .query(
            "SELECT thread_id FROM pull_requests WHERE repository_id = $1 AND head_repository_id = $2 AND head_branch = $3 \
             AND head_id = $4 LIMIT 1",
        )
        .bind(base)
        .bind(head.repository)
        .bind(head.name)
        .bind(head_id)
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// The open pull requests of all repositories whose head is this branch: first those of its own repository, which
/// nobody else can crowd out, then those of others; oldest first.
pub async fn list_open_by_head(ask: &mut impl Ask, head: Branch<'_>, most: u64) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(
            " WHERE p.head_repository_id = $1 AND p.head_branch = $2 AND p.state = 'open' \
             ORDER BY CASE WHEN t.repository_id = $1 THEN 0 ELSE 1 END, t.id",
        )
        .bind(head.repository)
        .bind(head.name)
        .limit(most)
        .fetch_all()
        .await
}

/// The open pull requests that ask to merge into this branch, oldest first.
pub async fn list_open_by_base(ask: &mut impl Ask, base: Branch<'_>, most: u64) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(" WHERE p.repository_id = $1 AND p.base_branch = $2 AND p.state = 'open' ORDER BY t.id")
        .bind(base.repository)
        .bind(base.name)
        .limit(most)
        .fetch_all()
        .await
}

/// The open pull requests whose head is a branch of this repository, oldest first.
pub async fn list_open_of_head_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    most: u64,
) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(" WHERE p.head_repository_id = $1 AND p.state = 'open' ORDER BY t.id")
        .bind(repository)
        .limit(most)
        .fetch_all()
        .await
}

/// The open pull requests of a repository whose head is this commit, oldest first.
pub async fn list_open_at(
    ask: &mut impl Ask,
    repository: RepositoryId,
    head_id: &str,
    most: u64,
) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(" WHERE p.repository_id = $1 AND p.state = 'open' AND p.head_id = $2 ORDER BY t.id")
        .bind(repository)
        .bind(head_id)
        .limit(most)
        .fetch_all()
        .await
}

/// The newest pull request of a repository whose head was this branch of it, in whatever state; merged ones first.
pub async fn find_latest_of_head(
    ask: &mut impl Ask,
    repository: RepositoryId,
    branch: &str,
) -> Result<Option<PullRequest>> {
    ask.query(SELECT)
        .push(
            " WHERE p.head_repository_id = $1 AND p.head_branch = $2 AND p.repository_id = $1 \
             ORDER BY CASE WHEN p.state = 'merged' THEN 0 ELSE 1 END, t.id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(branch)
        .fetch_optional()
        .await
}

/// The pull requests of a repository whose heads were these branches of it, by branch: of each, an open one or else the newest
/// comes last.
pub async fn list_of_heads(
    ask: &mut impl Ask,
    repository: RepositoryId,
    branches: &[String],
) -> Result<Vec<(String, ThreadNumber, PullRequestState)>> {
    ask.query(
        "SELECT p.head_branch, t.number, p.state FROM pull_requests p JOIN threads t ON t.id = p.thread_id \
         WHERE p.repository_id = $1 AND p.head_repository_id = $1 AND p.head_branch",
    )
    .bind(repository)
    .is_any_of(branches)
    .push(" ORDER BY p.head_branch, CASE WHEN p.state = 'open' THEN 1 ELSE 0 END, t.id")
    .fetch_all()
    .await
}

/// The merged pull requests of a repository that these commits came with: for a commit's page, and for release notes.
pub async fn list_by_merge_commits(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commits: &[String],
) -> Result<Vec<(String, ThreadNumber)>> {
    ask.query(
        "SELECT p.merge_commit_id, t.number FROM pull_requests p JOIN threads t ON t.id = p.thread_id \
         WHERE p.repository_id = $1 AND p.state = 'merged' AND p.merge_commit_id",
    )
    .bind(repository)
    .is_any_of(commits)
    .push(" ORDER BY t.number")
    .fetch_all()
    .await
}
