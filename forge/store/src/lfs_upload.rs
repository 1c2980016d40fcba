//! LFS objects that have not arrived completely, in pieces. Each piece is an object of the blob store.

use hearth_core::{RepositoryId, Timestamp};
use sqlx::FromRow;

pub use crate::release_upload::Piece;
use crate::{Ask, Result, Writer};

/// An upload belongs to the repository: whoever may push there can go on with it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LfsUpload {
    pub id: i64,
    pub repository_id: RepositoryId,
    /// SHA-256 in lowercase hex, as declared.
    pub oid: String,
    /// As declared.
    pub size_bytes: i64,
    /// Every piece but the last has this size, and they come in any order. 0: each begins where the one before it ended.
    pub part_bytes: i64,
    /// How much has arrived.
    pub received_bytes: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT id, repository_id, oid, size_bytes, part_bytes, received_bytes, created_at, updated_at \
    FROM lfs_uploads";

/// Begins an upload, unless one of the same object has begun.
pub async fn insert(
    writer: &mut Writer,
    repository: RepositoryId,
    oid: &str,
    size_bytes: i64,
    part_bytes: i64,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "INSERT INTO lfs_uploads (repository_id, oid, size_bytes, part_bytes, received_bytes, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 0, $5, $5) ON CONFLICT (repository_id, oid) DO NOTHING",
        )
        .bind(repository)
        .bind(oid)
        .bind(size_bytes)
        .bind(part_bytes)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, repository: RepositoryId, oid: &str) -> Result<Option<LfsUpload>> {
    ask.query(SELECT)
        .push(" WHERE repository_id = $1 AND oid = $2")
        .bind(repository)
        .bind(oid)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, repository: RepositoryId, oid: &str) -> Result<Option<LfsUpload>> {
    let Some(found) = find(writer, repository, oid).await? else { return Ok(None) };
    writer.lock_row("lfs_uploads", found.id).await?;
    find(writer, repository, oid).await
}

/// Adds a piece. The upload must be locked, and have no piece that begins there.
pub async fn append(writer: &mut Writer, upload: &LfsUpload, piece: &Piece, now: Timestamp) -> Result<()> {
    writer
        .query(
            "INSERT INTO lfs_upload_pieces (upload_id, offset_bytes, size_bytes, sha256) VALUES ($1, $2, $3, $4)",
        )
        .bind(upload.id)
        .bind(piece.offset_bytes)
        .bind(piece.size_bytes)
        .bind(piece.sha256.clone())
        .execute()
        .await?;
    writer
        .query("UPDATE lfs_uploads SET received_bytes = received_bytes + $2, updated_at = $3 WHERE id = $1")
        .bind(upload.id)
        .bind(piece.size_bytes)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Puts other bytes of the same size in the place of a piece. The upload must be locked.
pub async fn replace(writer: &mut Writer, upload: &LfsUpload, piece: &Piece, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE lfs_upload_pieces SET sha256 = $3 WHERE upload_id = $1 AND offset_bytes = $2")
        .bind(upload.id)
        .bind(piece.offset_bytes)
        .bind(piece.sha256.clone())
        .execute()
        .await?;
    writer
        .query("UPDATE lfs_uploads SET updated_at = $2 WHERE id = $1")
        .bind(upload.id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// The piece that begins there, if it has arrived.
pub async fn find_piece(ask: &mut impl Ask, upload: &LfsUpload, offset_bytes: i64) -> Result<Option<Piece>> {
    ask.query(
        "SELECT offset_bytes, size_bytes, sha256 FROM lfs_upload_pieces WHERE upload_id = $1 AND offset_bytes = $2",
    )
    .bind(upload.id)
    .bind(offset_bytes)
    .fetch_optional()
    .await
}

/// In order; together they are what has arrived.
pub async fn pieces(ask: &mut impl Ask, upload: &LfsUpload) -> Result<Vec<Piece>> {
    ask.query(
        "SELECT offset_bytes, size_bytes, sha256 FROM lfs_upload_pieces WHERE upload_id = $1 ORDER BY offset_bytes",
    )
    .bind(upload.id)
    .fetch_all()
    .await
}

pub async fn count_pieces(ask: &mut impl Ask, upload: &LfsUpload) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM lfs_upload_pieces WHERE upload_id = $1")
        .bind(upload.id)
        .fetch_count()
        .await
}

/// `false` if there was none.
pub async fn delete(writer: &mut Writer, repository: RepositoryId, oid: &str) -> Result<bool> {
    writer
        .query("DELETE FROM lfs_uploads WHERE repository_id = $1 AND oid = $2")
        .bind(repository)
        .bind(oid)
        .execute_on_one()
        .await
}

/// Deletes uploads to which nothing was added since a time, and returns how many.
pub async fn delete_idle_since(writer: &mut Writer, since: Timestamp) -> Result<u64> {
    writer.query("DELETE FROM lfs_uploads WHERE updated_at < $1").bind(since).execute().await
}
