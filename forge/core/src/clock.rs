use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::Timestamp;

/// The source of the current time. Injected everywhere, so that tests control it.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Wall-clock time. It jumps when somebody sets the machine's clock.
    fn now(&self) -> Timestamp;

    /// For measuring durations: it never goes backwards, even when the clock is set. Meaningless to another
    /// process.
    fn monotonic(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    fn now(&self) -> Timestamp {
        Timestamp::new(jiff::Timestamp::now())
    }

    fn monotonic(&self) -> Instant {
        Instant::now()
    }
}

/// A clock that only moves when told to. Clones share the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<Mutex<Hands>>);

#[derive(Clone, Copy, Debug)]
struct Hands {
    now: Timestamp,
    monotonic: Instant,
}

impl FixedClock {
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Hands { now: time, monotonic: Instant::now() })))
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hands.now = hands.now + by;
        hands.monotonic += by;
    }

    /// Sets the wall clock; the monotonic clock stands still.
    pub fn set(&self, time: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now = time;
    }

    fn hands(&self) -> Hands {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.hands().now
    }

    fn monotonic(&self) -> Instant {
        self.hands().monotonic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_measures_as_before() {
        let (test_start, hour) = (Timestamp::from_second(1_790_000_000), Duration::from_hours(1));
        let clock = FixedClock::at(test_start);
        let begun = clock.monotonic();
        clock.set(test_start + hour);
        assert_eq!((clock.now(), clock.monotonic()), (test_start + hour, begun));
        clock.advance(Duration::from_secs(5));
        clock.set(test_start - hour);
        assert_eq!(clock.now(), test_start - hour);
        assert_eq!(clock.monotonic() - begun, Duration::from_secs(5));
    }
}
