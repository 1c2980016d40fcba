//! Advisory locks on LFS files. The server does not reject pushes because of them; the client does that.

use hearth_core::{PageRequest, RepositoryId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LfsLock {
    pub id: i64,
    pub path: String,
    pub owner_id: UserId,
    /// The lock owner's current name.
    pub owner: UserName,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT l.id, l.path, l.owner_id, u.name AS owner, l.created_at FROM lfs_locks l \
    JOIN owners u ON u.id = l.owner_id WHERE l.repository_id = $1";

/// Fails with [`crate::Error::Taken`] if the path is locked.
pub async fn insert(
    writer: &mut Writer,
    repository: RepositoryId,
    path: &str,
    owner: UserId,
    now: Timestamp,
) -> Result<()> {
    writer
        .query("INSERT INTO lfs_locks (repository_id, path, owner_id, created_at) VALUES ($1, $2, $3, $4)")
        .bind(repository)
        .bind(path)
        .bind(owner)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn find_by_path(
    ask: &mut impl Ask,
    repository: RepositoryId,
    path: &str,
) -> Result<Option<LfsLock>> {
    ask.query(SELECT).push(" AND l.path = $2").bind(repository).bind(path).fetch_optional().await
}

pub async fn find(ask: &mut impl Ask, repository: RepositoryId, id: i64) -> Result<Option<LfsLock>> {
    ask.query(SELECT).push(" AND l.id = $2").bind(repository).bind(id).fetch_optional().await
}

/// Oldest first.
pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    request: PageRequest,
) -> Result<Vec<LfsLock>> {
    ask.query(SELECT).bind(repository).push(" ORDER BY l.id").page(request).fetch_all().await
}

pub async fn delete(writer: &mut Writer, repository: RepositoryId, id: i64) -> Result<()> {
    writer
        .query("DELETE FROM lfs_locks WHERE repository_id = $1 AND id = $2")
        .bind(repository)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}
