use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use hearth_core::Change;
use tokio::sync::broadcast::{self, error::TryRecvError};

/// How many changes a listener may be behind. One that is further behind is told so, and looks at everything again.
const BACKLOG: usize = 1024;

/// Tells whoever listens what was committed.
#[derive(Clone, Debug)]
pub struct Changes {
    /// None: some were missed.
    sender: broadcast::Sender<Option<Change>>,
    for_queue: Arc<AtomicU64>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, for_queue: Arc::default() }
    }
}

impl Changes {
    pub(super) fn tell(&self, change: Change) {
        if change.is_for_queue() {
            self.for_queue.fetch_add(1, Ordering::Release);
        }
        // Nobody listening is the normal case.
        self.sender.send(Some(change)).ok();
    }

    /// Some changes may have been missed: whoever listens looks at everything again.
    pub(super) fn miss(&self) {
        self.for_queue.fetch_add(1, Ordering::Release);
        self.sender.send(None).ok();
    }

    /// Everything from now on.
    pub fn listen(&self) -> News {
        News(self.sender.subscribe())
    }

    /// How often something changed since the server began that the queue of tasks decides by.
    pub fn count_for_queue(&self) -> u64 {
        self.for_queue.load(Ordering::Acquire)
    }
}

/// What changes, as it comes.
#[derive(Debug)]
pub struct News(broadcast::Receiver<Option<Change>>);

impl News {
    /// The next change; none: some were missed, and anything may have changed.
    pub async fn next(&mut self) -> Option<Change> {
        self.0.recv().await.ok().flatten()
    }

    /// Waits for such a change. Those that came by then are not told again: whoever waited looks at everything.
    pub async fn wait_for(&mut self, is_such: impl Fn(Change) -> bool) {
        while self.next().await.is_some_and(|change| !is_such(change)) {}
        self.skip();
    }

    /// Leaves out what has come until now.
    pub fn skip(&mut self) {
        while !matches!(self.0.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
    }
}
