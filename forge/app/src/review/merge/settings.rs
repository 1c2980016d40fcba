//! How the pull requests of a repository may be merged.

use hearth_core::{
    Administer, Error, Kind, MergeSettings, Read, Result,
    event::{RepositoryEvent, Subject},
};
use hearth_store::{merge_settings as row, repository};

use crate::{Access, App};

/// How pull requests may be merged and branches updated here.
pub async fn settings(app: &App, access: &Access<Read>) -> Result<MergeSettings> {
    Ok(row::find(&mut app.store().read().await?, access.repository().id).await?)
}

/// Changes that. At least one way stays, and the one that is offered first is among them.
pub async fn set_settings(app: &App, access: &Access<Administer>, settings: &MergeSettings) -> Result<()> {
    if settings.methods.is_empty() {
        return Err(Error::field("methods", "required"));
    }
    if !settings.allows(settings.default) {
        return Err(Error::field("default", "unknown-choice"));
    }
    let id = access.repository().id;
    let mut operation = app.begin().await?;
    let locked = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    row::put(&mut operation, id, settings).await?;
    let event = RepositoryEvent::Edited {
        visibility: locked.visibility,
        default_branch: locked.default_branch.clone(),
    };
    operation.record_in(access, Subject::Repository(id), event).await?;
    operation.commit().await
}
