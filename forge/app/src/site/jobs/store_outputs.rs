use hearth_core::{Result, TaskId};
use hearth_store::attempt;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, undelivered_outputs};

/// Stores the outputs that a dead agent left on this server's disk, as found there.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoreOutputs {
    pub task: TaskId,
    pub attempt: i64,
}

impl Job for StoreOutputs {
    const NAME: &'static str = "store_outputs";
    const QUEUE: Queue = Queue::Tasks;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}-{}", self.task, self.attempt))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let found = attempt::find(&mut app.store().read().await?, self.task, self.attempt).await?;
        // The task was deleted, and its outputs with it.
        let Some(found) = found else { return Ok(Ran::Done) };
        undelivered_outputs::store_all(app, &found).await?;
        Ok(Ran::Done)
    }
}
