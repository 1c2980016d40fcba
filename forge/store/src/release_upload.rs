//! Files of releases that have not arrived completely, in pieces. Each piece is an object of the blob store.

use hearth_core::{ReleaseId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Upload {
    pub id: i64,
    pub release_id: ReleaseId,
    /// Its unguessable name in addresses.
    pub uuid: String,
    pub uploader_id: UserId,
    pub name: String,
    /// As declared.
    pub size_bytes: i64,
    /// As declared; none: it was not.
    pub sha256: Option<String>,
    /// How much has arrived: the next piece begins here.
    pub received_bytes: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpload {
    pub release_id: ReleaseId,
    pub uuid: String,
    pub uploader_id: UserId,
    pub name: String,
    pub size_bytes: i64,
    pub sha256: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Piece {
    pub offset_bytes: i64,
    pub size_bytes: i64,
    pub sha256: String,
}

const SELECT: &str = "SELECT p.id, p.release_id, p.uuid, p.uploader_id, p.name, p.size_bytes, p.sha256, p.received_bytes, \
    p.created_at, p.updated_at FROM release_uploads p";

pub async fn insert(writer: &mut Writer, new: &NewUpload) -> Result<Upload> {
    let (id,): (i64,) = writer
        .query(
            "INSERT INTO release_uploads (release_id, uuid, uploader_id, name, size_bytes, sha256, received_bytes, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7) RETURNING id",
        )
        .bind(new.release_id)
        .bind(new.uuid.clone())
        .bind(new.uploader_id)
        .bind(new.name.clone())
        .bind(new.size_bytes)
        .bind(new.sha256.clone())
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE p.id = $1").bind(id).fetch_one().await
}

/// The uploads of a person to one release are found by their name in addresses.
pub async fn find(
    ask: &mut impl Ask,
    release: ReleaseId,
    uploader: UserId,
    uuid: &str,
) -> Result<Option<Upload>> {
    ask.query(SELECT)
        .push(" WHERE p.release_id = $1 AND p.uploader_id = $2 AND p.uuid = $3")
        .bind(release)
        .bind(uploader)
        .bind(uuid)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(
    writer: &mut Writer,
    release: ReleaseId,
    uploader: UserId,
    uuid: &str,
) -> Result<Option<Upload>> {
    let Some(found) = find(writer, release, uploader, uuid).await? else { return Ok(None) };
    writer.lock_row("release_uploads", found.id).await?;
    find(writer, release, uploader, uuid).await
}

/// What a person has not finished uploading to a release, oldest first.
pub async fn list(ask: &mut impl Ask, release: ReleaseId, uploader: UserId) -> Result<Vec<Upload>> {
    ask.query(SELECT)
        .push(" WHERE p.release_id = $1 AND p.uploader_id = $2 ORDER BY p.id")
        .bind(release)
        .bind(uploader)
        .fetch_all()
        .await
}

pub async fn count_of_person(ask: &mut impl Ask, uploader: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM release_uploads WHERE uploader_id = $1")
        .bind(uploader)
        .fetch_count()
        .await
}

/// Adds a piece at the end of what has arrived. The upload must be locked.
pub async fn append(writer: &mut Writer, upload: &Upload, piece: &Piece, now: Timestamp) -> Result<()> {
    writer
        .query(
            "INSERT INTO release_upload_pieces (upload_id, offset_bytes, size_bytes, sha256) VALUES ($1, $2, $3, $4)",
        )
        .bind(upload.id)
        .bind(piece.offset_bytes)
        .bind(piece.size_bytes)
        .bind(piece.sha256.clone())
        .execute()
        .await?;
    writer
        .query(
            "UPDATE release_uploads SET received_bytes = received_bytes + $2, updated_at = $3 WHERE id = $1",
        )
        .bind(upload.id)
        .bind(piece.size_bytes)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// In order; together they are what has arrived.
pub async fn pieces(ask: &mut impl Ask, upload: &Upload) -> Result<Vec<Piece>> {
    ask.query(
        "SELECT offset_bytes, size_bytes, sha256 FROM release_upload_pieces WHERE upload_id = $1 ORDER BY offset_bytes",
    )
    .bind(upload.id)
    .fetch_all()
    .await
}

pub async fn count_pieces(ask: &mut impl Ask, upload: &Upload) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM release_upload_pieces WHERE upload_id = $1")
        .bind(upload.id)
        .fetch_count()
        .await
}

/// `false` if it was already gone.
pub async fn delete(writer: &mut Writer, upload: &Upload) -> Result<bool> {
    writer.query("DELETE FROM release_uploads WHERE id = $1").bind(upload.id).execute_on_one().await
}

/// Deletes uploads to which nothing was added since a time, and returns how many.
pub async fn delete_idle_since(writer: &mut Writer, since: Timestamp) -> Result<u64> {
    writer.query("DELETE FROM release_uploads WHERE updated_at < $1").bind(since).execute().await
}
