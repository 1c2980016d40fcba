//! How long a client may keep the server waiting.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

/// The waiting time of every client, and the rate at which it earns more.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    most: Duration,
    slowest_bytes_per_second: u32,
}

impl Pace {
    /// A client may keep the server waiting for `most`, and longer only while it keeps up this rate.
    pub fn new(most: Duration, slowest_bytes_per_second: u32) -> Self {
        Self { most, slowest_bytes_per_second: slowest_bytes_per_second.max(1) }
    }

    /// What remains of `left` after a wait, and after the bytes that ended it.
    fn left(self, left: Duration, waited: Duration, bytes: usize) -> Duration {
        let earned_ms = 1000 * bytes as u64 / u64::from(self.slowest_bytes_per_second);
        left.saturating_sub(waited).saturating_add(Duration::from_millis(earned_ms)).min(self.most)
    }
}

/// The waiting time that one client has left. Waiting uses it up and transferred bytes earn it back, so that
/// stalling and trickling are treated alike, while a transfer that keeps up the minimum rate may take as long
/// as it needs. Only time in which the server waits counts: a client that has nothing to do is idle, not
/// slow.
#[derive(Debug)]
pub struct Patience {
    pace: Pace,
    left: Duration,
    since: Option<Instant>,
    end: Pin<Box<Sleep>>,
}

impl Patience {
    pub fn new(pace: Pace) -> Self {
        Self { pace, left: pace.most, since: None, end: Box::pin(tokio::time::sleep(pace.most)) }
    }

    /// Polls while waiting for the client. Ready once its time is used up.
    pub fn poll_lost(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            self.end.as_mut().reset(now + self.left);
        }
        self.end.as_mut().poll(context)
    }

    /// Bytes were transferred, which ends any wait.
    pub fn moved(&mut self, bytes: usize) {
        let waited = self.since.take().map_or(Duration::ZERO, |since| since.elapsed());
        self.left = self.pace.left(self.left, waited, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { most: Duration::from_secs(10), slowest_bytes_per_second: 100 };
    const SECOND: Duration = Duration::from_secs(1);

    /// How many times a client may wait this long for this many bytes.
    fn rounds(waited: Duration, bytes: usize) -> usize {
        let mut left = PACE.most;
        for round in 0..1000 {
            if left < waited {
                return round;
            }
            left = PACE.left(left, waited, bytes);
        }
        1000
    }

    #[test]
    fn a_trickle_ends_as_silence_does() {
        assert_eq!(rounds(SECOND, 0), 10);
        assert_eq!(rounds(SECOND, 1), 10);
        assert_eq!(rounds(SECOND, 50), 19);
    }

    #[test]
    fn who_keeps_the_pace_goes_on_for_hours_with_pauses() {
        assert_eq!(rounds(SECOND, 100), 1000);
        assert_eq!(rounds(9 * SECOND, 900), 1000);
    }

    #[test]
    fn nobody_earns_a_longer_pause_by_sending_much() {
        assert_eq!(PACE.left(SECOND, SECOND, 1 << 30), PACE.most);
    }
}
