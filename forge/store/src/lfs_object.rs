//! Which repository holds which LFS object. A row is only created when somebody with access to the repository
//! uploads it.

use hearth_core::{OwnerId, RepositoryId, Timestamp};
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

/// Stores a row, or notes that an existing one is needed now.
pub async fn insert(writer: &mut Writer, object: &LfsObject, now: Timestamp) -> Result<()> {
    writer
        .query(
            "INSERT INTO lfs_objects (repository_id, oid, size_bytes, created_at, needed_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (repository_id, oid) DO UPDATE SET needed_at = $5",
        )
        .bind(object.repository_id)
        .bind(object.oid.clone())
        .bind(object.size_bytes)
        .bind(object.created_at)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Notes that these objects are needed now, and returns those that the repository still holds. From then on nothing
/// removes their rows for as long as an unneeded object is kept.
pub async fn need(
    writer: &mut Writer,
    repository: RepositoryId,
    oids: &[String],
    now: Timestamp,
) -> Result<Vec<String>> {
    let held: Vec<(String,)> = writer
        .query("UPDATE lfs_objects SET needed_at = ")
        .push_bind(now)
        .push(" WHERE repository_id = ")
        .push_bind(repository)
        .push(" AND oid")
        .is_any_of(oids)
        .push(" RETURNING oid")
        .fetch_all()
        .await?;
    Ok(held.into_iter().map(|(oid,)| oid).collect())
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

/// Gives a fork all objects of the repository that it was made from, which is locked so that none of them is removed
/// meanwhile.
pub async fn copy_all(
    writer: &mut Writer,
    from: RepositoryId,
    to: RepositoryId,
    now: Timestamp,
) -> Result<()> {
    writer.lock_row("repositories", from.0).await?;
    writer
        .query(
            "INSERT INTO lfs_objects (repository_id, oid, size_bytes, created_at, needed_at) \
             SELECT $2, o.oid, o.size_bytes, o.created_at, $3 FROM lfs_objects o WHERE o.repository_id = $1 \
             ON CONFLICT (repository_id, oid) DO NOTHING",
        )
        .bind(from)
        .bind(to)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Repositories after this one, in order, that hold an object which nobody is known to have needed since a time.
pub async fn list_repositories_unneeded_since(
    ask: &mut impl Ask,
    since: Timestamp,
    after: RepositoryId,
    most: u64,
) -> Result<Vec<RepositoryId>> {
    let found: Vec<(RepositoryId,)> = ask
        .query(
            "SELECT DISTINCT repository_id FROM lfs_objects WHERE needed_at < $1 AND repository_id > $2 \
             ORDER BY repository_id",
        )
        .bind(since)
        .bind(after)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Objects of a repository that nobody is known to have needed since a time, the longest unneeded first.
pub async fn list_unneeded_since(
    ask: &mut impl Ask,
    repository: RepositoryId,
    since: Timestamp,
    most: u64,
) -> Result<Vec<String>> {
    let found: Vec<(String,)> = ask
        .query(
            "SELECT oid FROM lfs_objects WHERE repository_id = $1 AND needed_at < $2 ORDER BY needed_at, oid",
        )
        .bind(repository)
        .bind(since)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(found.into_iter().map(|(oid,)| oid).collect())
}

/// Deletes those of the objects that nobody needed since a time, by now. Returns what they were.
pub async fn delete_unneeded_since(
    writer: &mut Writer,
    repository: RepositoryId,
    oids: &[String],
    since: Timestamp,
) -> Result<Vec<LfsObject>> {
    writer
        .query("DELETE FROM lfs_objects WHERE repository_id = ")
        .push_bind(repository)
        .push(" AND needed_at < ")
        .push_bind(since)
        .push(" AND oid")
        .is_any_of(oids)
        .push(" RETURNING repository_id, oid, size_bytes, created_at")
        .fetch_all()
        .await
}

/// The bytes of all objects that an owner's repositories hold or are being sent, each object counted once.
pub async fn bytes_of_owner(ask: &mut impl Ask, owner: OwnerId) -> Result<u64> {
    let (bytes,): (i64,) = ask
        .query(
            "SELECT CAST(COALESCE(SUM(each.size_bytes), 0) AS BIGINT) FROM (\
             SELECT held.oid, MAX(held.size_bytes) AS size_bytes FROM (\
             SELECT o.oid, o.size_bytes FROM lfs_objects o JOIN repositories r ON r.id = o.repository_id WHERE r.owner_id = $1 \
             UNION SELECT u.oid, u.size_bytes FROM lfs_uploads u JOIN repositories r ON r.id = u.repository_id \
             WHERE r.owner_id = $1) held GROUP BY held.oid) each",
        )
        .bind(owner)
        .fetch_one()
        .await?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// Those of the objects that already count for an owner.
pub async fn filter_of_owner(ask: &mut impl Ask, owner: OwnerId, oids: &[String]) -> Result<Vec<String>> {
    let found: Vec<(String,)> = ask
        .query("SELECT o.oid FROM lfs_objects o JOIN repositories r ON r.id = o.repository_id WHERE r.owner_id = ")
        .push_bind(owner)
        .push(" AND o.oid")
        .is_any_of(oids)
        .push(" UNION SELECT u.oid FROM lfs_uploads u JOIN repositories r ON r.id = u.repository_id WHERE r.owner_id = ")
        .push_bind(owner)
        .push(" AND u.oid")
        .is_any_of(oids)
        .fetch_all()
        .await?;
    Ok(found.into_iter().map(|(oid,)| oid).collect())
}
