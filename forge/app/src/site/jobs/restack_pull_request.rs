use hearth_core::{Result, ThreadId, UserId};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, merge::stack};

/// Puts the commits of a pull request on top of its base, after the one below it was merged or moved.
#[derive(Debug, Serialize, Deserialize)]
pub struct RestackPullRequest {
    pub thread_id: ThreadId,
    /// The pull request that it was built on.
    pub below: ThreadId,
    /// On whose behalf. None: nobody knows who merged it, and nothing is rebased.
    pub by: Option<UserId>,
    /// How many have been moved below it.
    pub depth: u32,
}

impl Job for RestackPullRequest {
    const NAME: &'static str = "restack_pull_request";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.thread_id, self.below))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        stack::restack(app, &self).await?;
        Ok(Ran::Done)
    }
}
