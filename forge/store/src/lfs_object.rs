//! Which repository holds which LFS object. A row is only created when somebody with access to the repository
//! uploads it.

use hearth_core::{RepositoryId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LfsObject {
    pub repository_id: RepositoryId,
    /// SHA-256 in lowercase hex.
    pub oid: String,
    pub size_bytes: i64,
    pub created_at: Timestamp,
}

/// Storing an existing row has no effect.
pub async fn insert(writer: &mut Writer, object: &LfsObject) -> Result<()> {
    writer
        .query(
            "INSERT INTO lfs_objects (repository_id, oid, size_bytes, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id, oid) DO NOTHING",
        )
        .bind(object.repository_id)
        .bind(object.oid.clone())
        .bind(object.size_bytes)
        .bind(object.created_at)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, repository: RepositoryId, oid: &str) -> Result<Option<LfsObject>> {
    ask.query(
        "SELECT repository_id, oid, size_bytes, created_at FROM lfs_objects WHERE repository_id = $1 AND oid = $2",
    )
    .bind(repository)
    .bind(oid)
    .fetch_optional()
    .await
}

/// Those of the given objects that the repository holds, in no order.
pub async fn find_all(
    ask: &mut impl Ask,
    repository: RepositoryId,
    oids: &[String],
) -> Result<Vec<LfsObject>> {
    ask.query(
        "SELECT repository_id, oid, size_bytes, created_at FROM lfs_objects WHERE repository_id = $1 AND oid",
    )
    .bind(repository)
    .is_any_of(oids)
    .fetch_all()
    .await
}

/// The total size of a repository's objects.
pub async fn total_bytes(ask: &mut impl Ask, repository: RepositoryId) -> Result<i64> {
    let (bytes,): (i64,) = ask
        .query(
            "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM lfs_objects WHERE repository_id = $1",
        )
        .bind(repository)
        .fetch_one()
        .await?;
    Ok(bytes)
}
