//! Accelerators as their device plugins name them: shipped as rows, and editable by administrators.

use std::collections::BTreeMap;

use hearth_core::{Change, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Accelerator {
    /// The name in specs, pools and URLs, and the `vendor` of its cards: `nvidia`.
    pub code: String,
    pub vendor: String,
    pub label: String,
    /// The device plugin's resource name of a card: `nvidia.com/gpu`.
    pub resource_name: String,
    /// The variant of an image that runs on it: `cuda`, `cann`, …
    pub family: String,
    /// The node label that holds the model of its cards.
    pub model_label: Option<String>,
    /// The node label that holds the memory of one card in MiB.
    pub memory_label: Option<String>,
    pub runtime_class: Option<String>,
    pub tolerations: Json<Vec<Toleration>>,
    /// Added to the environment of a task's container.
    pub environment: Json<BTreeMap<String, String>>,
    pub mounts: Json<Vec<Mount>>,
    /// Lists the cards inside a container; empty if there is no such command.
    pub probe_command: Json<Vec<String>>,
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A taint that pods with these cards tolerate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toleration {
    pub key: String,
    /// None: any value.
    #[serde(default)]
    pub value: Option<String>,
    /// None: any effect.
    #[serde(default)]
    pub effect: Option<String>,
}

/// A folder or file of the node that the driver needs, mounted at the same path in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    pub path: String,
    pub read_only: bool,
}

const SELECT: &str = "SELECT code, vendor, label, resource_name, family, model_label, memory_label, runtime_class, \
    tolerations, environment, mounts, probe_command, is_enabled, created_at, updated_at FROM accelerators";

const INSERT: &str = "INSERT INTO accelerators (code, vendor, label, resource_name, family, model_label, memory_label, \
    runtime_class, tolerations, environment, mounts, probe_command, is_enabled, updated_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

/// Fails with [`crate::Error::Taken`] if the code is taken.
pub async fn insert(writer: &mut Writer, new: &Accelerator) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new).bind(new.created_at).execute().await?;
    Ok(())
}

/// Adds an accelerator unless its code is taken: administrators' edits are kept.
pub async fn insert_if_new(writer: &mut Writer, new: &Accelerator) -> Result<()> {
    writer.changed(Change::Supply);
    bind_columns(writer.query(INSERT), new)
        .bind(new.created_at)
        .push(" ON CONFLICT (code) DO NOTHING")
        .execute()
        .await?;
    Ok(())
}

/// Updates everything but the code and the creation time. `false`: no row has this code.
pub async fn update(writer: &mut Writer, row: &Accelerator) -> Result<bool> {
    writer.changed(Change::Supply);
    let query = writer.query(
        "UPDATE accelerators SET vendor = $2, label = $3, resource_name = $4, family = $5, model_label = $6, \
         memory_label = $7, runtime_class = $8, tolerations = $9, environment = $10, mounts = $11, \
         probe_command = $12, is_enabled = $13, updated_at = $14 WHERE code = $1",
    );
    Ok(bind_columns(query, row).execute().await? == 1)
}

fn bind_columns<'c>(query: Query<'c>, row: &Accelerator) -> Query<'c> {
    query
        .bind(row.code.clone())
        .bind(row.vendor.clone())
        .bind(row.label.clone())
        .bind(row.resource_name.clone())
        .bind(row.family.clone())
        .bind(row.model_label.clone())
        .bind(row.memory_label.clone())
        .bind(row.runtime_class.clone())
        .bind(row.tolerations.clone())
        .bind(row.environment.clone())
        .bind(row.mounts.clone())
        .bind(row.probe_command.clone())
        .bind(row.is_enabled)
        .bind(row.updated_at)
}

pub async fn find(ask: &mut impl Ask, code: &str) -> Result<Option<Accelerator>> {
    ask.query(SELECT).push(" WHERE code = $1").bind(code).fetch_optional().await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Accelerator>> {
    writer.query(SELECT).push(" WHERE code = $1").bind(code).locked("accelerators").fetch_optional().await
}

/// All of them, in the order in which they were added.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<Accelerator>> {
    ask.query(SELECT).push(" ORDER BY id").fetch_all().await
}

pub async fn list_enabled(ask: &mut impl Ask) -> Result<Vec<Accelerator>> {
    ask.query(SELECT).push(" WHERE is_enabled = $1 ORDER BY id").bind(true).fetch_all().await
}
