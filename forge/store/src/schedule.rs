//! When recurring work is due next.

use hearth_core::Timestamp;

use crate::{Ask, Result, Writer};

/// Registers a new schedule; an existing one keeps its `next_at`.
pub async fn insert(writer: &mut Writer, name: &str, next_at: Timestamp) -> Result<()> {
    writer
        .query("INSERT INTO schedules (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(next_at)
        .execute()
        .await?;
    Ok(())
}

/// Every schedule that was ever registered, with its next time.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<(String, Timestamp)>> {
    ask.query("SELECT name, next_at FROM schedules ORDER BY name").fetch_all().await
}

/// Advances a schedule. `false`: another worker already did, and has enqueued its work.
pub async fn advance(writer: &mut Writer, name: &str, from: Timestamp, to: Timestamp) -> Result<bool> {
    let rows = writer
        .query("UPDATE schedules SET next_at = $3 WHERE name = $1 AND next_at = $2")
        .bind(name)
        .bind(from)
        .bind(to)
        .execute()
        .await?;
    Ok(rows == 1)
}
