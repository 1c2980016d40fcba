use hearth_core::{Result, ThreadId};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, pull_request};

/// Closes the issues that a merged pull request says it closes.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettlePullRequest {
    pub thread_id: ThreadId,
}

impl Job for SettlePullRequest {
    const NAME: &'static str = "settle_pull_request";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.thread_id.to_string())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let written = pull_request::settle(app, self.thread_id).await?;
        Ok(written.map_or(Ran::Done, Ran::Keep))
    }
}
