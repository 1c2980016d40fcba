//! Quotas: the cards that an owner may hold at once, and use in a week.

use hearth_core::{Change, OwnerId, Timestamp, UserName};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Quota {
    pub code: String,
    /// None: everybody without a row of their own.
    pub owner_id: Option<OwnerId>,
    /// The owner's current name; read-only.
    pub owner: Option<UserName>,
    /// None: all cards together.
    pub accelerator_code: Option<String>,
    pub nominal_cards: i64,
    /// Beyond the nominal share, out of what others leave unused; none: no limit.
    pub borrow_cards: Option<i64>,
    /// How much of the nominal share others may borrow; none: all of it.
    pub lend_cards: Option<i64>,
    /// None: no limit.
    pub weekly_card_seconds: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT q.code, q.owner_id, u.name AS owner, q.accelerator_code, q.nominal_cards, q.borrow_cards, \
    q.lend_cards, q.weekly_card_seconds, q.created_at, q.updated_at FROM quotas q \
    LEFT JOIN owners u ON u.id = q.owner_id";

/// Fails with [`crate::Error::Taken`] if the code is taken.
pub async fn insert(writer: &mut Writer, new: &Quota) -> Result<()> {
    writer.changed(Change::Supply);
    let query = writer.query(
        "INSERT INTO quotas (code, owner_id, accelerator_code, nominal_cards, borrow_cards, lend_cards, \
         weekly_card_seconds, updated_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    );
    bind_columns(query, new).bind(new.created_at).execute().await?;
    Ok(())
}

/// Updates everything but the code and the creation time. `false`: no row has this code.
pub async fn update(writer: &mut Writer, row: &Quota) -> Result<bool> {
    writer.changed(Change::Supply);
    let query = writer.query(
        "UPDATE quotas SET owner_id = $2, accelerator_code = $3, nominal_cards = $4, borrow_cards = $5, \
         lend_cards = $6, weekly_card_seconds = $7, updated_at = $8 WHERE code = $1",
    );
    Ok(bind_columns(query, row).execute().await? == 1)
}

fn bind_columns<'c>(query: Query<'c>, row: &Quota) -> Query<'c> {
    query
        .bind(row.code.clone())
        .bind(row.owner_id)
        .bind(row.accelerator_code.clone())
        .bind(row.nominal_cards)
        .bind(row.borrow_cards)
        .bind(row.lend_cards)
        .bind(row.weekly_card_seconds)
        .bind(row.updated_at)
}

pub async fn delete(writer: &mut Writer, code: &str) -> Result<bool> {
    writer.changed(Change::Supply);
    Ok(writer.query("DELETE FROM quotas WHERE code = $1").bind(code).execute().await? == 1)
}

pub async fn find(ask: &mut impl Ask, code: &str) -> Result<Option<Quota>> {
    ask.query(SELECT).push(" WHERE q.code = $1").bind(code).fetch_optional().await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Quota>> {
    writer.query(SELECT).push(" WHERE q.code = $1").bind(code).locked("q").fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Quota>> {
    ask.query(SELECT).push(" ORDER BY q.code").fetch_all().await
}
