//! OpenPGP keys of people. A key counts once its owner has proven that they have it.

use hearth_core::{Change, GpgKeyId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct GpgKey {
    pub id: GpgKeyId,
    pub user_id: UserId,
    /// Of the primary key, in hexadecimal digits.
    pub fingerprint: String,
    /// Armoured.
    pub certificate: String,
    pub is_proven: bool,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewGpgKey {
    pub user_id: UserId,
    pub fingerprint: String,
    pub certificate: String,
    /// The 16 digits of each key in it that may sign, each once.
    pub signing_key_ids: Vec<String>,
    pub is_proven: bool,
    pub created_at: Timestamp,
}

const SELECT: &str =
    "SELECT k.id, k.user_id, k.fingerprint, k.certificate, k.is_proven, k.created_at FROM gpg_keys k ";

/// Fails with [`crate::Error::Taken`] if the person has this key, or if it is proven and somebody else's.
pub async fn insert(writer: &mut Writer, new: &NewGpgKey) -> Result<GpgKey> {
    writer.changed(Change::Keys);
    let key: GpgKey = writer
        .query(
            "INSERT INTO gpg_keys (user_id, fingerprint, certificate, is_proven, created_at) VALUES ($1, $2, $3, $4, $5) \
             RETURNING id, user_id, fingerprint, certificate, is_proven, created_at",
        )
        .bind(new.user_id)
        .bind(new.fingerprint.clone())
        .bind(new.certificate.clone())
        .bind(new.is_proven)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    for key_id in &new.signing_key_ids {
        writer
            .query("INSERT INTO gpg_signing_keys (gpg_key_id, key_id) VALUES ($1, $2)")
            .bind(key.id)
            .bind(key_id.clone())
            .execute()
            .await?;
    }
    Ok(key)
}

/// Finds a key of this person only.
pub async fn find(ask: &mut impl Ask, user: UserId, id: GpgKeyId) -> Result<Option<GpgKey>> {
    ask.query(SELECT).push("WHERE k.id = $1 AND k.user_id = $2").bind(id).bind(user).fetch_optional().await
}

/// Finds a key of this person by the fingerprint of its primary key.
pub async fn find_by_fingerprint(
    ask: &mut impl Ask,
    user: UserId,
    fingerprint: &str,
) -> Result<Option<GpgKey>> {
    ask.query(SELECT)
        .push("WHERE k.user_id = $1 AND k.fingerprint = $2")
        .bind(user)
        .bind(fingerprint)
        .fetch_optional()
        .await
}

/// The key of this fingerprint that its owner has proven to have.
pub async fn find_proven(ask: &mut impl Ask, fingerprint: &str) -> Result<Option<GpgKey>> {
    ask.query(SELECT)
        .push("WHERE k.fingerprint = $1 AND k.is_proven = $2")
        .bind(fingerprint)
        .bind(true)
        .fetch_optional()
        .await
}

/// Proven keys in which a key of this id may sign, the oldest first. Ids are short, so there may be several.
pub async fn list_signing(ask: &mut impl Ask, key_id: &str, most: u32) -> Result<Vec<GpgKey>> {
    ask.query(SELECT)
        .push("JOIN gpg_signing_keys s ON s.gpg_key_id = k.id WHERE s.key_id = $1 AND k.is_proven = $2 ORDER BY k.id LIMIT $3")
        .bind(key_id)
        .bind(true)
        .bind(i64::from(most))
        .fetch_all()
        .await
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, user: UserId) -> Result<Vec<GpgKey>> {
    ask.query(SELECT).push("WHERE k.user_id = $1 ORDER BY k.id DESC").bind(user).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM gpg_keys WHERE user_id = $1").bind(user).fetch_count().await
}

/// The owner has proven to have the key. Fails with [`crate::Error::Taken`] if somebody else has as well.
pub async fn set_proven(writer: &mut Writer, id: GpgKeyId) -> Result<()> {
    writer.changed(Change::Keys);
    writer.query("UPDATE gpg_keys SET is_proven = $2 WHERE id = $1").bind(id).bind(true).execute().await?;
    Ok(())
}

/// `false` if the person has no such key.
pub async fn delete(writer: &mut Writer, user: UserId, id: GpgKeyId) -> Result<bool> {
    writer.changed(Change::Keys);
    let rows = writer
        .query("DELETE FROM gpg_keys WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}
