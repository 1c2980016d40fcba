use std::time::{Duration, Instant};

use hearth_core::{RandomSource as _, SystemRandomSource};

use super::{
    answer::{Answer, Attempt},
    client::ClientError,
    stop::Stopper,
};
use crate::protocol::{GIVE_UP, LEAVING_GIVE_UP, REFUSED_GIVE_UP};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause for a server that may just be restarting, and for one that has been unreachable for
/// long.
const SHORT_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pauses grow to this fraction of the time that the server has not answered.
const PART_OF_SILENCE: u32 = 8;

/// How long to retry, and how long to pause in between.
pub(crate) struct Patience {
    stopper: Stopper,
    failing_since: Option<Instant>,
    refused_since: Option<Instant>,
    pause: Duration,
}

impl Patience {
    pub(crate) const fn new(stopper: Stopper) -> Self {
        Self { stopper, failing_since: None, refused_since: None, pause: FIRST_PAUSE }
    }

    /// The answer if there is one, or `None` after a pause; an error when it is time to give up.
    pub(crate) async fn next(&mut self, attempt: Attempt) -> Result<Option<Answer>, ClientError> {
        match attempt {
            Attempt::Answer(answer) => return Ok(Some(answer)),
            Attempt::Gone => return Err(ClientError::Gone),
            Attempt::Refused => {
                if self.refused_since.get_or_insert_with(Instant::now).elapsed() > REFUSED_GIVE_UP {
                    return Err(ClientError::Gone);
                }
            }
            Attempt::Nothing => self.refused_since = None,
        }
        self.pause().await?;
        Ok(None)
    }

    /// Pauses before the next try, or gives up.
    pub(crate) async fn pause(&mut self) -> Result<(), ClientError> {
        let failing_since = *self.failing_since.get_or_insert_with(Instant::now);
        if is_over(failing_since, self.stopper.leaving_since()) {
            return Err(ClientError::GaveUp);
        }
        tokio::select! {
            () = tokio::time::sleep(with_jitter(self.pause)) => {}
            // From then on there is little time left.
            () = self.stopper.wait_to_leave(), if self.stopper.leaving_since().is_none() => {}
        }
        let longest = (failing_since.elapsed() / PART_OF_SILENCE).clamp(SHORT_PAUSE, LONGEST_PAUSE);
        self.pause = (self.pause * 2).min(longest);
        Ok(())
    }
}

/// Whether the server has been unreachable for as long as we retry.
fn is_over(failing_since: Instant, leaving_since: Option<Instant>) -> bool {
    failing_since.elapsed() > GIVE_UP
        || leaving_since.is_some_and(|leaving| leaving.max(failing_since).elapsed() > LEAVING_GIVE_UP)
}

/// Up to a quarter more, so that agents do not retry all at once.
pub(crate) fn with_jitter(pause: Duration) -> Duration {
    let mut byte = [0];
    SystemRandomSource.fill(&mut byte);
    pause + pause * u32::from(byte[0]) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ago(duration: Duration) -> Instant {
        Instant::now().checked_sub(duration).expect("the machine is up for longer")
    }

    #[test]
    fn a_silent_server_is_waited_for_long_and_only_minutes_once_the_agent_is_to_leave() {
        let minutes = Duration::from_mins;
        assert!(!is_over(ago(minutes(30)), None));
        assert!(is_over(ago(minutes(30)), Some(ago(minutes(6)))));
        assert!(!is_over(ago(minutes(30)), Some(ago(minutes(4)))));
        assert!(!is_over(ago(minutes(4)), Some(ago(minutes(30)))), "it was there until then");
    }

    #[test]
    fn jitter_adds_a_quarter_at_most() {
        let pause = Duration::from_secs(8);
        for _ in 0..100 {
            let longer = with_jitter(pause);
            assert!(longer >= pause && longer < Duration::from_secs(10), "{longer:?}");
        }
    }
}
