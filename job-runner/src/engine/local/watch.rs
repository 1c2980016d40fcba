use std::{
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};

use hearth_core::{Clock, SystemClock};

use super::{Handle, Inner, blocking};
use crate::engine::{Change, Observation};

const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Watches every known attempt and reports changes, until the engine is dropped.
pub(super) fn begin(inner: &Arc<Inner>) {
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        while look_once(&inner).await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
}

async fn look_once(inner: &Weak<Inner>) -> bool {
    let Some(inner) = inner.upgrade() else { return false };
    blocking(move || {
        let handles: Vec<Handle> =
            inner.known.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        for handle in handles {
            match inner.observe(&handle) {
                Ok(observation) => inner.note(handle, observation),
                Err(error) => {
                    tracing::warn!(%handle, error = &error as &dyn std::error::Error, "an attempt cannot be observed");
                }
            }
        }
    })
    .await;
    true
}

impl Inner {
    /// Reports a change. An attempt that is over is not watched any more.
    fn note(&self, handle: Handle, observation: Observation) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = known.get_mut(&handle) else { return };
        if entry.last.as_ref() == Some(&observation) {
            return;
        }
        entry.last = Some(observation.clone());
        if observation.is_over() {
            known.remove(&handle);
        }
        drop(known);
        // Nobody may be listening; late subscribers observe by themselves.
        let _ = self.changes.send(Change { handle, observation, seen_at: SystemClock.now() });
    }
}
