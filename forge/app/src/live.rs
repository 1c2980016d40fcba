use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

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
pub struct Live {
    sender: broadcast::Sender<Change>,
    tasks_changed: Arc<AtomicU64>,
}

const BACKLOG: usize = 1024;

impl Default for Live {
    fn default() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, tasks_changed: Arc::default() }
    }
}

impl Live {
    /// Call after the commit, never before.
    pub fn tell(&self, change: Change) {
        if matches!(change, Change::Task(_)) {
            self.tasks_changed.fetch_add(1, Ordering::Release);
        }
        // Nobody listening is the normal case.
        self.sender.send(change).ok();
    }

    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.sender.subscribe()
    }

    /// How often a task changed since the server began.
    pub fn tasks_changed(&self) -> u64 {
        self.tasks_changed.load(Ordering::Acquire)
    }
}
