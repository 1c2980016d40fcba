//! Issues, their lists and their counters.

use std::ops::Deref;

use hearth_core::{
    IssueState, LabelId, PageRequest, RepositoryId, ThreadKind, ThreadNumber, Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Query, Result, Writer,
    thread::{self, NewThread, Thread},
};

/// A thread with the fields of an issue. It dereferences to its thread.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Issue {
    #[sqlx(flatten)]
    pub thread: Thread,
    pub state: IssueState,
    pub closed_at: Option<Timestamp>,
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
    pub author: Option<UserId>,
    pub assignee: Option<UserId>,
    pub is_unassigned: bool,
    /// The issue must have all of these.
    pub labels: Vec<LabelId>,
    pub is_unlabeled: bool,
    /// The title, the body or a comment mentions this person as `@name`.
    pub mentions: Option<UserName>,
    /// The title or the body contains each of these, ignoring case.
    pub words: Vec<String>,
    /// Changed at this time or later.
    pub since: Option<Timestamp>,
    /// Changed at this time or earlier.
    pub before: Option<Timestamp>,
    /// Matches nothing, e.g. because it names a label that does not exist.
    pub is_empty: bool,
}

hearth_core::text_enum! {
    /// The order of a list of issues.
    pub enum IssueSort {
        Newest = "newest",
        Oldest = "oldest",
        RecentlyUpdated = "recently-updated",
        LeastRecentlyUpdated = "least-recently-updated",
        MostCommented = "most-commented",
        LeastCommented = "least-commented",
    }
}

impl IssueSort {
    const fn sql(self) -> &'static str {
        match self {
            Self::Newest => " ORDER BY t.created_at DESC, t.id DESC",
            Self::Oldest => " ORDER BY t.created_at, t.id",
            Self::RecentlyUpdated => " ORDER BY t.updated_at DESC, t.id DESC",
            Self::LeastRecentlyUpdated => " ORDER BY t.updated_at, t.id",
            Self::MostCommented => " ORDER BY t.comments DESC, t.id DESC",
            Self::LeastCommented => " ORDER BY t.comments, t.id DESC",
        }
    }
}

/// Whether a list includes the texts: fifty may be megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    Whole,
    /// The text of every issue is left empty.
    LeftOut,
}

/// All columns of an [`Issue`].
const SELECT: &str = concat!(
    "SELECT ",
    thread::columns!("t.body"),
    ", i.state, i.closed_at FROM threads t JOIN issues i ON i.thread_id = t.id JOIN owners u ON u.id = t.author_id"
);
const SELECT_WITHOUT_BODY: &str = concat!(
    "SELECT ",
    thread::columns!("'' AS body"),
    ", i.state, i.closed_at FROM threads t JOIN issues i ON i.thread_id = t.id JOIN owners u ON u.id = t.author_id"
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
    narrow(query, filter).push(sort.sql()).page(request).fetch_all().await
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
    narrow(query, filter).fetch_count().await
}

/// The counter column that answers this filter: all issues, or those in one state.
fn counted(filter: &IssueFilter) -> Option<&'static str> {
    let is_state_alone = IssueFilter { state: None, ..filter.clone() } == IssueFilter::default();
    is_state_alone.then_some(match filter.state {
        Some(IssueState::Open) => "open_issues",
        Some(IssueState::Closed) => "closed_issues",
        None => "open_issues + closed_issues",
    })
}

fn narrow<'c>(query: Query<'c>, filter: &IssueFilter) -> Query<'c> {
    let mut query = query
        .and("i.state =", filter.state)
        .and("t.author_id =", filter.author)
        .and("t.updated_at >=", filter.since)
        .and("t.updated_at <=", filter.before);
    if let Some(user) = filter.assignee {
        query = query
            .push(" AND EXISTS (SELECT 1 FROM thread_assignees a WHERE a.thread_id = t.id AND a.user_id = ")
            .push_bind(user)
            .push(")");
    }
    if filter.is_unassigned {
        query = query.push(" AND NOT EXISTS (SELECT 1 FROM thread_assignees a WHERE a.thread_id = t.id)");
    }
    for &label in &filter.labels {
        query = query
            .push(" AND EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = t.id AND l.label_id = ")
            .push_bind(label)
            .push(")");
    }
    if filter.is_unlabeled {
        query = query.push(" AND NOT EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = t.id)");
    }
    for word in &filter.words {
        query = query
            .push(" AND (")
            .contains("lower(t.title)", word)
            .push(" OR ")
            .contains("lower(t.body)", word)
            .push(")");
    }
    if let Some(name) = &filter.mentions {
        let mention = format!("@{name}");
        query = query
            .push(" AND (")
            .contains("lower(t.body)", &mention)
            .push(" OR EXISTS (SELECT 1 FROM comments c WHERE c.thread_id = t.id AND ")
            .contains("lower(c.body)", &mention)
            .push("))");
    }
    if filter.is_empty { query.push(" AND 1 = 0") } else { query }
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
    }
    Ok(rows == 1)
}
