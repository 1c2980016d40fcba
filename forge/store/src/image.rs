//! Images: what tasks run in. An interpreter on this machine, an OCI reference on a cluster.

use hearth_core::{Change, Timestamp};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct Image {
    pub id: i64,
    /// The name in URLs and in tasks: `python-3.11`.
    pub code: String,
    pub label: String,
    pub framework: String,
    pub framework_version: String,
    pub python_version: String,
    /// On the local engine: the path of an interpreter.
    pub interpreter: Option<String>,
    /// On a cluster, for card families without a variant of their own.
    pub reference: Option<String>,
    pub digest: Option<String>,
    /// Set by an administrator.
    pub is_enabled: bool,
    /// Whether it was on the machine when the server last looked.
    pub is_available: bool,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewImage {
    pub code: String,
    pub label: String,
    pub framework: String,
    pub framework_version: String,
    pub python_version: String,
    pub interpreter: Option<String>,
    pub reference: Option<String>,
    pub digest: Option<String>,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT id, code, label, framework, framework_version, python_version, interpreter, reference, \
    digest, is_enabled, is_available, created_at FROM images";

/// Adds an image, or marks the one with this code as available again. Administrators' edits are kept.
pub async fn note(writer: &mut Writer, new: &NewImage) -> Result<()> {
    writer.changed(Change::Supply);
    writer
        .query(
            "INSERT INTO images (code, label, framework, framework_version, python_version, interpreter, reference, \
             digest, is_enabled, is_available, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) \
             ON CONFLICT (code) DO UPDATE SET is_available = $9, interpreter = $6",
        )
        .bind(new.code.clone())
        .bind(new.label.clone())
        .bind(new.framework.clone())
        .bind(new.framework_version.clone())
        .bind(new.python_version.clone())
        .bind(new.interpreter.clone())
        .bind(new.reference.clone())
        .bind(new.digest.clone())
        .bind(true)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Adds an image written by an administrator, disabled; `None` if the code is taken.
pub async fn insert_if_new(writer: &mut Writer, new: &NewImage) -> Result<Option<i64>> {
    writer.changed(Change::Supply);
    let made: Option<(i64,)> = writer
        .query(
            "INSERT INTO images (code, label, framework, framework_version, python_version, interpreter, reference, \
             digest, is_enabled, is_available, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (code) DO NOTHING RETURNING id",
        )
        .bind(new.code.clone())
        .bind(new.label.clone())
        .bind(new.framework.clone())
        .bind(new.framework_version.clone())
        .bind(new.python_version.clone())
        .bind(new.interpreter.clone())
        .bind(new.reference.clone())
        .bind(new.digest.clone())
        .bind(false)
        .bind(true)
        .bind(new.created_at)
        .fetch_optional()
        .await?;
    Ok(made.map(|(id,)| id))
}

/// Updates what an administrator may change. `false`: no row has this code.
pub async fn update(writer: &mut Writer, image: &Image) -> Result<bool> {
    writer.changed(Change::Supply);
    let touched = writer
        .query(
            "UPDATE images SET label = $2, framework = $3, framework_version = $4, python_version = $5, \
             reference = $6, digest = $7, is_enabled = $8 WHERE code = $1",
        )
        .bind(image.code.clone())
        .bind(image.label.clone())
        .bind(image.framework.clone())
        .bind(image.framework_version.clone())
        .bind(image.python_version.clone())
        .bind(image.reference.clone())
        .bind(image.digest.clone())
        .bind(image.is_enabled)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Marks all images of this machine as unavailable, before those that are found are noted again.
pub async fn forget_local(writer: &mut Writer) -> Result<()> {
    writer.changed(Change::Supply);
    writer
        .query("UPDATE images SET is_available = $1 WHERE interpreter IS NOT NULL")
        .bind(false)
        .execute()
        .await?;
    Ok(())
}

pub async fn set_enabled(writer: &mut Writer, code: &str, is_enabled: bool) -> Result<bool> {
    writer.changed(Change::Supply);
    let touched = writer
        .query("UPDATE images SET is_enabled = $2 WHERE code = $1")
        .bind(code)
        .bind(is_enabled)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn find_by_code(ask: &mut impl Ask, code: &str) -> Result<Option<Image>> {
    ask.query(SELECT).push(" WHERE code = $1").bind(code).fetch_optional().await
}

/// Like [`find_by_code`], and locks the row until the transaction ends.
pub async fn lock(writer: &mut Writer, code: &str) -> Result<Option<Image>> {
    writer.query(SELECT).push(" WHERE code = $1").bind(code).locked("images").fetch_optional().await
}

pub async fn list(ask: &mut impl Ask) -> Result<Vec<Image>> {
    ask.query(SELECT).push(" ORDER BY id").fetch_all().await
}

/// Images that tasks can be launched with.
pub async fn list_usable(ask: &mut impl Ask) -> Result<Vec<Image>> {
    ask.query(SELECT)
        .push(" WHERE is_enabled = $1 AND is_available = $1 ORDER BY id")
        .bind(true)
        .fetch_all()
        .await
}
