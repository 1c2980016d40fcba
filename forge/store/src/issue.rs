//! Issues, their lists and their counters.

use hearth_core::{
    IssueId, IssueNumber, IssueState, LabelId, PageRequest, RepositoryId, Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer, counter};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Issue {
    pub id: IssueId,
    pub repository_id: RepositoryId,
    pub number: IssueNumber,
    pub author_id: UserId,
    /// The author's name, as it is now.
    pub author: UserName,
    pub title: String,
    pub body: String,
    pub state: IssueState,
    /// How many comments it has.
    pub comments: i64,
    /// Counts edits of title and body.
    pub version: i64,
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Issue {
    pub fn is_open(&self) -> bool {
        self.state == IssueState::Open
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

/// Which issues of a repository; everything that is set has to be true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    pub state: Option<IssueState>,
    pub author: Option<UserId>,
    pub assignee: Option<UserId>,
    pub is_unassigned: bool,
    /// All of these.
    pub labels: Vec<LabelId>,
    pub is_unlabeled: bool,
    /// Names of people: the title, the body or a comment says `@name`.
    pub mentions: Option<UserName>,
    /// Each of these is in the title or the body, in any case.
    pub words: Vec<String>,
    /// Changed at this time or later.
    pub since: Option<Timestamp>,
    /// Changed at this time or earlier.
    pub before: Option<Timestamp>,
    /// Nothing can be meant, e.g. a label that does not exist.
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
            Self::Newest => " ORDER BY i.created_at DESC, i.id DESC",
            Self::Oldest => " ORDER BY i.created_at, i.id",
            Self::RecentlyUpdated => " ORDER BY i.updated_at DESC, i.id DESC",
            Self::LeastRecentlyUpdated => " ORDER BY i.updated_at, i.id",
            Self::MostCommented => " ORDER BY i.comments DESC, i.id DESC",
            Self::LeastCommented => " ORDER BY i.comments, i.id DESC",
        }
    }
}

/// Whether the texts of a list are wanted: fifty may be megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    Whole,
    /// The text of every issue is empty.
    LeftOut,
}

/// All of an [`Issue`].
const SELECT: &str = "SELECT i.id, i.repository_id, i.number, i.author_id, u.name AS author, i.title, i.body, i.state, \
    i.comments, i.version, i.closed_at, i.created_at, i.updated_at FROM issues i JOIN users u ON u.id = i.author_id";
const SELECT_WITHOUT_BODY: &str = "SELECT i.id, i.repository_id, i.number, i.author_id, u.name AS author, i.title, '' AS body, \
    i.state, i.comments, i.version, i.closed_at, i.created_at, i.updated_at FROM issues i JOIN users u ON u.id = i.author_id";

/// Stores an open issue under the repository's next number and counts it there.
pub async fn insert(writer: &mut Writer, new: &NewIssue) -> Result<Issue> {
    let number = counter::next(writer, new.repository_id, "issue").await?;
    let (id,): (IssueId,) = writer
        .query(
            "INSERT INTO issues (repository_id, number, author_id, title, body, state, comments, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 1, $7, $7) RETURNING id",
        )
        .bind(new.repository_id)
        .bind(number)
        .bind(new.author_id)
        .bind(new.title.clone())
        .bind(new.body.clone())
        .bind(IssueState::Open)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    add_to_counts(writer, new.repository_id, 1, 0).await?;
    writer.query(SELECT).then(" WHERE i.id = $1").bind(id).fetch_one().await
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

pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    number: IssueNumber,
) -> Result<Option<Issue>> {
    ask.query(SELECT)
        .then(" WHERE i.repository_id = $1 AND i.number = $2")
        .bind(repository)
        .bind(number)
        .fetch_optional()
        .await
}

/// The numbers among these that exist.
pub async fn find_numbers(ask: &mut impl Ask, repository: RepositoryId, numbers: &[i64]) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = ask
        .query("SELECT number FROM issues WHERE repository_id = $1 AND number")
        .bind(repository)
        .is_any_of(numbers)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
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
    let query = ask.query(select).then(" WHERE i.repository_id = $1").bind(repository);
    narrow(query, filter).then(sort.sql()).page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, filter: &IssueFilter) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM issues i WHERE i.repository_id = $1").bind(repository);
    narrow(query, filter).fetch_count().await
}

fn narrow<'c>(query: Query<'c>, filter: &IssueFilter) -> Query<'c> {
    let mut query = query
        .and("i.state =", filter.state)
        .and("i.author_id =", filter.author)
        .and("i.updated_at >=", filter.since)
        .and("i.updated_at <=", filter.before);
    if let Some(user) = filter.assignee {
        query = query
            .then(" AND EXISTS (SELECT 1 FROM issue_assignees a WHERE a.issue_id = i.id AND a.user_id = ")
            .place(user)
            .then(")");
    }
    if filter.is_unassigned {
        query = query.then(" AND NOT EXISTS (SELECT 1 FROM issue_assignees a WHERE a.issue_id = i.id)");
    }
    for &label in &filter.labels {
        query = query
            .then(" AND EXISTS (SELECT 1 FROM issue_labels l WHERE l.issue_id = i.id AND l.label_id = ")
            .place(label)
            .then(")");
    }
    if filter.is_unlabeled {
        query = query.then(" AND NOT EXISTS (SELECT 1 FROM issue_labels l WHERE l.issue_id = i.id)");
    }
    for word in &filter.words {
        query = query
            .then(" AND (")
            .contains("lower(i.title)", word)
            .then(" OR ")
            .contains("lower(i.body)", word)
            .then(")");
    }
    if let Some(name) = &filter.mentions {
        let mention = format!("@{name}");
        query = query
            .then(" AND (")
            .contains("lower(i.body)", &mention)
            .then(" OR EXISTS (SELECT 1 FROM comments c WHERE c.issue_id = i.id AND ")
            .contains("lower(c.body)", &mention)
            .then("))");
    }
    if filter.is_empty { query.then(" AND 1 = 0") } else { query }
}

/// `false` when the issue was edited since `version`: nothing is changed then.
pub async fn update_text(
    writer: &mut Writer,
    id: IssueId,
    version: i64,
    title: &str,
    body: &str,
    now: Timestamp,
) -> Result<bool> {
    let rows = writer
        .query(
            "UPDATE issues SET title = $3, body = $4, version = version + 1, updated_at = $5 \
             WHERE id = $1 AND version = $2",
        )
        .bind(id)
        .bind(version)
        .bind(title)
        .bind(body)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Opens or closes, and keeps the repository's counters. `false` when it was so already.
pub async fn set_state(
    writer: &mut Writer,
    issue: &Issue,
    state: IssueState,
    now: Timestamp,
) -> Result<bool> {
    let closed_at = (state == IssueState::Closed).then_some(now);
    let rows = writer
        .query("UPDATE issues SET state = $2, closed_at = $3, updated_at = $4 WHERE id = $1 AND state <> $2")
        .bind(issue.id)
        .bind(state)
        .bind(closed_at)
        .bind(now)
        .execute()
        .await?;
    if rows == 1 {
        let open = if state == IssueState::Open { 1 } else { -1 };
        add_to_counts(writer, issue.repository_id, open, -open).await?;
    }
    Ok(rows == 1)
}

/// Notes that something about the issue changed, and how many comments came or went.
pub async fn touch(writer: &mut Writer, id: IssueId, comments: i64, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE issues SET comments = comments + $2, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(comments)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}
