//! What a task may ask for: cards, CPUs and memory, under one name.

use hearth_core::Timestamp;
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Spec {
    pub id: i64,
    /// The name in addresses and in tasks: `cpu-2`.
    pub code: String,
    /// Vendor and model of the cards, where it has any: `nvidia/NVIDIA H200`.
    pub accelerator: Option<String>,
    pub cards: i64,
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
    pub cpus: i64,
    pub memory_bytes: i64,
    pub shared_memory_bytes: i64,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT id, code, accelerator, cards, cpus, memory_bytes, shared_memory_bytes, is_on_shelf, \
    created_at FROM specs";

/// Adds a spec unless there is one of this code: what an administrator wrote stays.
pub async fn insert_if_new(writer: &mut Writer, new: &NewSpec) -> Result<()> {
    writer
        .query(
            "INSERT INTO specs (code, accelerator, cards, cpus, memory_bytes, shared_memory_bytes, is_on_shelf, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING",
        )
        .bind(new.code.clone())
        .bind(new.accelerator.clone())
        .bind(new.cards)
        .bind(new.cpus)
        .bind(new.memory_bytes)
        .bind(new.shared_memory_bytes)
        .bind(true)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

pub async fn set_on_shelf(writer: &mut Writer, code: &str, is_on_shelf: bool) -> Result<bool> {
    let touched = writer
        .query("UPDATE specs SET is_on_shelf = $2 WHERE code = $1")
        .bind(code)
        .bind(is_on_shelf)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn find_by_code(ask: &mut impl Ask, code: &str) -> Result<Option<Spec>> {
    ask.query(SELECT).then(" WHERE code = $1").bind(code).fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Spec>> {
    ask.query(SELECT).then(" ORDER BY cards, cpus, memory_bytes, id").fetch_all().await
}

/// Specs that a task may be launched with.
pub async fn list_on_shelf(ask: &mut impl Ask) -> Result<Vec<Spec>> {
    ask.query(SELECT)
        .then(" WHERE is_on_shelf = $1 ORDER BY cards, cpus, memory_bytes, id")
        .bind(true)
        .fetch_all()
        .await
}
