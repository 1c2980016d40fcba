//! Public SSH keys; each belongs to one person only.

use hearth_core::{Change, SshKeyId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SshKey {
    pub id: SshKeyId,
    pub user_id: UserId,
    pub title: String,
    /// One line, `ssh-ed25519 AAAA…`, as formatted by Hearth and not as entered by its owner.
    pub public_key: String,
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    pub last_used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewSshKey {
    pub user_id: UserId,
    pub title: String,
    pub public_key: String,
    pub fingerprint: String,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, user_id, title, public_key, fingerprint, last_used_at, created_at";

/// Fails with [`crate::Error::Taken`] if somebody already has this key.
pub async fn insert(writer: &mut Writer, new: &NewSshKey) -> Result<SshKey> {
    writer
        .query(
            "INSERT INTO ssh_keys (user_id, title, public_key, fingerprint, created_at) \
             VALUES ($1, $2, $3, $4, $5) RETURNING ",
        )
        .push(COLUMNS)
        .bind(new.user_id)
        .bind(new.title.clone())
        .bind(new.public_key.clone())
        .bind(new.fingerprint.clone())
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Finds a key of this person only.
pub async fn find(ask: &mut impl Ask, user: UserId, id: SshKeyId) -> Result<Option<SshKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM ssh_keys WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .fetch_optional()
        .await
}

/// Finds a key of anybody.
pub async fn find_any(ask: &mut impl Ask, id: SshKeyId) -> Result<Option<SshKey>> {
    ask.query("SELECT ").push(COLUMNS).push(" FROM ssh_keys WHERE id = $1").bind(id).fetch_optional().await
}

pub async fn find_by_fingerprint(ask: &mut impl Ask, fingerprint: &str) -> Result<Option<SshKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM ssh_keys WHERE fingerprint = $1")
        .bind(fingerprint)
        .fetch_optional()
        .await
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, user: UserId) -> Result<Vec<SshKey>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM ssh_keys WHERE user_id = $1 ORDER BY id DESC")
        .bind(user)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM ssh_keys WHERE user_id = $1").bind(user).fetch_count().await
}

/// Whether the person has a key.
pub async fn has_any(ask: &mut impl Ask, user: UserId) -> Result<bool> {
    let first = "SELECT COUNT(*) FROM (SELECT 1 FROM ssh_keys WHERE user_id = $1 LIMIT 1) AS found";
    Ok(ask.query(first).bind(user).fetch_count().await? > 0)
}

pub async fn touch(writer: &mut Writer, id: SshKeyId, now: Timestamp) -> Result<()> {
    writer.query("UPDATE ssh_keys SET last_used_at = $2 WHERE id = $1").bind(id).bind(now).execute().await?;
    Ok(())
}

/// `false` if the person has no such key.
pub async fn delete(writer: &mut Writer, user: UserId, id: SshKeyId) -> Result<bool> {
    writer.changed(Change::Keys);
    let rows = writer
        .query("DELETE FROM ssh_keys WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}
