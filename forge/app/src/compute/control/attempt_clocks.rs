//! How long attempts have been in a condition, as observed by this process. The database has wall-clock
//! times, and setting the clock must not end a run. What earlier processes observed is not counted.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use hearth_core::{AttemptId, Timestamp};
use hearth_store::{attempt::Attempt, task::Task};

/// Observations of attempts that have not ended.
#[derive(Debug, Default)]
pub(crate) struct AttemptClocks(Mutex<HashMap<AttemptId, Seen>>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    heard: Instant,
    /// The heartbeat time last seen in its row. If it changes, another server has heard from the agent.
    kept: Option<Timestamp>,
    running: Option<Instant>,
    stopping: Option<Instant>,
    /// Since when the first of several nodes has been waiting for the others to end.
    waiting: Option<Instant>,
}

/// How long an attempt has been silent, running and asked to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ages {
    pub(super) silent: Duration,
    pub(super) running: Duration,
    pub(super) stopping: Duration,
}

impl AttemptClocks {
    /// Records a sign of life, or a substitute for one; `kept` is the time written to the row, if any.
    pub(crate) fn heard(&self, attempt: AttemptId, now: Instant, kept: Option<Timestamp>) {
        self.with(attempt, now, |seen| {
            seen.heard = now;
            seen.kept = kept.or(seen.kept);
        });
    }

    /// Records that the first of several nodes has ended, and returns how long it has been waiting.
    pub(crate) fn waiting(&self, attempt: AttemptId, now: Instant) -> Duration {
        self.with(attempt, now, |seen| now - *seen.waiting.get_or_insert(now))
    }

    /// Records the current condition of an attempt, and returns how long it has lasted.
    pub(super) fn look(&self, attempt: &Attempt, task: &Task, now: Instant) -> Ages {
        let since = |held: &mut Option<Instant>, is_so: bool| {
            *held = is_so.then(|| held.unwrap_or(now));
            held.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
        };
        self.with(attempt.id, now, |seen| {
            if attempt.heartbeat_at.is_some() && seen.kept != attempt.heartbeat_at {
                (seen.heard, seen.kept) = (now, attempt.heartbeat_at);
            }
            Ages {
                silent: now.saturating_duration_since(seen.heard),
                running: since(&mut seen.running, attempt.started_at.is_some()),
                stopping: since(&mut seen.stopping, task.stop_requested_at.is_some()),
            }
        })
    }

    /// Forgets all other attempts.
    pub(super) fn keep(&self, open: &[Attempt]) {
        let open: HashSet<AttemptId> = open.iter().map(|attempt| attempt.id).collect();
        self.lock().retain(|attempt, _| open.contains(attempt));
    }

    fn with<T>(&self, attempt: AttemptId, now: Instant, work: impl FnOnce(&mut Seen) -> T) -> T {
        let unseen = Seen { heard: now, kept: None, running: None, stopping: None, waiting: None };
        work(self.lock().entry(attempt).or_insert(unseen))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AttemptId, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
