//! Files attached to texts. The contents are in the blob store; a row says who uploaded them and where they
//! belong.

use hearth_core::{AttachmentId, CommentId, RepositoryId, ThreadId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Attachment {
    pub id: AttachmentId,
    /// Its unguessable name in URLs.
    pub uuid: String,
    pub repository_id: RepositoryId,
    pub uploader_id: UserId,
    pub uploader: UserName,
    /// None: it is not attached to a text yet.
    pub thread_id: Option<ThreadId>,
    /// None: it belongs to the thread's own text.
    pub comment_id: Option<CommentId>,
    pub name: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    pub uuid: String,
    pub repository_id: RepositoryId,
    pub uploader_id: UserId,
    pub name: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub created_at: Timestamp,
}

/// The text that an attachment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub thread_id: ThreadId,
    /// None: the thread's own text.
    pub comment_id: Option<CommentId>,
}

impl Place {
    fn narrow(self, query: Query<'_>) -> Query<'_> {
        let query = query.push(" thread_id = ").push_bind(self.thread_id);
        match self.comment_id {
            Some(comment) => query.push(" AND comment_id = ").push_bind(comment),
            None => query.push(" AND comment_id IS NULL"),
        }
    }
}

const SELECT: &str = "SELECT f.id, f.uuid, f.repository_id, f.uploader_id, u.name AS uploader, f.thread_id, f.comment_id, f.name, \
    f.size_bytes, f.sha256, f.created_at FROM attachments f JOIN owners u ON u.id = f.uploader_id";

/// Stores an upload that is not attached to a text yet.
pub async fn insert(writer: &mut Writer, new: &NewAttachment) -> Result<Attachment> {
    let (id,): (AttachmentId,) = writer
        .query(
            "INSERT INTO attachments (uuid, repository_id, uploader_id, name, size_bytes, sha256, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(new.uuid.clone())
        .bind(new.repository_id)
        .bind(new.uploader_id)
        .bind(new.name.clone())
        .bind(new.size_bytes)
        .bind(new.sha256.clone())
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE f.id = $1").bind(id).fetch_one().await
}

/// Only finds attachments of this repository: a UUID alone gives no access.
pub async fn find_by_uuid(
    ask: &mut impl Ask,
    repository: RepositoryId,
    uuid: &str,
) -> Result<Option<Attachment>> {
    ask.query(SELECT)
        .push(" WHERE f.repository_id = $1 AND f.uuid = $2")
        .bind(repository)
        .bind(uuid)
        .fetch_optional()
        .await
}

/// An attachment of one text.
pub async fn find(ask: &mut impl Ask, place: Place, id: AttachmentId) -> Result<Option<Attachment>> {
    let query = ask.query(SELECT).push(" WHERE");
    place.narrow(query).and("f.id =", Some(id)).fetch_optional().await
}

/// The attachments of one text, oldest first.
pub async fn list(ask: &mut impl Ask, place: Place) -> Result<Vec<Attachment>> {
    place.narrow(ask.query(SELECT).push(" WHERE")).push(" ORDER BY f.id").fetch_all().await
}

pub async fn count(ask: &mut impl Ask, place: Place) -> Result<u64> {
    place.narrow(ask.query("SELECT COUNT(*) FROM attachments WHERE")).fetch_count().await
}

/// The attachments of the threads' own texts, oldest first.
pub async fn list_of_threads(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<Attachment>> {
    ask.query(SELECT)
        .push(" WHERE f.comment_id IS NULL AND f.thread_id")
        .is_any_of(threads)
        .push(" ORDER BY f.id")
        .fetch_all()
        .await
}

/// The attachments of several comments, oldest first.
pub async fn list_of_comments(ask: &mut impl Ask, comments: &[i64]) -> Result<Vec<Attachment>> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(SELECT).push(" WHERE f.comment_id").is_any_of(comments).push(" ORDER BY f.id").fetch_all().await
}

/// Attaches to a text those of these uploads that are not attached yet, and returns which.
pub async fn place(
    writer: &mut Writer,
    (repository, uploader): (RepositoryId, UserId),
    uuids: &[String],
    place: Place,
) -> Result<Vec<AttachmentId>> {
    let rows: Vec<(AttachmentId,)> = writer
        .query(
            "UPDATE attachments SET thread_id = $3, comment_id = $4 \
             WHERE repository_id = $1 AND uploader_id = $2 AND thread_id IS NULL AND uuid",
        )
        .bind(repository)
        .bind(uploader)
        .bind(place.thread_id)
        .bind(place.comment_id)
        .is_any_of(uuids)
        .push(" RETURNING id")
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn rename(writer: &mut Writer, id: AttachmentId, name: &str) -> Result<bool> {
    writer.query("UPDATE attachments SET name = $2 WHERE id = $1").bind(id).bind(name).execute_on_one().await
}

/// `false` if it was already gone. The blob stays until nothing refers to it.
pub async fn delete(writer: &mut Writer, id: AttachmentId) -> Result<bool> {
    writer.query("DELETE FROM attachments WHERE id = $1").bind(id).execute_on_one().await
}

/// How many uploads of a person are not attached to a text.
pub async fn count_waiting(ask: &mut impl Ask, uploader: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM attachments WHERE uploader_id = $1 AND thread_id IS NULL")
        .bind(uploader)
        .fetch_count()
        .await
}

/// Deletes uploads from before a time that were never attached, and returns how many.
pub async fn delete_waiting_before(writer: &mut Writer, before: Timestamp) -> Result<u64> {
    writer
        .query("DELETE FROM attachments WHERE thread_id IS NULL AND created_at < $1")
        .bind(before)
        .execute()
        .await
}

/// The total size of a repository's attachments.
pub async fn total_bytes(ask: &mut impl Ask, repository: RepositoryId) -> Result<i64> {
    let (bytes,): (i64,) = ask
        .query(
            "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM attachments WHERE repository_id = $1",
        )
        .bind(repository)
        .fetch_one()
        .await?;
    Ok(bytes)
}
