//! Threads: discussions. Fields of one kind of thread only are in a table of their own, such as
//! [`crate::issue`] and [`crate::pull_request`].

use hearth_core::{
    IssueState, LockReason, MilestoneId, PullRequestState, RepositoryId, ThreadId, ThreadKind, ThreadNumber,
    Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    counter::{self, Container},
};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Thread {
    pub id: ThreadId,
    pub repository_id: RepositoryId,
    pub kind: ThreadKind,
    pub number: ThreadNumber,
    pub author_id: UserId,
    /// The author's current name.
    pub author: UserName,
    pub title: String,
    pub body: String,
    /// The number of comments.
    pub comments: i64,
    /// The number of edits of title and body.
    pub version: i64,
    /// If set, only people with write access may comment.
    pub locked_at: Option<Timestamp>,
    pub lock_reason: Option<LockReason>,
    pub milestone_id: Option<MilestoneId>,
    /// When it is to be done.
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Thread {
    pub const fn is_locked(&self) -> bool {
        self.locked_at.is_some()
    }
}

#[derive(Clone, Debug)]
pub struct NewThread {
    pub repository_id: RepositoryId,
    pub kind: ThreadKind,
    pub author_id: UserId,
    pub title: String,
    pub body: String,
    pub created_at: Timestamp,
}

/// All columns of a [`Thread`] `t` with its author `u`.
macro_rules! columns {
    ($body:literal) => {
        concat!(
            "t.id, t.repository_id, t.kind, t.number, t.author_id, u.name AS author, t.title, ",
            $body,
            ", t.comments, t.version, t.locked_at, t.lock_reason, t.milestone_id, t.due_at, t.created_at, t.updated_at"
        )
    };
}
pub(crate) use columns;

const SELECT: &str =
    concat!("SELECT ", columns!("t.body"), " FROM threads t JOIN owners u ON u.id = t.author_id");

/// Stores a thread under its repository's next number.
pub async fn insert(writer: &mut Writer, new: &NewThread) -> Result<ThreadId> {
    let number = counter::next(writer, Container::Repository(new.repository_id), "thread").await?;
    let (id,): (ThreadId,) = writer
        .query(
            "INSERT INTO threads (repository_id, kind, number, author_id, title, body, comments, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 1, $7, $7) RETURNING id",
        )
        .bind(new.repository_id)
        .bind(new.kind)
        .bind(number)
        .bind(new.author_id)
        .bind(new.title.clone())
        .bind(new.body.clone())
        .bind(new.created_at)
        .fetch_one()
        .await?;
    Ok(id)
}

pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    number: ThreadNumber,
) -> Result<Option<Thread>> {
    ask.query(SELECT)
        .push(" WHERE t.repository_id = $1 AND t.number = $2")
        .bind(repository)
        .bind(number)
        .fetch_optional()
        .await
}

pub async fn find_by_id(ask: &mut impl Ask, id: ThreadId) -> Result<Option<Thread>> {
    ask.query(SELECT).push(" WHERE t.id = $1").bind(id).fetch_optional().await
}

/// The ids and numbers of the existing threads among these numbers, by number.
pub async fn find_numbers(
    ask: &mut impl Ask,
    repository: RepositoryId,
    numbers: &[i64],
) -> Result<Vec<(ThreadId, ThreadNumber)>> {
    ask.query("SELECT id, number FROM threads WHERE repository_id = $1 AND number")
        .bind(repository)
        .is_any_of(numbers)
        .push(" ORDER BY number")
        .fetch_all()
        .await
}

/// What a link to a thread says of it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Headline {
    pub number: ThreadNumber,
    pub kind: ThreadKind,
    pub title: String,
    /// None: it is not an issue.
    pub issue_state: Option<IssueState>,
    /// None: it is not a pull request.
    pub pull_request_state: Option<PullRequestState>,
}

impl Headline {
    pub fn is_open(&self) -> bool {
        let is_open_issue = self.issue_state == Some(IssueState::Open);
        is_open_issue || self.pull_request_state == Some(PullRequestState::Open)
    }
}

/// The existing threads among these numbers, by number.
pub async fn find_headlines(
    ask: &mut impl Ask,
    repository: RepositoryId,
    numbers: &[i64],
) -> Result<Vec<Headline>> {
    ask.query(
        "SELECT t.number, t.kind, t.title, i.state AS issue_state, p.state AS pull_request_state FROM threads t \
         LEFT JOIN issues i ON i.thread_id = t.id LEFT JOIN pull_requests p ON p.thread_id = t.id \
         WHERE t.repository_id = $1 AND t.number",
    )
    .bind(repository)
    .is_any_of(numbers)
    .push(" ORDER BY t.number")
    .fetch_all()
    .await
}

/// `false` if the thread was edited since `version`: then nothing is changed.
pub async fn update_text(
    writer: &mut Writer,
    id: ThreadId,
    version: i64,
    title: &str,
    body: &str,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "UPDATE threads SET title = $3, body = $4, version = version + 1, updated_at = $5 \
             WHERE id = $1 AND version = $2",
        )
        .bind(id)
        .bind(version)
        .bind(title)
        .bind(body)
        .bind(now)
        .execute_on_one()
        .await
}

/// Sets the time of the last change, and adds to the number of comments.
pub async fn touch(writer: &mut Writer, id: ThreadId, comments: i64, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE threads SET comments = comments + $2, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(comments)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Restricts commenting to people with write access. `false` if it was already locked.
pub async fn set_locked(
    writer: &mut Writer,
    id: ThreadId,
    by: UserId,
    reason: Option<LockReason>,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query("UPDATE threads SET locked_at = $2, locked_by = $3, lock_reason = $4 WHERE id = $1 AND locked_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(by)
        .bind(reason)
        .execute_on_one()
        .await
}

/// Lets everybody with read access comment again. `false` if it was not locked.
pub async fn set_unlocked(writer: &mut Writer, id: ThreadId) -> Result<bool> {
    writer
        .query(
            "UPDATE threads SET locked_at = NULL, locked_by = NULL, lock_reason = NULL \
             WHERE id = $1 AND locked_at IS NOT NULL",
        )
        .bind(id)
        .execute_on_one()
        .await
}

/// Says when a thread is to be done; none: at no certain time. `false` if that changes nothing.
pub async fn set_due(
    writer: &mut Writer,
    id: ThreadId,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query("UPDATE threads SET due_at = $2, updated_at = $3 WHERE id = $1 AND due_at IS DISTINCT FROM $2")
        .bind(id)
        .bind(due_at)
        .bind(now)
        .execute_on_one()
        .await
}
