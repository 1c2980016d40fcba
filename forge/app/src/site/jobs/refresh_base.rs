use hearth_core::{RepositoryId, Result};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, pull_request};

/// Looks again at the pull requests into a branch that has moved.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefreshBase {
    pub repository_id: RepositoryId,
    pub branch: String,
}

impl Job for RefreshBase {
    const NAME: &'static str = "refresh_base";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.repository_id, self.branch))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        pull_request::refresh_base(app, self.repository_id, &self.branch).await?;
        Ok(Ran::Done)
    }
}
