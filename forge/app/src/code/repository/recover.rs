use std::time::Duration;

use hearth_core::{RepositoryId, Result};
use hearth_git::StorageId;
use hearth_store::repository;

use crate::{App, GitResult as _, storage};

/// At most this many are removed at a time, so that nothing else waits long for the database.
const MOST_AT_ONCE: i64 = 100;

/// Removes what was left half created or half deleted at least `age` ago, and returns how much. It has no
/// name and nobody sees it. A creation that takes longer than `age` notices this at its end, see
/// [`super::create`].
pub async fn recover(app: &App, age: Duration) -> Result<usize> {
    let until = app.now() - age;
    let pending = repository::list_pending(&mut app.store().read().await?, until, MOST_AT_ONCE).await?;
    for id in &pending {
        if remove_pending(app, *id).await {
            tracing::info!(repo.id = %id, "removed a repository that was only partly created or deleted");
        }
    }
    Ok(pending.len())
}

/// Removes the files and the row of a pending repository. What cannot be removed now is found again by
/// [`recover`].
pub(super) async fn remove_pending(app: &App, id: RepositoryId) -> bool {
    match remove(app, id).await {
        Ok(()) => true,
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(repo.id = %id, error, "the files of a repository are removed later");
            false
        }
    }
}

/// The files first: without the row, nothing would know of them.
async fn remove(app: &App, id: RepositoryId) -> Result<()> {
    app.git().remove(&StorageId::from(id.0)).await.map_git()?;
    let mut operation = app.begin().await?;
    repository::delete(&mut operation, id).await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await?;
    Ok(())
}
