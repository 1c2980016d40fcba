//! Public SSH keys of machines. Each reaches one repository, and belongs to it rather than to a person.

use hearth_core::{Change, DeployKeyId, RepositoryId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DeployKey {
    pub id: DeployKeyId,
    pub repository_id: RepositoryId,
    pub title: String,
    /// One line, `ssh-ed25519 AAAA…`, as formatted by Hearth.
    pub public_key: String,
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// Whether it may push.
    pub may_write: bool,
    /// None: the account is gone.
    pub added_by: Option<UserId>,
    pub last_used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewDeployKey {
    pub repository_id: RepositoryId,
    pub title: String,
    pub public_key: String,
    pub fingerprint: String,
    pub may_write: bool,
    pub added_by: Option<UserId>,
    pub created_at: Timestamp,
}

const COLUMNS: &str =
    "id, repository_id, title, public_key, fingerprint, may_write, added_by, last_used_at, created_at";

/// Fails with [`crate::Error::Taken`] if a repository already has this key.
pub async fn insert(writer: &mut Writer, new: &NewDeployKey) -> Result<DeployKey> {
    writer
        .query(
            "INSERT INTO deploy_keys (repository_id, title, public_key, fingerprint, may_write, added_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
        )
        .push(COLUMNS)
        .bind(new.repository_id)
        .bind(new.title.clone())
        .bind(new.public_key.clone())
        .bind(new.fingerprint.clone())
        .bind(new.may_write)
        .bind(new.added_by)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Finds a key of this repository only.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    id: DeployKeyId,
) -> Result<Option<DeployKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM deploy_keys WHERE id = $1 AND repository_id = $2")
        .bind(id)
        .bind(repository)
        .fetch_optional()
        .await
}

/// Finds a key of any repository.
pub async fn find_any(ask: &mut impl Ask, id: DeployKeyId) -> Result<Option<DeployKey>> {
    ask.query("SELECT ").push(COLUMNS).push(" FROM deploy_keys WHERE id = $1").bind(id).fetch_optional().await
}

pub async fn find_by_fingerprint(ask: &mut impl Ask, fingerprint: &str) -> Result<Option<DeployKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM deploy_keys WHERE fingerprint = $1")
        .bind(fingerprint)
        .fetch_optional()
        .await
}

/// Newest first. They are few, see `limits.deploy_keys`.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<DeployKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM deploy_keys WHERE repository_id = $1 ORDER BY id DESC")
        .bind(repository)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM deploy_keys WHERE repository_id = $1")
        .bind(repository)
        .fetch_count()
        .await
}

pub async fn touch(writer: &mut Writer, id: DeployKeyId, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE deploy_keys SET last_used_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// `false` if the repository has no such key.
pub async fn delete(writer: &mut Writer, repository: RepositoryId, id: DeployKeyId) -> Result<bool> {
    writer.changed(Change::Keys);
    writer
        .query("DELETE FROM deploy_keys WHERE id = $1 AND repository_id = $2")
        .bind(id)
        .bind(repository)
        .execute_on_one()
        .await
}
