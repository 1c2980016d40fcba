//! Invitations to register, where registration is by invitation only: codes of which only the hash is stored.

use hearth_core::{InviteId, PageRequest, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Invite {
    pub id: InviteId,
    /// Whom it is for, in the words of the inviter.
    pub note: String,
    pub created_by: UserId,
    pub used_by: Option<UserId>,
    pub used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewInvite {
    /// SHA-256 of the code, in hex.
    pub code_hash: String,
    pub note: String,
    pub created_by: UserId,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, note, created_by, used_by, used_at, expires_at, created_at";

pub async fn insert(writer: &mut Writer, new: &NewInvite) -> Result<Invite> {
    writer
        .query(
            "INSERT INTO invites (code_hash, note, created_by, expires_at, created_at) \
             VALUES ($1, $2, $3, $4, $5) RETURNING ",
        )
        .push(COLUMNS)
        .bind(new.code_hash.clone())
        .bind(new.note.clone())
        .bind(new.created_by)
        .bind(new.expires_at)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// The invitation with this hash, unless it was used or has expired.
pub async fn find_open(ask: &mut impl Ask, code_hash: &str, now: Timestamp) -> Result<Option<Invite>> {
    ask.query("SELECT ")
        .push(COLUMNS)
        .push(" FROM invites WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(code_hash)
        .bind(now)
        .fetch_optional()
        .await
}

/// Uses the invitation; `false` if no open one has this hash. Two callers cannot both get `true`.
pub async fn spend(writer: &mut Writer, code_hash: &str, by: UserId, now: Timestamp) -> Result<bool> {
    let rows = writer
        .query(
            "UPDATE invites SET used_by = $2, used_at = $3 \
             WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $3",
        )
        .bind(code_hash)
        .bind(by)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, request: PageRequest) -> Result<Vec<Invite>> {
    ask.query("SELECT ").push(COLUMNS).push(" FROM invites ORDER BY id DESC").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM invites").fetch_count().await
}

/// Deletes an invitation, and returns it; none: there is no such, or it was used: those are kept as a record of
/// who came in.
pub async fn delete(writer: &mut Writer, id: InviteId) -> Result<Option<Invite>> {
    writer
        .query("DELETE FROM invites WHERE id = $1 AND used_at IS NULL RETURNING ")
        .push(COLUMNS)
        .bind(id)
        .fetch_optional()
        .await
}
