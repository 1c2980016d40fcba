//! Pools: machines with one model of card, or without cards, reached through one engine.

use std::collections::BTreeMap;

use hearth_core::{Change, Timestamp};
use serde::Serialize;
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Pool {
    pub code: String,
    pub label: String,
    pub engine: String,
    /// None: machines without cards.
    pub accelerator_code: Option<String>,
    /// As reported by the node's label or the machine itself; empty: any.
    pub model: String,
    /// Per card; 0: as reported by the machine.
    pub card_memory_bytes: i64,
    /// Labels that the pool's machines have.
    pub node_selector: Json<BTreeMap<String, String>>,
    /// Where Kueue does the queueing.
    pub local_queue: Option<String>,
    /// Cards that Hearth leaves unused.
    pub reserved_cards: i64,
    pub is_paused: bool,
    pub pause_message: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT code, label, engine, accelerator_code, model, card_memory_bytes, node_selector, local_queue, \
    reserved_cards, is_paused, pause_message, created_at, updated_at FROM pools";

const INSERT: &str = "INSERT INTO pools (code, label, engine, accelerator_code, model, card_memory_bytes, node_selector, \
    local_queue, reserved_cards, is_paused, pause_message, updated_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

/// Fails with [`crate::Error::Taken`] if the code is taken.
pub async fn insert(writer: &mut Writer, new: &Pool) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new).bind(new.created_at).execute().await?;
    Ok(())
}

/// Adds a pool unless its code is taken.
pub async fn insert_if_new(writer: &mut Writer, new: &Pool) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new)
        .bind(new.created_at)
        .push(" ON CONFLICT (code) DO NOTHING")
        .execute()
        .await?;
    Ok(())
}

/// Updates everything but the code and the creation time. `false`: no row has this code.
pub async fn update(writer: &mut Writer, row: &Pool) -> Result<bool> {
    writer.changed(Change::Supply);
    let query = writer.query(
        "UPDATE pools SET label = $2, engine = $3, accelerator_code = $4, model = $5, card_memory_bytes = $6, \
         node_selector = $7, local_queue = $8, reserved_cards = $9, is_paused = $10, pause_message = $11, \
         updated_at = $12 WHERE code = $1",
    );
    Ok(bind_columns(query, row).execute().await? == 1)
}

fn bind_columns<'c>(query: Query<'c>, row: &Pool) -> Query<'c> {
    query
        .bind(row.code.clone())
        .bind(row.label.clone())
        .bind(row.engine.clone())
        .bind(row.accelerator_code.clone())
        .bind(row.model.clone())
        .bind(row.card_memory_bytes)
        .bind(row.node_selector.clone())
        .bind(row.local_queue.clone())
        .bind(row.reserved_cards)
        .bind(row.is_paused)
        .bind(row.pause_message.clone())
        .bind(row.updated_at)
}

pub async fn delete(writer: &mut Writer, code: &str) -> Result<bool> {
    writer.changed(Change::Supply);
    Ok(writer.query("DELETE FROM pools WHERE code = $1").bind(code).execute().await? == 1)
}

pub async fn find(ask: &mut impl Ask, code: &str) -> Result<Option<Pool>> {
    ask.query(SELECT).push(" WHERE code = $1").bind(code).fetch_optional().await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Pool>> {
    writer.query(SELECT).push(" WHERE code = $1").bind(code).locked("pools").fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Pool>> {
    ask.query(SELECT).push(" ORDER BY engine, code").fetch_all().await
}
