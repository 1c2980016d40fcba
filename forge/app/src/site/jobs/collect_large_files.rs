use hearth_core::{RepositoryId, Result, chain};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{
    App,
    lfs_collection::{self, Manner},
};

/// Removes large files that nothing needs any more, from one repository after another: each run looks at one, and enqueues the
/// next.
#[derive(Debug, Serialize, Deserialize)]
pub struct CollectLargeFiles {
    /// The one that was looked at last.
    after: RepositoryId,
}

impl CollectLargeFiles {
    /// From the first repository on.
    pub const fn all() -> Self {
        Self { after: RepositoryId(0) }
    }
}

impl Job for CollectLargeFiles {
    const NAME: &'static str = "collect_large_files";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let Some(repository) = lfs_collection::next(app, self.after).await? else { return Ok(Ran::Done) };
        // A repository that is damaged or too large to look through keeps what it has, and does not keep the others waiting.
        if let Err(error) = lfs_collection::collect(app, repository, Manner::Remove).await {
            tracing::warn!(%repository, error = chain(&error), "large files were not looked through");
        }
        let mut operation = app.begin().await?;
        operation.enqueue(&Self { after: repository }).await?;
        Ok(Ran::Keep(operation))
    }
}
