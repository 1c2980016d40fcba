//! Scenes: which specs a kind of task may use in which pool, and for whom. Kinds without a scene may use all
//! specs on offer.

use hearth_core::{OwnerId, TaskKind, Timestamp, UserName};
use serde::Serialize;
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Scene {
    pub code: String,
    pub kind: TaskKind,
    /// None: every pool.
    pub pool_code: Option<String>,
    /// For this owner only; none: for everybody.
    pub owner_id: Option<OwnerId>,
    /// The owner's current name; read-only.
    pub owner: Option<UserName>,
    /// Empty: all specs on offer.
    pub spec_codes: Json<Vec<String>>,
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT s.code, s.kind, s.pool_code, s.owner_id, u.name AS owner, s.spec_codes, s.is_enabled, \
    s.created_at, s.updated_at FROM scenes s LEFT JOIN owners u ON u.id = s.owner_id";

/// Fails with [`crate::Error::Taken`] if the code is taken.
pub async fn insert(writer: &mut Writer, new: &Scene) -> Result<()> {
    let query = writer.query(
        "INSERT INTO scenes (code, kind, pool_code, owner_id, spec_codes, is_enabled, updated_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    );
    bind_columns(query, new).bind(new.created_at).execute().await?;
    Ok(())
}

/// Updates everything but the code and the creation time. `false`: no row has this code.
pub async fn update(writer: &mut Writer, row: &Scene) -> Result<bool> {
    let query = writer.query(
        "UPDATE scenes SET kind = $2, pool_code = $3, owner_id = $4, spec_codes = $5, is_enabled = $6, \
         updated_at = $7 WHERE code = $1",
    );
    Ok(bind_columns(query, row).execute().await? == 1)
}

fn bind_columns<'c>(query: Query<'c>, row: &Scene) -> Query<'c> {
    query
        .bind(row.code.clone())
        .bind(row.kind)
        .bind(row.pool_code.clone())
        .bind(row.owner_id)
        .bind(row.spec_codes.clone())
        .bind(row.is_enabled)
        .bind(row.updated_at)
}

pub async fn delete(writer: &mut Writer, code: &str) -> Result<bool> {
    Ok(writer.query("DELETE FROM scenes WHERE code = $1").bind(code).execute().await? == 1)
}

pub async fn find(ask: &mut impl Ask, code: &str) -> Result<Option<Scene>> {
    ask.query(SELECT).push(" WHERE s.code = $1").bind(code).fetch_optional().await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Scene>> {
    writer.query(SELECT).push(" WHERE s.code = $1").bind(code).locked("s").fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Scene>> {
    ask.query(SELECT).push(" ORDER BY s.kind, s.code").fetch_all().await
}

/// The scenes that apply to tasks of a kind.
pub async fn list_enabled(ask: &mut impl Ask, kind: TaskKind) -> Result<Vec<Scene>> {
    ask.query(SELECT)
        .push(" WHERE s.kind = $1 AND s.is_enabled = $2 ORDER BY s.code")
        .bind(kind)
        .bind(true)
        .fetch_all()
        .await
}
