//! What the watches have reported, per attempt, and the conclusions from it.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use hearth_core::Reason;
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};

use super::{
    conclusion::{Facts, conclude},
    names::ATTEMPT,
    pod_state::{self, PodState},
    watched::{WatchedJob, WatchedPod},
};
use crate::engine::{Handle, Observation};

/// Attempts of this Hearth in one cluster.
#[derive(Default)]
pub(super) struct Cache {
    attempts: HashMap<Handle, Entry>,
    /// Counts how often all Jobs, and all pods, were relisted.
    jobs_round: u64,
    pods_round: u64,
}

#[derive(Default)]
struct Entry {
    job: Option<WatchedJob>,
    pods: BTreeMap<String, WatchedPod>,
    /// Why the cluster removed a pod, kept for when the pod is gone.
    cause: Option<(Reason, String)>,
    /// The cluster's reason for a Job that is suspended or has no pod: the queue's message, or who rejects
    /// the pod.
    note: Option<(Reason, String)>,
    /// The last observation that was reported.
    last: Option<Observation>,
}

impl Cache {
    pub(super) fn begin_jobs(&mut self) {
        self.jobs_round += 1;
    }

    pub(super) fn begin_pods(&mut self) {
        self.pods_round += 1;
    }

    /// Ends a relist: Jobs missing from it are gone. Those created meanwhile were recorded in this round.
    pub(super) fn end_jobs(&mut self) {
        let round = self.jobs_round;
        for entry in self.attempts.values_mut() {
            entry.job = entry.job.take().filter(|job| job.round >= round);
        }
    }

    pub(super) fn end_pods(&mut self) {
        let round = self.pods_round;
        for entry in self.attempts.values_mut() {
            entry.pods.retain(|_, pod| pod.round >= round);
        }
    }

    pub(super) fn handles(&self) -> Vec<Handle> {
        self.attempts.keys().cloned().collect()
    }

    /// The namespaces of all Jobs, each with the value of a label on its Jobs.
    pub(super) fn namespaces_by_label(&self, label: &str) -> BTreeMap<String, String> {
        let jobs = self.attempts.values().filter_map(|entry| Some(&entry.job.as_ref()?.object.metadata));
        jobs.filter_map(|job| Some((job.namespace.clone()?, job.labels.as_ref()?.get(label)?.clone())))
            .collect()
    }

    pub(super) fn put_job(&mut self, job: Job, now: Instant) -> Option<Handle> {
        let handle = handle_of(job.metadata.labels.as_ref())?;
        let round = self.jobs_round;
        let entry = self.attempts.entry(handle.clone()).or_default();
        if entry.is_suspended() != is_suspended(&job) {
            // The reason no longer applies.
            entry.note = None;
        }
        entry.job = Some(WatchedJob::new(job, entry.job.as_ref(), round, now));
        Some(handle)
    }

    /// Records a Job that was just created, unless a watch was faster and knows more.
    pub(super) fn insert_created(&mut self, job: Job, now: Instant) {
        let handle = handle_of(job.metadata.labels.as_ref());
        if handle.is_some_and(|handle| self.job(&handle).is_none()) {
            self.put_job(job, now);
        }
    }

    pub(super) fn put_pod(&mut self, pod: Pod, now: Instant) -> Option<Handle> {
        let handle = handle_of(pod.metadata.labels.as_ref())?;
        let name = pod.metadata.name.clone()?;
        let round = self.pods_round;
        let entry = self.attempts.entry(handle.clone()).or_default();
        if let Some(cause) = pod_state::cause(&pod) {
            entry.cause = Some(cause);
        }
        let pod = WatchedPod::new(pod, entry.pods.get(&name), round, now);
        entry.pods.insert(name, pod);
        Some(handle)
    }

    pub(super) fn drop_job(&mut self, job: &Job) -> Option<Handle> {
        let handle = handle_of(job.metadata.labels.as_ref())?;
        self.attempts.get_mut(&handle)?.job = None;
        Some(handle)
    }

    pub(super) fn drop_pod(&mut self, pod: &Pod) -> Option<Handle> {
        let handle = handle_of(pod.metadata.labels.as_ref())?;
        let entry = self.attempts.get_mut(&handle)?;
        if let Some(cause) = pod_state::cause(pod) {
            entry.cause = Some(cause);
        }
        entry.pods.remove(pod.metadata.name.as_deref()?);
        if entry.job.is_none() && entry.pods.is_empty() && entry.last.is_none() {
            self.attempts.remove(&handle);
        }
        Some(handle)
    }

    /// Records why a Job is suspended or has no pod yet; `None` if nothing blocks it any more. Returns
    /// whether it changed.
    pub(super) fn note(&mut self, handle: &Handle, note: Option<(Reason, String)>) -> bool {
        let Some(entry) = self.attempts.get_mut(handle) else { return false };
        let is_news = entry.note != note;
        entry.note = note;
        is_news
    }

    /// Who is removing a running attempt, if the cluster says so.
    pub(super) fn leaving(&self, handle: &Handle) -> Option<(Reason, String)> {
        let entry = self.attempts.get(handle)?;
        if !entry.is_suspended() {
            return entry.cause.clone();
        }
        let (reason, detail) = entry.note.clone().unwrap_or((Reason::QueueCluster, String::new()));
        let is_for_another = reason == Reason::Preempted;
        Some((if is_for_another { reason } else { Reason::RunSuspended }, detail))
    }

    pub(super) fn job(&self, handle: &Handle) -> Option<&Job> {
        Some(&self.attempts.get(handle)?.job.as_ref()?.object)
    }

    pub(super) fn pods(&self, handle: &Handle) -> impl Iterator<Item = &Pod> {
        self.attempts.get(handle).into_iter().flat_map(|entry| entry.pods.values()).map(|pod| &pod.object)
    }

    /// The machines of an attempt's pods, by rank; empty for pods that have none yet.
    pub(super) fn machines(&self, handle: &Handle) -> Vec<String> {
        let places =
            self.pods(handle).map(|pod| (pod_state::rank(pod), pod_state::machine(pod).unwrap_or_default()));
        let places: BTreeMap<u32, String> = places.collect();
        let count = places.last_key_value().map_or(0, |(rank, _)| rank + 1);
        (0..count).map(|rank| places.get(&rank).cloned().unwrap_or_default()).collect()
    }

    pub(super) fn forget(&mut self, handle: &Handle) {
        self.attempts.remove(handle);
    }

    /// Attempts whose observation changes with time alone.
    pub(super) fn time_dependent(&self) -> Vec<Handle> {
        let is_restless = |entry: &&Entry| !matches!(&entry.last, Some(last) if last.is_over());
        self.attempts
            .iter()
            .filter(|(_, entry)| is_restless(entry) && entry.job.is_some())
            .filter(|(_, entry)| {
                matches!(entry.last, Some(Observation::Pending { .. }))
                    || entry.is_suspended()
                    || entry.pods.values().any(|pod| pod.object.metadata.deletion_timestamp.is_some())
            })
            .map(|(handle, _)| handle.clone())
            .collect()
    }

    /// Attempts that were there and have disappeared without an end being reported.
    pub(super) fn vanished(&self) -> Vec<Handle> {
        let is_vanished = |entry: &&Entry| {
            entry.job.is_none()
                && entry.pods.is_empty()
                && matches!(&entry.last, Some(last) if !last.is_over())
        };
        self.attempts
            .iter()
            .filter(|(_, entry)| is_vanished(entry))
            .map(|(handle, _)| handle.clone())
            .collect()
    }

    /// Jobs that are suspended or have no pod, with how long they have been known, for looking up the reason.
    pub(super) fn unexplained(&self, now: Instant) -> Vec<(Handle, Job, Duration)> {
        let waits = |entry: &Entry| {
            let is_over = matches!(&entry.last, Some(last) if last.is_over());
            !is_over && (entry.pods.is_empty() || entry.is_suspended())
        };
        let waiting = self.attempts.iter().filter(|(_, entry)| waits(entry));
        waiting
            .filter_map(|(handle, entry)| {
                let job = entry.job.as_ref()?;
                Some((handle.clone(), job.object.clone(), job.age(now)))
            })
            .collect()
    }

    /// The observed state of an attempt; `None` if it has no Job here.
    pub(super) fn observe(&self, handle: &Handle, now: Instant, patience: Duration) -> Option<Observation> {
        let entry = self.attempts.get(handle)?;
        match &entry.job {
            Some(job) => Some(entry.conclude(&job.object, now, patience)),
            // Somebody deleted the Job; its agent has the pod's grace period to finish.
            None if entry.last.is_some() && !entry.pods.is_empty() => entry.last.clone(),
            None => None,
        }
    }

    /// Observes again, and returns what changed. `Vanished` means it is gone and no end was reported.
    pub(super) fn news(&mut self, handle: &Handle, now: Instant, patience: Duration) -> News {
        let seen = self.observe(handle, now, patience);
        let Some(entry) = self.attempts.get_mut(handle) else { return News::None };
        let Some(seen) = seen else {
            let was_told = entry.last.as_ref().is_some_and(|last| !last.is_over());
            return if was_told { News::Vanished } else { News::None };
        };
        // An end is reported once: the kubelet later words the same causes differently.
        if entry.last.as_ref().is_some_and(|last| last.is_over() || *last == seen) {
            return News::None;
        }
        entry.last = Some(seen.clone());
        News::Changed(seen)
    }

    /// Marks an attempt as lost whose Job is gone for good, with the cause as far as the cluster gave one.
    pub(super) fn mark_lost(&mut self, handle: &Handle) -> Option<Observation> {
        let entry = self.attempts.get_mut(handle)?;
        if entry.last.as_ref().is_none_or(Observation::is_over) {
            return None;
        }
        let (reason, detail) = entry
            .cause
            .clone()
            .unwrap_or((Reason::RunRemoved, "its Job is not in the cluster any more".to_owned()));
        let lost = Observation::Lost { reason, detail };
        entry.last = Some(lost.clone());
        Some(lost)
    }
}

/// The result of observing again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    None,
    Changed(Observation),
    /// It existed and is completely gone.
    Vanished,
}

pub(super) fn handle_of(labels: Option<&BTreeMap<String, String>>) -> Option<Handle> {
    labels?.get(ATTEMPT).cloned().map(Handle)
}

/// A suspended Job: its queue resumes it when its turn comes, and may suspend it again later.
pub(super) fn is_suspended(job: &Job) -> bool {
    job.spec.as_ref().and_then(|spec| spec.suspend) == Some(true)
}

impl Entry {
    fn is_suspended(&self) -> bool {
        self.job.as_ref().is_some_and(|job| is_suspended(&job.object))
    }

    fn conclude(&self, job: &Job, now: Instant, patience: Duration) -> Observation {
        let look = |pod: &WatchedPod| {
            let (pod, waited) = (&pod.object, pod.waited(now));
            (pod_state::rank(pod), pod_state::machine(pod), pod_state::look(pod, waited, patience))
        };
        let mut pod_states: Vec<(u32, Option<String>, PodState)> = self.pods.values().map(look).collect();
        pod_states.sort_by_key(|(rank, ..)| *rank);
        conclude(&Facts {
            job,
            is_suspended: is_suspended(job),
            pod_states,
            has_pods: !self.pods.is_empty(),
            cause: self.cause.as_ref(),
            note: self.note.as_ref(),
            last: self.last.as_ref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(2);

    fn handle() -> Handle {
        Handle("hearth-7-1".to_owned())
    }

    fn labels() -> serde_json::Value {
        serde_json::json!({ "hearth.dev/attempt": "hearth-7-1" })
    }

    fn job(nodes: u32, condition: Option<&str>) -> Job {
        let conditions: Vec<_> = condition
            .iter()
            .map(|kind| serde_json::json!({ "type": kind, "status": "True", "message": "limit reached" }))
            .collect();
        serde_json::from_value(serde_json::json!({
            "metadata": { "name": "hearth-7-1", "labels": labels() },
            "spec": { "completions": nodes, "template": {} },
            "status": { "conditions": conditions },
        }))
        .unwrap()
    }

    fn pod(rank: u32, phase: &str) -> Pod {
        serde_json::from_value(serde_json::json!({
            "metadata": {
                "name": format!("p-{rank}"),
                "labels": labels(),
                "annotations": { "batch.kubernetes.io/job-completion-index": rank.to_string() },
            },
            "spec": { "nodeName": format!("n-{rank}"), "containers": [] },
            "status": { "phase": phase },
        }))
        .unwrap()
    }

    fn news(cache: &mut Cache) -> News {
        cache.news(&handle(), Instant::now(), PATIENCE)
    }

    fn running(machine: &str) -> News {
        News::Changed(Observation::Running { machine: Some(machine.to_owned()) })
    }

    #[test]
    fn a_change_is_told_once() {
        let mut cache = Cache::default();
        cache.put_job(job(1, None), Instant::now());
        assert!(matches!(
            news(&mut cache),
            News::Changed(Observation::Pending { reason: Reason::StageStart, .. })
        ));
        assert_eq!(news(&mut cache), News::None);
        cache.put_pod(pod(0, "Running"), Instant::now());
        assert_eq!(news(&mut cache), running("n-0"));
        cache.put_pod(pod(0, "Succeeded"), Instant::now());
        assert_eq!(news(&mut cache), News::Changed(Observation::Exited { delivered: true }));
        cache.put_job(job(1, Some("Complete")), Instant::now());
        assert_eq!(news(&mut cache), News::None);
    }

    #[test]
    fn several_nodes_run_when_all_of_them_do() {
        let mut cache = Cache::default();
        cache.put_job(job(2, None), Instant::now());
        cache.put_pod(pod(0, "Running"), Instant::now());
        assert!(matches!(news(&mut cache), News::Changed(Observation::Pending { .. })));
        cache.put_pod(pod(1, "Running"), Instant::now());
        assert_eq!(news(&mut cache), running("n-0"));
        assert_eq!(cache.machines(&handle()), ["n-0", "n-1"]);
        cache.put_pod(pod(1, "Succeeded"), Instant::now());
        assert_eq!(news(&mut cache), News::None, "one is ready before the other");
        cache.put_pod(pod(0, "Succeeded"), Instant::now());
        assert_eq!(news(&mut cache), News::Changed(Observation::Exited { delivered: true }));
    }

    #[test]
    fn a_pod_that_was_taken_away_says_why_after_it_is_gone() {
        let mut cache = Cache::default();
        cache.put_job(job(1, None), Instant::now());
        let mut taken = pod(0, "Running");
        cache.put_pod(taken.clone(), Instant::now());
        news(&mut cache);
        let condition = serde_json::json!({ "type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler" });
        taken.status.as_mut().unwrap().conditions = Some(vec![serde_json::from_value(condition).unwrap()]);
        cache.put_pod(taken.clone(), Instant::now());
        assert_eq!(news(&mut cache), News::None, "its agent still has its grace");
        cache.drop_pod(&taken);
        assert_eq!(news(&mut cache), News::None, "the Job has not said so yet");
        cache.put_job(job(1, Some("Failed")), Instant::now());
        assert!(matches!(
            news(&mut cache),
            News::Changed(Observation::Lost { reason: Reason::Preempted, .. })
        ));
    }

    #[test]
    fn a_job_that_was_deleted_is_lost_when_its_pods_are_gone() {
        let mut cache = Cache::default();
        cache.put_job(job(1, None), Instant::now());
        cache.put_pod(pod(0, "Running"), Instant::now());
        news(&mut cache);
        cache.drop_job(&job(1, None));
        assert_eq!(news(&mut cache), News::None);
        cache.drop_pod(&pod(0, "Running"));
        assert_eq!(news(&mut cache), News::Vanished);
        assert!(matches!(
            cache.mark_lost(&handle()),
            Some(Observation::Lost { reason: Reason::RunRemoved, .. })
        ));
        assert_eq!(cache.mark_lost(&handle()), None, "it is told once");
    }

    #[test]
    fn a_list_takes_away_what_it_does_not_name_but_not_what_was_made_meanwhile() {
        let mut cache = Cache::default();
        cache.begin_jobs();
        cache.put_job(job(1, None), Instant::now());
        cache.end_jobs();
        assert!(cache.job(&handle()).is_some());
        cache.begin_jobs();
        let mut made = job(1, None);
        made.metadata.labels.as_mut().unwrap().insert(ATTEMPT.to_owned(), "hearth-8-1".to_owned());
        cache.put_job(made, Instant::now());
        cache.end_jobs();
        assert!(cache.job(&Handle("hearth-8-1".to_owned())).is_some());
        assert!(cache.job(&handle()).is_none());
    }

    #[test]
    fn a_node_that_is_lost_ends_all_of_them() {
        let mut cache = Cache::default();
        cache.put_job(job(2, None), Instant::now());
        cache.put_pod(pod(0, "Running"), Instant::now());
        let mut lost = pod(1, "Failed");
        lost.status.as_mut().unwrap().reason = Some("Evicted".to_owned());
        cache.put_pod(lost, Instant::now());
        let News::Changed(Observation::Lost { reason, detail }) = news(&mut cache) else { panic!() };
        assert_eq!(reason, Reason::RunEvicted);
        assert!(detail.starts_with("node 1: "));
    }

    #[test]
    fn a_job_asleep_waits_in_the_clusters_queue_with_its_words() {
        let mut cache = Cache::default();
        let mut asleep = job(1, None);
        asleep.spec.as_mut().unwrap().suspend = Some(true);
        cache.put_job(asleep, Instant::now());
        assert!(matches!(
            news(&mut cache),
            News::Changed(Observation::Pending { reason: Reason::QueueCluster, .. })
        ));
        cache.note(&handle(), Some((Reason::QueueCluster, "place 3".to_owned())));
        let told = Observation::Pending { reason: Reason::QueueCluster, detail: "place 3".to_owned() };
        assert_eq!(news(&mut cache), News::Changed(told));
    }

    #[test]
    fn a_job_that_its_queue_puts_back_waits_there_again_when_its_agent_has_had_its_grace() {
        let mut cache = Cache::default();
        cache.put_job(job(1, None), Instant::now());
        cache.put_pod(pod(0, "Running"), Instant::now());
        assert_eq!(news(&mut cache), running("n-0"));
        assert_eq!(cache.leaving(&handle()), None);
        let mut asleep = job(1, None);
        asleep.spec.as_mut().unwrap().suspend = Some(true);
        cache.put_job(asleep, Instant::now());
        assert_eq!(news(&mut cache), News::None);
        assert!(matches!(cache.leaving(&handle()), Some((Reason::RunSuspended, _))));
        cache.put_pod(pod(0, "Failed"), Instant::now());
        assert_eq!(news(&mut cache), News::None, "its kubelet ended it");
        cache.drop_pod(&pod(0, "Failed"));
        assert_eq!(news(&mut cache), News::None, "its queue has not said why");
        cache.note(&handle(), Some((Reason::Preempted, "for another".to_owned())));
        assert_eq!(cache.time_dependent(), [handle()]);
        assert!(matches!(cache.leaving(&handle()), Some((Reason::Preempted, _))));
        let told = Observation::Pending { reason: Reason::Preempted, detail: "for another".to_owned() };
        assert_eq!(news(&mut cache), News::Changed(told));
        cache.put_job(job(1, None), Instant::now());
        assert!(matches!(
            news(&mut cache),
            News::Changed(Observation::Pending { reason: Reason::StageStart, .. })
        ));
    }
}
