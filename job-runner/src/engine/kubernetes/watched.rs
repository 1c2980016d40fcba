//! How long an object has been seen in its state, by this machine's monotonic clock. Timestamps in objects
//! come from other machines, whose clocks may be wrong: they are only for display.

use std::time::{Duration, Instant};

use k8s_openapi::{
    api::{batch::v1::Job, core::v1::Pod},
    apimachinery::pkg::apis::meta::v1::Time,
};

use super::pod_state;

/// A Job as it was last seen.
pub(super) struct WatchedJob {
    pub(super) object: Job,
    /// The number of the list in or after which it was last seen.
    pub(super) round: u64,
    since: Instant,
}

/// A pod as it was last seen.
pub(super) struct WatchedPod {
    pub(super) object: Pod,
    pub(super) round: u64,
    on_machine: Option<Instant>,
    /// Its deletion time, and since when that is set.
    ending: Option<(Time, Instant)>,
}

/// How long a pod has been in a state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waited {
    /// Since it has a machine.
    pub(super) on_machine: Duration,
    /// Since its deletion was requested, including its grace period.
    pub(super) ending: Duration,
}

impl WatchedJob {
    pub(super) fn new(object: Job, before: Option<&Self>, round: u64, now: Instant) -> Self {
        let before = before.filter(|before| before.object.metadata.uid == object.metadata.uid);
        Self { object, round, since: before.map_or(now, |before| before.since) }
    }

    pub(super) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }
}

impl WatchedPod {
    pub(super) fn new(object: Pod, before: Option<&Self>, round: u64, now: Instant) -> Self {
        let before = before.filter(|before| before.object.metadata.uid == object.metadata.uid);
        let on_machine = before.and_then(|before| before.on_machine);
        let on_machine = pod_state::machine(&object).map(|_| on_machine.unwrap_or(now));
        let ending = before.and_then(|before| before.ending.clone());
        // A shortened grace period starts anew.
        let ending = object.metadata.deletion_timestamp.clone().map(|until| match ending {
            Some((before, since)) if before == until => (before, since),
            _ => (until, now),
        });
        Self { object, round, on_machine, ending }
    }

    pub(super) fn waited(&self, now: Instant) -> Waited {
        let since =
            |since: Option<Instant>| since.map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        Waited {
            on_machine: since(self.on_machine),
            ending: since(self.ending.as_ref().map(|(_, since)| *since)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(uid: &str, machine: Option<&str>, until: Option<&str>) -> Pod {
        serde_json::from_value(serde_json::json!({
            "metadata": { "uid": uid, "deletionTimestamp": until },
            "spec": { "nodeName": machine, "containers": [] },
        }))
        .unwrap()
    }

    #[test]
    fn a_state_lasts_from_when_it_was_first_seen_whatever_the_objects_own_times_are() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let waits = WatchedPod::new(pod("1", None, None), None, 1, start);
        assert_eq!(waits.waited(after(60)).on_machine, Duration::ZERO);
        let placed = WatchedPod::new(pod("1", Some("n-0"), None), Some(&waits), 1, after(60));
        let again = WatchedPod::new(pod("1", Some("n-0"), None), Some(&placed), 2, after(70));
        assert_eq!(again.waited(after(90)).on_machine, Duration::from_secs(30));
        let (early, late) = ("1999-01-01T00:00:00Z", "2199-01-01T00:00:00Z");
        let ending = WatchedPod::new(pod("1", Some("n-0"), Some(late)), Some(&again), 2, after(100));
        let same = WatchedPod::new(pod("1", Some("n-0"), Some(late)), Some(&ending), 2, after(110));
        assert_eq!(same.waited(after(120)).ending, Duration::from_secs(20));
        let sooner = WatchedPod::new(pod("1", Some("n-0"), Some(early)), Some(&same), 2, after(120));
        assert_eq!(sooner.waited(after(121)).ending, Duration::from_secs(1));
        let other = WatchedPod::new(pod("2", Some("n-0"), None), Some(&sooner), 2, after(200));
        assert_eq!(
            other.waited(after(201)).on_machine,
            Duration::from_secs(1),
            "another pod of the same name"
        );
    }
}
