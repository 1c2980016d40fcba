//! Pushes: which references were updated, and by whom. Compared with the repositories after a crash.

use hearth_core::{PageRequest, RepositoryId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Push {
    pub id: i64,
    pub repository_id: RepositoryId,
    /// None: it was found after a crash, or the account is gone.
    pub pusher_id: Option<UserId>,
    pub ref_name: String,
    /// Empty: the reference was created.
    pub old_id: String,
    /// Empty: the reference was deleted.
    pub new_id: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewPush {
    pub repository_id: RepositoryId,
    pub pusher_id: Option<UserId>,
    pub ref_name: String,
    pub old_id: String,
    pub new_id: String,
    pub created_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewPush) -> Result<()> {
    writer
        .query(
            "INSERT INTO pushes (repository_id, pusher_id, ref_name, old_id, new_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.repository_id)
        .bind(new.pusher_id)
        .bind(new.ref_name.clone())
        .bind(new.old_id.clone())
        .bind(new.new_id.clone())
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId, request: PageRequest) -> Result<Vec<Push>> {
    ask.query(
        "SELECT id, repository_id, pusher_id, ref_name, old_id, new_id, created_at FROM pushes \
         WHERE repository_id = $1 ORDER BY id DESC",
    )
    .bind(repository)
    .page(request)
    .fetch_all()
    .await
}

/// The recorded target of each reference: `(name, id)`, without deleted ones.
pub async fn list_tips(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<(String, String)>> {
    ask.query(
        "SELECT p.ref_name, p.new_id FROM pushes p WHERE p.repository_id = $1 AND p.new_id <> '' AND p.id = (\
         SELECT MAX(q.id) FROM pushes q WHERE q.repository_id = p.repository_id AND q.ref_name = p.ref_name) \
         ORDER BY p.ref_name",
    )
    .bind(repository)
    .fetch_all()
    .await
}

/// The recorded target of a reference; none: nothing is recorded. Empty: it was deleted.
pub async fn find_tip(
    ask: &mut impl Ask,
    repository: RepositoryId,
    ref_name: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = ask
        .query(
            "SELECT new_id FROM pushes WHERE repository_id = $1 AND ref_name = $2 ORDER BY id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(ref_name)
        .fetch_optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Who last pushed to a reference; none: nobody did, or nobody knows.
pub async fn find_last_pusher(
    ask: &mut impl Ask,
    repository: RepositoryId,
    ref_name: &str,
) -> Result<Option<UserId>> {
    let row: Option<(Option<UserId>,)> = ask
        .query(
            "SELECT pusher_id FROM pushes WHERE repository_id = $1 AND ref_name = $2 ORDER BY id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(ref_name)
        .fetch_optional()
        .await?;
    Ok(row.and_then(|(pusher,)| pusher))
}

/// What a reference pointed to before a push moved it to this object; none: no push did. Empty: it was created.
pub async fn find_old(
    ask: &mut impl Ask,
    repository: RepositoryId,
    ref_name: &str,
    new_id: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = ask
        .query(
            "SELECT old_id FROM pushes WHERE repository_id = $1 AND ref_name = $2 AND new_id = $3 ORDER BY id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(ref_name)
        .bind(new_id)
        .fetch_optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

/// A reference that is deleted now.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Deleted {
    pub ref_name: String,
    /// What it pointed to.
    pub old_id: String,
    /// The current name of who deleted it; none: it was found after a crash, or the account is gone.
    pub by: Option<UserName>,
    pub deleted_at: Timestamp,
}

const DELETED: &str = "SELECT p.ref_name, p.old_id, u.name AS by, p.created_at AS deleted_at FROM pushes p \
    LEFT JOIN owners u ON u.id = p.pusher_id WHERE p.repository_id = $1 AND p.new_id = '' AND p.old_id <> '' AND p.id = (\
    SELECT MAX(q.id) FROM pushes q WHERE q.repository_id = p.repository_id AND q.ref_name = p.ref_name)";

/// The references under a prefix that were deleted since a time and not made again, newest first.
pub async fn list_deleted(
    ask: &mut impl Ask,
    repository: RepositoryId,
    prefix: &str,
    since: Timestamp,
    most: u64,
) -> Result<Vec<Deleted>> {
    ask.query(DELETED)
        .push(
            " AND p.created_at >= $2 AND substr(p.ref_name, 1, CAST($3 AS INTEGER)) = $4 ORDER BY p.id DESC",
        )
        .bind(repository)
        .bind(since)
        .bind(i64::try_from(prefix.len()).unwrap_or(i64::MAX))
        .bind(prefix)
        .limit(most)
        .fetch_all()
        .await
}

/// The same for one reference.
pub async fn find_deleted(
    ask: &mut impl Ask,
    repository: RepositoryId,
    ref_name: &str,
    since: Timestamp,
) -> Result<Option<Deleted>> {
    ask.query(DELETED)
        .push(" AND p.created_at >= $2 AND p.ref_name = $3")
        .bind(repository)
        .bind(since)
        .bind(ref_name)
        .fetch_optional()
        .await
}

/// What references of a repository pointed to before they were deleted, since a time, each once.
pub async fn list_targets_deleted_since(
    ask: &mut impl Ask,
    repository: RepositoryId,
    since: Timestamp,
    most: u64,
) -> Result<Vec<String>> {
    let found: Vec<(String,)> = ask
        .query(
            "SELECT DISTINCT old_id FROM pushes WHERE repository_id = $1 AND new_id = '' AND created_at >= $2 \
             AND old_id <> '' ORDER BY old_id",
        )
        .bind(repository)
        .bind(since)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The last push to a repository; none: there was none.
pub async fn find_last_id(ask: &mut impl Ask, repository: RepositoryId) -> Result<Option<i64>> {
    let row: Option<(i64,)> = ask
        .query("SELECT id FROM pushes WHERE repository_id = $1 ORDER BY id DESC LIMIT 1")
        .bind(repository)
        .fetch_optional()
        .await?;
    Ok(row.map(|(id,)| id))
}
