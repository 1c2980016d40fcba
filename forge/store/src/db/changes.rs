use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use hearth_core::Change;
use tokio::sync::broadcast::{self, error::TryRecvError};

/// How many changes a listener may lag behind. A slower one is told so, and rereads everything.
const BACKLOG: usize = 1024;

/// Notifies listeners of what was committed.
#[derive(Clone, Debug)]
pub struct Changes {
    /// `None`: some changes were missed.
    sender: broadcast::Sender<Option<Change>>,
    for_queue: Arc<AtomicU64>,
    of_settings: Arc<AtomicU64>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, for_queue: Arc::default(), of_settings: Arc::default() }
    }
}

impl Changes {
    pub(super) fn announce(&self, change: Change) {
        if change.is_for_queue() {
            self.for_queue.fetch_add(1, Ordering::Release);
        }
        if change == Change::Settings {
            self.of_settings.fetch_add(1, Ordering::Release);
        }
        // Nobody listening is the normal case.
        self.sender.send(Some(change)).ok();
    }

    /// Some changes may have been missed, so listeners reread everything.
    pub(super) fn mark_missed(&self) {
        self.for_queue.fetch_add(1, Ordering::Release);
        self.of_settings.fetch_add(1, Ordering::Release);
        self.sender.send(None).ok();
    }

    /// Subscribes to everything from now on.
    pub fn listen(&self) -> ChangeReceiver {
        ChangeReceiver(self.sender.subscribe())
    }

    /// How many changes that matter to the task queue there have been since the server started.
    pub fn count_for_queue(&self) -> u64 {
        self.for_queue.load(Ordering::Acquire)
    }

    /// The same for changes to the site's settings: whoever caches one compares this count.
    pub fn count_of_settings(&self) -> u64 {
        self.of_settings.load(Ordering::Acquire)
    }
}

/// A stream of changes.
#[derive(Debug)]
pub struct ChangeReceiver(broadcast::Receiver<Option<Change>>);

impl ChangeReceiver {
    /// The next change; none if some were missed, so that anything may have changed.
    pub async fn next(&mut self) -> Option<Change> {
        self.0.recv().await.ok().flatten()
    }

    /// Waits for a matching change, and discards those that arrived meanwhile: the caller rereads everything.
    pub async fn wait_for(&mut self, is_such: impl Fn(Change) -> bool) {
        while self.next().await.is_some_and(|change| !is_such(change)) {}
        self.skip();
    }

    /// Discards what has arrived until now.
    pub fn skip(&mut self) {
        while !matches!(self.0.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
    }
}
