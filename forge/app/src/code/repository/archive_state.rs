//! Archived repositories can be read and starred, and nothing else: [`crate::access`] lets nobody write to them.

use hearth_core::{
    Administer, Conflict, Error, Kind, Result,
    event::{RepositoryEvent, Subject},
};
use hearth_store::{
    repository::{self as row, Repository},
    task,
    task_filter::TaskFilter,
};

use crate::{Access, App, task::active_states};

/// Archives a repository, once none of its tasks is waiting or running: nobody could stop them any more.
pub async fn archive(app: &App, access: &Access<Administer>) -> Result<Repository> {
    let mut operation = app.begin().await?;
    let id = access.repository().id;
    let found = row::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let active = TaskFilter { states: active_states(), ..TaskFilter::default() };
    if task::count_of_repository(&mut operation, id, &active).await? > 0 {
        return Err(Error::Conflict(Conflict::State));
    }
    let now = operation.now();
    if row::set_archived(&mut operation, id, Some(now), now).await? {
        let archived = RepositoryEvent::Archived { name: found.name };
        operation.record_in(access, Subject::Repository(id), archived).await?;
    }
    let after = row::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    Ok(after)
}

/// Makes an archived repository writable again.
pub async fn unarchive(app: &App, access: &Access<Administer>) -> Result<Repository> {
    let mut operation = app.begin().await?;
    let id = access.repository().id;
    let found = row::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let now = operation.now();
    if row::set_archived(&mut operation, id, None, now).await? {
        let unarchived = RepositoryEvent::Unarchived { name: found.name };
        operation.record_in(access, Subject::Repository(id), unarchived).await?;
    }
    let after = row::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    Ok(after)
}
