use hearth_core::{RepositoryId, TaskId};
use tokio::sync::broadcast;

/// Something on an open page is no longer as shown. Says what, not how: whoever shows it reads it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// State, reason or place of a task.
    Task(TaskId),
    /// More lines in its log.
    Log(TaskId),
    /// More points or resource samples.
    Metrics(TaskId),
    /// Somebody pushed.
    Repository(RepositoryId),
}

/// Tells open pages what changed. A reader that lags behind loses old news and must read everything again.
#[derive(Clone, Debug)]
pub struct Live(broadcast::Sender<Change>);

const BACKLOG: usize = 1024;

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Live {
    /// Call after the commit, never before.
    pub fn tell(&self, change: Change) {
        // Nobody listening is the normal case.
        self.0.send(change).ok();
    }

    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
