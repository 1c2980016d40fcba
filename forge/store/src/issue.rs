//! Issues, their lists and their counters.

use std::ops::Deref;

use hearth_core::{
    IssueState, PageRequest, RepositoryId, ThreadId, ThreadKind, ThreadNumber, Timestamp, UserId,
};
use sqlx::FromRow;

use crate::{
    Ask, Query, Result, Writer, milestone,
    thread::{self, NewThread, Thread},
    thread_filter::{ThreadFilter, of_kind},
    thread_matches::{self, in_order},
};

pub use crate::thread_filter::{Bodies, ThreadSort as IssueSort};

/// A thread with the fields of an issue. It dereferences to its thread.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Issue {
    #[sqlx(flatten)]
    pub thread: Thread,
    pub state: IssueState,
    pub closed_at: Option<Timestamp>,
    /// The branch that it is about.
    pub branch: Option<String>,
}

impl Issue {
    pub fn is_open(&self) -> bool {
        self.state == IssueState::Open
    }
}

impl Deref for Issue {
    type Target = Thread;

    fn deref(&self) -> &Thread {
        &self.thread
    }
}

#[derive(Clone, Debug)]
pub struct NewIssue {
    pub repository_id: RepositoryId,
    pub author_id: UserId,
    pub title: String,
    pub body: String,
    pub created_at: Timestamp,
}

/// Which issues of a repository; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    pub state: Option<IssueState>,
    pub thread: ThreadFilter,
}

/// All columns of an [`Issue`].
const SELECT: &str = concat!(
    "SELECT ",
    thread::columns!("t.body"),
    ", i.state, i.closed_at, i.branch FROM threads t JOIN issues i ON i.thread_id = t.id JOIN owners u ON u.id = t.author_id"
);
const SELECT_WITHOUT_BODY: &str = concat!(
    "SELECT ",
    thread::columns!("'' AS body"),
    ", i.state, i.closed_at, i.branch FROM threads t JOIN issues i ON i.thread_id = t.id JOIN owners u ON u.id = t.author_id"
);

/// Stores an open issue under the repository's next number and updates the repository's counter.
pub async fn insert(writer: &mut Writer, new: &NewIssue) -> Result<Issue> {
    let thread = NewThread {
        repository_id: new.repository_id,
        kind: ThreadKind::Issue,
        author_id: new.author_id,
        title: new.title.clone(),
        body: new.body.clone(),
        created_at: new.created_at,
    };
    let id = thread::insert(writer, &thread).await?;
    writer
        .query("INSERT INTO issues (thread_id, state) VALUES ($1, $2)")
        .bind(id)
        .bind(IssueState::Open)
        .execute()
        .await?;
    add_to_counts(writer, new.repository_id, 1, 0).await?;
    writer.query(SELECT).push(" WHERE t.id = $1").bind(id).fetch_one().await
}

async fn add_to_counts(writer: &mut Writer, repository: RepositoryId, open: i64, closed: i64) -> Result<()> {
    writer
        .query(
            "UPDATE repositories SET open_issues = open_issues + $2, closed_issues = closed_issues + $3 WHERE id = $1",
        )
        .bind(repository)
        .bind(open)
        .bind(closed)
        .execute()
        .await?;
    Ok(())
}

/// None: there is no such thread, or it is not an issue.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    number: ThreadNumber,
) -> Result<Option<Issue>> {
    ask.query(SELECT)
        .push(" WHERE t.repository_id = $1 AND t.number = $2")
        .bind(repository)
        .bind(number)
        .fetch_optional()
        .await
}

pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &IssueFilter,
    (sort, bodies): (IssueSort, Bodies),
    request: PageRequest,
) -> Result<Vec<Issue>> {
    let select = match bodies {
        Bodies::Whole => SELECT,
        Bodies::LeftOut => SELECT_WITHOUT_BODY,
    };
    let query = ask.query(select).push(" WHERE t.repository_id = $1").bind(repository);
    narrow(of_kind(query, ThreadKind::Issue), filter).push(sort.sql()).page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, filter: &IssueFilter) -> Result<u64> {
    if let Some(counted) = counted(filter) {
        let query = ask.query("SELECT ").push(counted).push(" FROM repositories WHERE id = $1");
        let count: Option<(i64,)> = query.bind(repository).fetch_optional().await?;
        return Ok(count.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)));
    }
    let query = ask
        .query(
            "SELECT COUNT(*) FROM threads t JOIN issues i ON i.thread_id = t.id WHERE t.repository_id = $1",
        )
        .bind(repository);
    narrow(of_kind(query, ThreadKind::Issue), filter).fetch_count().await
}

/// A page of a list, and how many issues match in each state, whichever the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuePage {
    pub issues: Vec<Issue>,
    pub open: u64,
    pub closed: u64,
}

pub async fn set_branch(writer: &mut Writer, issue: &Issue, branch: Option<&str>) -> Result<()> {
    let query = writer.query("UPDATE issues SET branch = $2 WHERE thread_id = $1").bind(issue.id);
    query.bind(branch.map(str::to_owned)).execute().await?;
    Ok(())
}

/// Deletes an issue with everything in it. Its number stays taken.
pub async fn delete(writer: &mut Writer, issue: &Issue, now: Timestamp) -> Result<()> {
    milestone::set_of_thread(writer, issue.id, None, now).await?;
    let (open, closed) = if issue.is_open() { (-1, 0) } else { (0, -1) };
    add_to_counts(writer, issue.repository_id, open, closed).await?;
    writer.query("DELETE FROM threads WHERE id = $1").bind(issue.id).execute().await?;
    Ok(())
}

/// What [`list`] gives, with the counts of both states. Where texts have to be searched, all of it takes one pass.
pub async fn search(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &IssueFilter,
    (sort, bodies): (IssueSort, Bodies),
    request: PageRequest,
) -> Result<IssuePage> {
    let of = |state| IssueFilter { state: Some(state), thread: filter.thread.clone() };
    if filter.thread == ThreadFilter::default() {
        return Ok(IssuePage {
            issues: list(ask, repository, filter, (sort, bodies), request).await?,
            open: count(ask, repository, &of(IssueState::Open)).await?,
            closed: count(ask, repository, &of(IssueState::Closed)).await?,
        });
    }
    let query = ask.query(thread_matches::ISSUES).bind(repository);
    let query = filter.thread.narrow(of_kind(query, ThreadKind::Issue));
    let states: Vec<&'static str> = filter.state.map(IssueState::as_str).into_iter().collect();
    let matches = thread_matches::find(query, &states, sort, request).await?;
    Ok(IssuePage {
        issues: find_all(ask, &matches.ids, bodies).await?,
        open: matches.in_state(IssueState::Open.as_str()),
        closed: matches.in_state(IssueState::Closed.as_str()),
    })
}

/// These issues, in this order; those that do not exist are left out.
async fn find_all(ask: &mut impl Ask, ids: &[ThreadId], bodies: Bodies) -> Result<Vec<Issue>> {
    let select = match bodies {
        Bodies::Whole => SELECT,
        Bodies::LeftOut => SELECT_WITHOUT_BODY,
    };
    let rows: Vec<Issue> = ask.query(select).push(" WHERE t.id").is_any_of(ids).fetch_all().await?;
    Ok(in_order(ids, rows, |issue| issue.id))
}

/// The counter column that answers this filter: all issues, or those in one state.
fn counted(filter: &IssueFilter) -> Option<&'static str> {
    (filter.thread == ThreadFilter::default()).then_some(match filter.state {
        Some(IssueState::Open) => "open_issues",
        Some(IssueState::Closed) => "closed_issues",
        None => "open_issues + closed_issues",
    })
}

fn narrow<'c>(query: Query<'c>, filter: &IssueFilter) -> Query<'c> {
    filter.thread.narrow(query.and("i.state =", filter.state))
}

/// Opens or closes an issue, and updates the repository's counters. `false` if it already was in that state.
pub async fn set_state(
    writer: &mut Writer,
    issue: &Issue,
    state: IssueState,
    now: Timestamp,
) -> Result<bool> {
    let closed_at = (state == IssueState::Closed).then_some(now);
    let rows = writer
        .query("UPDATE issues SET state = $2, closed_at = $3 WHERE thread_id = $1 AND state <> $2")
        .bind(issue.id)
        .bind(state)
        .bind(closed_at)
        .execute()
        .await?;
    if rows == 1 {
        thread::touch(writer, issue.id, 0, now).await?;
        let open = if state == IssueState::Open { 1 } else { -1 };
        add_to_counts(writer, issue.repository_id, open, -open).await?;
        milestone::recount_of_thread(writer, issue.id).await?;
    }
    Ok(rows == 1)
}
