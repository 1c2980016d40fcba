//! Specs: named sizes of tasks, in cards, CPUs and memory.

use hearth_core::{Change, Timestamp};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Spec {
    pub id: i64,
    /// The name in URLs and in tasks: `cpu-2`.
    pub code: String,
    /// Code and model of the cards: `nvidia/NVIDIA H200`, `nvidia/*` for any model. None, if cards are
    /// requested: any that fits.
    pub accelerator: Option<String>,
    pub cards: i64,
    /// At least this much per card.
    pub card_memory_bytes: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub shared_memory_bytes: i64,
    pub is_on_shelf: bool,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewSpec {
    pub code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    pub card_memory_bytes: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub shared_memory_bytes: i64,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT id, code, accelerator, cards, card_memory_bytes, cpus, memory_bytes, \
    shared_memory_bytes, is_on_shelf, created_at FROM specs";

const INSERT: &str = "INSERT INTO specs (code, accelerator, cards, card_memory_bytes, cpus, memory_bytes, \
    shared_memory_bytes, is_on_shelf, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Fails with [`crate::Error::Taken`] if the code is taken.
pub async fn insert(writer: &mut Writer, new: &NewSpec, is_on_shelf: bool) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new, is_on_shelf).execute().await?;
    Ok(())
}

/// Adds a spec unless its code is taken: administrators' edits are kept.
pub async fn insert_if_new(writer: &mut Writer, new: &NewSpec) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new, true).push(" ON CONFLICT (code) DO NOTHING").execute().await?;
    Ok(())
}

fn bind_columns<'c>(query: Query<'c>, new: &NewSpec, is_on_shelf: bool) -> Query<'c> {
    query
        .bind(new.code.clone())
        .bind(new.accelerator.clone())
        .bind(new.cards)
        .bind(new.card_memory_bytes)
        .bind(new.cpus)
        .bind(new.memory_bytes)
        .bind(new.shared_memory_bytes)
        .bind(is_on_shelf)
        .bind(new.created_at)
}

/// Updates everything but the code and the creation time. `false`: no row has this code.
pub async fn update(writer: &mut Writer, spec: &Spec) -> Result<bool> {
    writer.changed(Change::Supply);
    let touched = writer
        .query(
            "UPDATE specs SET accelerator = $2, cards = $3, card_memory_bytes = $4, cpus = $5, memory_bytes = $6, \
             shared_memory_bytes = $7, is_on_shelf = $8 WHERE code = $1",
        )
        .bind(spec.code.clone())
        .bind(spec.accelerator.clone())
        .bind(spec.cards)
        .bind(spec.card_memory_bytes)
        .bind(spec.cpus)
        .bind(spec.memory_bytes)
        .bind(spec.shared_memory_bytes)
        .bind(spec.is_on_shelf)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn set_on_shelf(writer: &mut Writer, code: &str, is_on_shelf: bool) -> Result<bool> {
    writer.changed(Change::Supply);
    let touched = writer
        .query("UPDATE specs SET is_on_shelf = $2 WHERE code = $1")
        .bind(code)
        .bind(is_on_shelf)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn find_by_code(ask: &mut impl Ask, code: &str) -> Result<Option<Spec>> {
    ask.query(SELECT).push(" WHERE code = $1").bind(code).fetch_optional().await
}

/// Like [`find_by_code`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Spec>> {
    writer.query(SELECT).push(" WHERE code = $1").bind(code).locked("specs").fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Spec>> {
    ask.query(SELECT).push(" ORDER BY cards, cpus, memory_bytes, id").fetch_all().await
}

/// Specs that tasks can be launched with.
pub async fn list_on_shelf(ask: &mut impl Ask) -> Result<Vec<Spec>> {
    ask.query(SELECT)
        .push(" WHERE is_on_shelf = $1 ORDER BY cards, cpus, memory_bytes, id")
        .bind(true)
        .fetch_all()
        .await
}
