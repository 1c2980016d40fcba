use hearth_core::{RepositoryId, Result, UserId};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{
    App,
    thread::commit::{Pushed, add_commit_references},
};

/// Adds references to the issues that new commits on the default branch mention, and closes those that they
/// fix.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReferenceIssues {
    pub repository_id: RepositoryId,
    /// None: the pusher is unknown.
    pub pusher_id: Option<UserId>,
    /// The branch's previous tip in hexadecimal; none if it is new.
    pub old: Option<String>,
    pub new: String,
}

impl Job for ReferenceIssues {
    const NAME: &'static str = "refer_to_threads";
    const QUEUE: Queue = Queue::Repositories;

    async fn run(self, app: &App) -> Result<Ran> {
        // Cannot fail: git produced the id.
        let Ok(new) = self.new.parse() else { return Ok(Ran::Done) };
        let old = self.old.and_then(|old| old.parse().ok());
        let (repository_id, pusher_id) = (self.repository_id, self.pusher_id);
        let written = add_commit_references(app, &Pushed { repository_id, pusher_id, old, new }).await?;
        Ok(written.map_or(Ran::Done, Ran::Keep))
    }
}
