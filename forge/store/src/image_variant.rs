//! Variants of an image per family of cards, or for machines without cards: an OCI reference each.

use hearth_core::{Change, Timestamp};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize)]
pub struct ImageVariant {
    pub image_id: i64,
    /// `cpu`, `cuda`, `cann`, …
    pub family: String,
    /// CUDA 12.4, CANN 8.0, …
    pub toolkit: String,
    pub reference: String,
    /// `sha256:…`, once the registry has reported it.
    pub digest: Option<String>,
    pub is_enabled: bool,
    pub created_at: Timestamp,
}

const SELECT: &str =
    "SELECT image_id, family, toolkit, reference, digest, is_enabled, created_at FROM image_variants";

/// Adds the variant for a family, or replaces the existing one.
pub async fn put(writer: &mut Writer, variant: &ImageVariant) -> Result<()> {
    writer.changed(Change::Supply);
    writer
        .query(
            "INSERT INTO image_variants (image_id, family, toolkit, reference, digest, is_enabled, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (image_id, family) \
             DO UPDATE SET toolkit = $3, reference = $4, digest = $5, is_enabled = $6",
        )
        .bind(variant.image_id)
        .bind(variant.family.clone())
        .bind(variant.toolkit.clone())
        .bind(variant.reference.clone())
        .bind(variant.digest.clone())
        .bind(variant.is_enabled)
        .bind(variant.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Stores the registry's answer, unless the reference was changed since the query.
pub async fn set_digest(
    writer: &mut Writer,
    image_id: i64,
    family: &str,
    reference: &str,
    digest: &str,
) -> Result<bool> {
    let touched = writer
        .query("UPDATE image_variants SET digest = $4 WHERE image_id = $1 AND family = $2 AND reference = $3")
        .bind(image_id)
        .bind(family)
        .bind(reference)
        .bind(digest)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn delete(writer: &mut Writer, image_id: i64, family: &str) -> Result<bool> {
    writer.changed(Change::Supply);
    let touched = writer
        .query("DELETE FROM image_variants WHERE image_id = $1 AND family = $2")
        .bind(image_id)
        .bind(family)
        .execute()
        .await?;
    Ok(touched == 1)
}

pub async fn find(ask: &mut impl Ask, image_id: i64, family: &str) -> Result<Option<ImageVariant>> {
    ask.query(SELECT)
        .push(" WHERE image_id = $1 AND family = $2")
        .bind(image_id)
        .bind(family)
        .fetch_optional()
        .await
}

pub async fn list_of_image(ask: &mut impl Ask, image_id: i64) -> Result<Vec<ImageVariant>> {
    ask.query(SELECT).push(" WHERE image_id = $1 ORDER BY id").bind(image_id).fetch_all().await
}

/// The variants of every image.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<ImageVariant>> {
    ask.query(SELECT).push(" ORDER BY image_id, id").fetch_all().await
}
