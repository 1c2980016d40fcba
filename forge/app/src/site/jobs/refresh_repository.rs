use hearth_core::{RepositoryId, Result};
use hearth_store::repository;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, GitResult as _, code, maintenance, repository::git};

/// Fills the caches after a push, so that the first visitor does not wait, measures the repository's size,
/// and requests maintenance if the push left much to clean up.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshRepository {
    pub repository_id: RepositoryId,
}

impl Job for RefreshRepository {
    const NAME: &'static str = "refresh_repository";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.repository_id.to_string())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let row = repository::find(&mut app.store().read().await?, self.repository_id).await?;
        // It was deleted meanwhile.
        let Some(row) = row else { return Ok(Ran::Done) };
        let files = git(app, &row).await?;
        files.after_push().await.map_git()?;
        code::warm_languages(&files).await?;
        code::warm_contributors(&files).await?;
        maintenance::consider(app, &files).await?;
        let size_bytes = files.size_bytes().await.map_git()?;
        let mut operation = app.begin().await?;
        let size_bytes = i64::try_from(size_bytes).unwrap_or(i64::MAX);
        repository::set_size(&mut operation, row.id, size_bytes).await?;
        Ok(Ran::Keep(operation))
    }
}
