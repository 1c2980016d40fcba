//! Card-seconds used by each owner, per week.

use hearth_core::{OwnerId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CardUsage {
    pub owner_id: OwnerId,
    pub accelerator_code: String,
    pub week_start: Timestamp,
    pub card_seconds: i64,
}

/// Adds to the usage of an owner in a week.
pub async fn add(writer: &mut Writer, more: &CardUsage) -> Result<()> {
    writer
        .query(
            "INSERT INTO card_usages (owner_id, accelerator_code, week_start, card_seconds) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (owner_id, accelerator_code, week_start) \
             DO UPDATE SET card_seconds = card_usages.card_seconds + $4",
        )
        .bind(more.owner_id)
        .bind(more.accelerator_code.clone())
        .bind(more.week_start)
        .bind(more.card_seconds)
        .execute()
        .await?;
    Ok(())
}

/// All usage in weeks that began at this time or later.
pub async fn list_since(ask: &mut impl Ask, since: Timestamp) -> Result<Vec<CardUsage>> {
    ask.query(
        "SELECT owner_id, accelerator_code, week_start, card_seconds FROM card_usages WHERE week_start >= $1 \
         ORDER BY week_start, owner_id, accelerator_code",
    )
    .bind(since)
    .fetch_all()
    .await
}

/// The usage of one owner in one week, per accelerator.
pub async fn list_of_owner(
    ask: &mut impl Ask,
    owner: OwnerId,
    week_start: Timestamp,
) -> Result<Vec<CardUsage>> {
    ask.query(
        "SELECT owner_id, accelerator_code, week_start, card_seconds FROM card_usages \
         WHERE owner_id = $1 AND week_start = $2 ORDER BY accelerator_code",
    )
    .bind(owner)
    .bind(week_start)
    .fetch_all()
    .await
}
