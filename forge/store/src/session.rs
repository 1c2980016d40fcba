//! Browser sessions, as stored by `tower-sessions`. The row has the user's id, so that all sessions of a
//! person can be ended at once.

use hearth_core::{Timestamp, UserId};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

pub type Data = std::collections::HashMap<String, serde_json::Value>;

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Session {
    /// SHA-256 of the id in the cookie, in hex: the table's contents cannot be used to sign in.
    pub id: String,
    pub user_id: Option<UserId>,
    pub data: Json<Data>,
    pub expires_at: Timestamp,
}

/// `false` if the id is taken.
pub async fn insert(writer: &mut Writer, session: &Session) -> Result<bool> {
    let rows = writer
        .query("INSERT INTO sessions (id, user_id, data, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING")
        .bind(session.id.clone())
        .bind(session.user_id)
        .bind(session.data.clone())
        .bind(session.expires_at)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Updates an existing session; an ended one stays ended.
pub async fn update(writer: &mut Writer, session: &Session) -> Result<bool> {
    let rows = writer
        .query("UPDATE sessions SET user_id = $2, data = $3, expires_at = $4 WHERE id = $1")
        .bind(session.id.clone())
        .bind(session.user_id)
        .bind(session.data.clone())
        .bind(session.expires_at)
        .execute()
        .await?;
    Ok(rows == 1)
}

pub async fn find(ask: &mut impl Ask, id: &str, now: Timestamp) -> Result<Option<Session>> {
    ask.query("SELECT id, user_id, data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2")
        .bind(id)
        .bind(now)
        .fetch_optional()
        .await
}

pub async fn delete(writer: &mut Writer, id: &str) -> Result<()> {
    writer.query("DELETE FROM sessions WHERE id = $1").bind(id).execute().await?;
    Ok(())
}

/// Ends all sessions of a person.
pub async fn delete_of(writer: &mut Writer, user: UserId) -> Result<u64> {
    writer.query("DELETE FROM sessions WHERE user_id = $1").bind(user).execute().await
}

pub async fn count_of(ask: &mut impl Ask, user: UserId, now: Timestamp) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND expires_at > $2")
        .bind(user)
        .bind(now)
        .fetch_count()
        .await
}

pub async fn delete_expired(writer: &mut Writer, now: Timestamp) -> Result<u64> {
    writer.query("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute().await
}
