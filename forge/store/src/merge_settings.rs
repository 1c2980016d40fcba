//! How the pull requests of a repository may be merged.

use hearth_core::{Change, MergeSettings, RepositoryId};
use sqlx::types::Json;

use crate::{Ask, Result, Writer};

/// Every way is allowed where nothing was set.
pub async fn find(ask: &mut impl Ask, repository: RepositoryId) -> Result<MergeSettings> {
    let set: Option<(Option<Json<MergeSettings>>,)> = ask
        .query("SELECT merge_settings FROM repositories WHERE id = $1")
        .bind(repository)
        .fetch_optional()
        .await?;
    Ok(set.and_then(|(set,)| set).map_or_else(MergeSettings::default, |Json(set)| set))
}

pub async fn put(writer: &mut Writer, repository: RepositoryId, settings: &MergeSettings) -> Result<()> {
    writer.changed(Change::Repository(repository));
    writer
        .query("UPDATE repositories SET merge_settings = $2 WHERE id = $1")
        .bind(repository)
        .bind(Json(settings.clone()))
        .execute()
        .await?;
    Ok(())
}
