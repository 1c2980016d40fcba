use hearth_core::{RepositoryId, Result};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, retraining};

/// Reports what came of a task that a rule for a branch asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReportRetraining {
    pub repository_id: RepositoryId,
    /// The full id of the commit that was trained.
    pub commit_id: String,
}

impl Job for ReportRetraining {
    const NAME: &'static str = "report_retraining";
    const QUEUE: Queue = Queue::Repositories;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}-{}", self.repository_id, self.commit_id))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        Ok(Ran::Keep(retraining::report(app, self.repository_id, &self.commit_id).await?))
    }
}
