//! The activity of connections, for choosing which one to close.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Written by the connection's stream and service, read by whoever needs its place.
#[derive(Debug)]
pub(crate) struct Activity {
    opened: Instant,
    moved_ms: AtomicU64,
    is_working: AtomicBool,
    /// Waiting for the rest of a request.
    awaits_body: AtomicBool,
    /// The client does not read the response.
    awaits_reader: AtomicBool,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            opened: Instant::now(),
            moved_ms: AtomicU64::new(0),
            is_working: AtomicBool::new(false),
            awaits_body: AtomicBool::new(false),
            awaits_reader: AtomicBool::new(false),
        }
    }

    /// Bytes were transferred.
    pub(crate) fn moved(&self) {
        let since = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved_ms.store(since, Ordering::Relaxed);
    }

    pub(crate) fn set_awaits_body(&self, awaits: bool) {
        self.awaits_body.store(awaits, Ordering::Relaxed);
    }

    pub(crate) fn set_awaits_reader(&self, awaits: bool) {
        self.awaits_reader.store(awaits, Ordering::Relaxed);
    }

    /// A request is being served until the guard is dropped.
    pub(crate) fn work(self: &Arc<Self>) -> Working {
        self.is_working.store(true, Ordering::Relaxed);
        Working(Arc::clone(self))
    }

    /// Whether the connection is waiting for the client.
    pub(crate) fn awaits_client(&self) -> bool {
        !self.is_working.load(Ordering::Relaxed)
            || self.awaits_body.load(Ordering::Relaxed)
            || self.awaits_reader.load(Ordering::Relaxed)
    }

    /// How long no bytes were transferred.
    pub(crate) fn quiet_for(&self) -> Duration {
        self.opened.elapsed().saturating_sub(Duration::from_millis(self.moved_ms.load(Ordering::Relaxed)))
    }
}

/// A request that is being served.
#[derive(Debug)]
pub(crate) struct Working(Arc<Activity>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.set_awaits_body(false);
        self.0.is_working.store(false, Ordering::Relaxed);
    }
}
