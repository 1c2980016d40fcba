//! Access tokens: 40 lowercase hex characters, of which only the hash is stored.

use hearth_core::{Timestamp, TokenId, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AccessToken {
    pub id: TokenId,
    pub user_id: UserId,
    pub name: String,
    pub last_eight: String,
    /// [`hearth_core::Scopes`], separated by commas.
    pub scopes: String,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewAccessToken {
    pub user_id: UserId,
    pub name: String,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    pub last_eight: String,
    pub scopes: String,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, user_id, name, last_eight, scopes, expires_at, last_used_at, created_at";

/// Fails with [`crate::Error::Taken`] if the person already has a token of this name.
pub async fn insert(writer: &mut Writer, new: &NewAccessToken) -> Result<AccessToken> {
    writer
        .query(
            "INSERT INTO access_tokens (user_id, name, hash, last_eight, scopes, expires_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
        )
        .push(COLUMNS)
        .bind(new.user_id)
        .bind(new.name.clone())
        .bind(new.hash.clone())
        .bind(new.last_eight.clone())
        .bind(new.scopes.clone())
        .bind(new.expires_at)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// The token with this hash, unless it has expired.
pub async fn find_by_hash(ask: &mut impl Ask, hash: &str, now: Timestamp) -> Result<Option<AccessToken>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM access_tokens WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)")
        .bind(hash)
        .bind(now)
        .fetch_optional()
        .await
}

pub async fn list(ask: &mut impl Ask, user: UserId) -> Result<Vec<AccessToken>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM access_tokens WHERE user_id = $1 ORDER BY id DESC")
        .bind(user)
        .fetch_all()
        .await
}

pub async fn touch(writer: &mut Writer, id: TokenId, now: Timestamp) -> Result<()> {
    writer
        .query("UPDATE access_tokens SET last_used_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn count(ask: &mut impl Ask, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM access_tokens WHERE user_id = $1").bind(user).fetch_count().await
}

/// Revokes the person's token of this name, and returns it; none: there was none.
pub async fn delete_by_name(writer: &mut Writer, user: UserId, name: &str) -> Result<Option<AccessToken>> {
    writer
        .query("DELETE FROM access_tokens WHERE user_id = $1 AND name = $2 RETURNING ")
        .push(COLUMNS)
        .bind(user)
        .bind(name)
        .fetch_optional()
        .await
}

/// Revokes all tokens of a person.
pub async fn delete_of(writer: &mut Writer, user: UserId) -> Result<u64> {
    writer.query("DELETE FROM access_tokens WHERE user_id = $1").bind(user).execute().await
}

/// Revokes a token of the person, and returns it; none: they have no such token.
pub async fn delete(writer: &mut Writer, user: UserId, id: TokenId) -> Result<Option<AccessToken>> {
    writer
        .query("DELETE FROM access_tokens WHERE id = $1 AND user_id = $2 RETURNING ")
        .push(COLUMNS)
        .bind(id)
        .bind(user)
        .fetch_optional()
        .await
}
