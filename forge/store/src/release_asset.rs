//! Files of releases. The bytes are in the blob store; a row says where they belong and what they are called.

use hearth_core::{AssetId, ReleaseId, RepositoryId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Asset {
    pub id: AssetId,
    pub release_id: ReleaseId,
    /// Its name for programs that know Gitea's attachments.
    pub uuid: String,
    pub name: String,
    pub size_bytes: i64,
    pub sha256: String,
    /// None: the account is gone.
    pub uploader: Option<UserName>,
    pub downloads: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAsset {
    pub release_id: ReleaseId,
    pub uuid: String,
    pub name: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub uploader_id: UserId,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT a.id, a.release_id, a.uuid, a.name, a.size_bytes, a.sha256, u.name AS uploader, a.downloads, a.created_at \
    FROM release_assets a LEFT JOIN owners u ON u.id = a.uploader_id";

/// Fails with [`crate::Error::Taken`] if the release has a file of this name.
pub async fn insert(writer: &mut Writer, new: &NewAsset) -> Result<Asset> {
    let (id,): (AssetId,) = writer
        .query(
            "INSERT INTO release_assets (release_id, uuid, name, size_bytes, sha256, uploader_id, downloads, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7) RETURNING id",
        )
        .bind(new.release_id)
        .bind(new.uuid.clone())
        .bind(new.name.clone())
        .bind(new.size_bytes)
        .bind(new.sha256.clone())
        .bind(new.uploader_id)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE a.id = $1").bind(id).fetch_one().await
}

/// Fails with [`crate::Error::Taken`] as [`insert`] does.
pub async fn rename(writer: &mut Writer, id: AssetId, name: &str) -> Result<bool> {
    writer
        .query("UPDATE release_assets SET name = $2 WHERE id = $1")
        .bind(id)
        .bind(name)
        .execute_on_one()
        .await
}

/// `false` if it was already gone. The blob stays until nothing refers to it.
pub async fn delete(writer: &mut Writer, id: AssetId) -> Result<bool> {
    writer.query("DELETE FROM release_assets WHERE id = $1").bind(id).execute_on_one().await
}

pub async fn find(ask: &mut impl Ask, release: ReleaseId, id: AssetId) -> Result<Option<Asset>> {
    ask.query(SELECT)
        .push(" WHERE a.release_id = $1 AND a.id = $2")
        .bind(release)
        .bind(id)
        .fetch_optional()
        .await
}

pub async fn find_by_name(ask: &mut impl Ask, release: ReleaseId, name: &str) -> Result<Option<Asset>> {
    ask.query(SELECT)
        .push(" WHERE a.release_id = $1 AND a.name = $2")
        .bind(release)
        .bind(name)
        .fetch_optional()
        .await
}

/// The files of several releases by name.
pub async fn list(ask: &mut impl Ask, releases: &[ReleaseId]) -> Result<Vec<Asset>> {
    ask.query(SELECT)
        .push(" WHERE a.release_id")
        .is_any_of(releases)
        .push(" ORDER BY a.name, a.id")
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, release: ReleaseId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM release_assets WHERE release_id = $1").bind(release).fetch_count().await
}

/// One more download has begun.
pub async fn note_download(writer: &mut Writer, id: AssetId) -> Result<()> {
    writer
        .query("UPDATE release_assets SET downloads = downloads + 1 WHERE id = $1")
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

/// The total size of the files of a repository's releases, with what unfinished uploads have declared.
pub async fn total_bytes(ask: &mut impl Ask, repository: RepositoryId) -> Result<i64> {
    let (bytes,): (i64,) = ask
        .query(
            "SELECT CAST(COALESCE((SELECT SUM(a.size_bytes) FROM release_assets a JOIN releases e ON e.id = a.release_id \
             WHERE e.repository_id = $1), 0) + COALESCE((SELECT SUM(p.size_bytes) FROM release_uploads p \
             JOIN releases e ON e.id = p.release_id WHERE e.repository_id = $1), 0) AS BIGINT)",
        )
        .bind(repository)
        .fetch_one()
        .await?;
    Ok(bytes)
}
