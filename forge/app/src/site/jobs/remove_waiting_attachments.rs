use hearth_core::Result;
use hearth_store::attachment as row;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, storage, thread::attachment};

/// Deletes files that were uploaded for a text but never attached to one.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveWaitingAttachments {}

impl Job for RemoveWaitingAttachments {
    const NAME: &'static str = "remove_waiting_attachments";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let mut operation = app.begin().await?;
        let before = operation.now() - attachment::WAITS;
        if row::delete_waiting_before(&mut operation, before).await? > 0 {
            storage::request_sweep(&mut operation).await?;
        }
        Ok(Ran::Keep(operation))
    }
}
