use hearth_core::Result;
use hearth_store::{lfs_upload, release_upload};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, code::pieces::WAITS, storage};

/// Removes files of releases and large files of repositories that were begun to be uploaded, and abandoned.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveIdleUploads {}

impl Job for RemoveIdleUploads {
    const NAME: &'static str = "remove_idle_uploads";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let mut operation = app.begin().await?;
        let since = operation.now() - WAITS;
        let removed = release_upload::delete_idle_since(&mut operation, since).await?
            + lfs_upload::delete_idle_since(&mut operation, since).await?;
        if removed > 0 {
            storage::request_sweep(&mut operation).await?;
        }
        Ok(Ran::Keep(operation))
    }
}
