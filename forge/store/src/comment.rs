//! Comments in threads.

use hearth_core::{
    CommentId, PageRequest, RepositoryId, ThreadId, ThreadKind, ThreadNumber, Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Comment {
    pub id: CommentId,
    pub thread_id: ThreadId,
    pub thread_number: ThreadNumber,
    pub thread_kind: ThreadKind,
    pub author_id: UserId,
    /// The author's current name.
    pub author: UserName,
    pub body: String,
    /// The number of edits.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Comment {
    pub fn is_edited(&self) -> bool {
        self.version > 1
    }
}

/// Which comments: those last changed in this period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommentFilter {
    pub since: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

/// All columns of a [`Comment`].
const SELECT: &str = "SELECT c.id, c.thread_id, t.number AS thread_number, t.kind AS thread_kind, c.author_id, u.name AS author, c.body, c.version, \
    c.created_at, c.updated_at FROM comments c JOIN threads t ON t.id = c.thread_id JOIN owners u ON u.id = c.author_id";

pub async fn insert(
    writer: &mut Writer,
    thread: ThreadId,
    author: UserId,
    body: &str,
    now: Timestamp,
) -> Result<Comment> {
    let (id,): (CommentId,) = writer
        .query(
            "INSERT INTO comments (thread_id, author_id, body, version, created_at, updated_at) \
             VALUES ($1, $2, $3, 1, $4, $4) RETURNING id",
        )
        .bind(thread)
        .bind(author)
        .bind(body)
        .bind(now)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE c.id = $1").bind(id).fetch_one().await
}

/// Only finds comments of this repository: an id alone gives no access.
pub async fn find(ask: &mut impl Ask, repository: RepositoryId, id: CommentId) -> Result<Option<Comment>> {
    ask.query(SELECT)
        .push(" WHERE t.repository_id = $1 AND c.id = $2")
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await
}

/// The comments of one thread, oldest first.
pub async fn list(
    ask: &mut impl Ask,
    thread: ThreadId,
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Vec<Comment>> {
    let query = ask.query(SELECT).push(" WHERE c.thread_id = $1").bind(thread);
    narrow(query, filter).push(" ORDER BY c.id").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, thread: ThreadId, filter: CommentFilter) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM comments c WHERE c.thread_id = $1").bind(thread);
    narrow(query, filter).fetch_count().await
}

/// Those of these comments that belong to the thread, oldest first.
pub async fn find_all(ask: &mut impl Ask, thread: ThreadId, ids: &[i64]) -> Result<Vec<Comment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(SELECT)
        .push(" WHERE c.thread_id = $1 AND c.id")
        .bind(thread)
        .is_any_of(ids)
        .push(" ORDER BY c.id")
        .fetch_all()
        .await
}

/// The comments in all threads of these kinds, oldest first.
pub async fn list_of_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    kinds: &[ThreadKind],
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Vec<Comment>> {
    let query = ask.query(SELECT).push(" WHERE t.repository_id = $1 AND t.kind").bind(repository);
    let query = query.is_one_of(kinds.iter().copied());
    narrow(query, filter).push(" ORDER BY c.id").page(request).fetch_all().await
}

pub async fn count_of_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    kinds: &[ThreadKind],
    filter: CommentFilter,
) -> Result<u64> {
    let query = ask
        .query(
            "SELECT COUNT(*) FROM comments c JOIN threads t ON t.id = c.thread_id WHERE t.repository_id = $1 AND t.kind",
        )
        .bind(repository)
        .is_one_of(kinds.iter().copied());
    narrow(query, filter).fetch_count().await
}

fn narrow(query: Query<'_>, filter: CommentFilter) -> Query<'_> {
    query.and("c.updated_at >=", filter.since).and("c.updated_at <=", filter.before)
}

/// `false` if the comment was edited since `version`: then nothing is changed.
pub async fn update(
    writer: &mut Writer,
    id: CommentId,
    version: i64,
    body: &str,
    now: Timestamp,
) -> Result<bool> {
    let rows = writer
        .query(
            "UPDATE comments SET body = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2",
        )
        .bind(id)
        .bind(version)
        .bind(body)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// `false` if it was already gone.
pub async fn delete(writer: &mut Writer, id: CommentId) -> Result<bool> {
    Ok(writer.query("DELETE FROM comments WHERE id = $1").bind(id).execute().await? == 1)
}
