use hearth_core::{Result, ThreadId};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, pull_request};

/// Brings a pull request up to date with its branches: keeps its versions, places its comments, tries the merge, and
/// carries out a merge that waited for this.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshPullRequest {
    pub thread_id: ThreadId,
}

impl Job for RefreshPullRequest {
    const NAME: &'static str = "refresh_pull_request";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.thread_id.to_string())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        Box::pin(pull_request::refresh(app, self.thread_id)).await?;
        Ok(Ran::Done)
    }
}
