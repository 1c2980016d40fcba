//! What an image holds: the packages that its interpreter can import.

use hearth_core::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::{Ask, Json, Result, Writer};

/// One installed package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// As an index names it: `scikit-learn`.
    pub name: String,
    pub version: String,
    /// What a program imports: `sklearn`.
    pub modules: Vec<String>,
}

impl Package {
    /// Whether a program imports this top-level module from it. Packages are often named like their module.
    pub fn has_module(&self, module: &str) -> bool {
        let same = |name: &str| name.replace('-', "_").eq_ignore_ascii_case(module);
        self.modules.iter().any(|own| own == module) || (self.modules.is_empty() && same(&self.name))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ImageContents {
    pub image_id: i64,
    pub packages: Json<Vec<Package>>,
    /// When the interpreter was asked.
    pub observed_at: Timestamp,
}

const SELECT: &str = "SELECT image_id, packages, observed_at FROM image_contents";

/// Stores what an image holds now.
pub async fn put(writer: &mut Writer, contents: &ImageContents) -> Result<()> {
    writer
        .query(
            "INSERT INTO image_contents (image_id, packages, observed_at) VALUES ($1, $2, $3) \
             ON CONFLICT (image_id) DO UPDATE SET packages = $2, observed_at = $3",
        )
        .bind(contents.image_id)
        .bind(contents.packages.clone())
        .bind(contents.observed_at)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, image_id: i64) -> Result<Option<ImageContents>> {
    ask.query(SELECT).push(" WHERE image_id = $1").bind(image_id).fetch_optional().await
}

/// What every image holds, as far as it is known.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<ImageContents>> {
    ask.query(SELECT).push(" ORDER BY image_id").fetch_all().await
}
