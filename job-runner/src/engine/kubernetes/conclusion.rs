//! What follows from everything the watches reported about an attempt: the first rule with an answer decides.

use std::collections::BTreeSet;

use hearth_core::Reason;
use k8s_openapi::api::batch::v1::Job;

use super::pod_state::PodState;
use crate::engine::Observation;

/// What is known of an attempt whose Job is in the cluster.
pub(super) struct Facts<'a> {
    pub(super) job: &'a Job,
    /// The Job is suspended.
    pub(super) is_suspended: bool,
    /// The state of its pods, by rank, with the machine of each.
    pub(super) pod_states: Vec<(u32, Option<String>, PodState)>,
    pub(super) has_pods: bool,
    /// Why the cluster removed a pod.
    pub(super) cause: Option<&'a (Reason, String)>,
    /// The cluster's reason for a Job that is suspended or has no pod.
    pub(super) note: Option<&'a (Reason, String)>,
    /// The last observation that was reported.
    pub(super) last: Option<&'a Observation>,
}

type Rule = fn(&Facts<'_>) -> Option<Observation>;

/// The rules in order; each applies if none before it has an answer.
const RULES: &[(&str, Rule)] = &[
    ("a lost pod loses the attempt", lost_pod),
    ("a complete Job has exited", complete),
    ("a failed Job keeps the end that was told", failed_after_an_end),
    ("a failed Job is lost for the reason that the cluster gave", failed_for_a_cause),
    ("a failed Job whose agents came to an end has exited", failed_after_its_agents),
    ("a failed Job is lost", failed),
    ("agents that have all come to an end have exited", all_ended),
    ("an attempt that is put back has its grace", asleep_in_its_grace),
    ("a Job that is asleep waits in its queue", asleep),
    ("a pod that waits keeps the attempt waiting", waiting_pod),
    ("an attempt runs when all its pods do", all_running),
    // A missing pod is about to fail the Job.
    ("an attempt at work does not wait again", still_running),
];

/// The state of an attempt, as far as it was reported.
pub(super) fn conclude(facts: &Facts<'_>) -> Observation {
    let answer = RULES.iter().find_map(|(name, rule)| Some((*name, rule(facts)?)));
    let (rule, observation) =
        answer.unwrap_or_else(|| ("an attempt without its pods waits for them", facts.waiting()));
    tracing::trace!(job = facts.job.metadata.name, rule, "an attempt was observed");
    observation
}

impl Facts<'_> {
    fn nodes(&self) -> usize {
        let nodes = self.job.spec.as_ref().and_then(|spec| spec.completions).unwrap_or(1);
        usize::try_from(nodes).unwrap_or(usize::MAX)
    }

    /// The states of its pods. If the queue suspended the Job, its pods are being deleted, so how they end
    /// means nothing unless their machine is gone.
    fn pod_states(&self) -> impl Iterator<Item = &(u32, Option<String>, PodState)> {
        self.pod_states.iter().filter(|(.., pod_state)| match pod_state {
            PodState::Lost(reason, _) => !self.is_suspended || *reason == Reason::RunNodeLost,
            PodState::Ended(delivered) => !self.is_suspended || *delivered,
            _ => true,
        })
    }

    /// For each agent that ended, whether the server has answered its `finish`.
    fn ended(&self) -> impl Iterator<Item = bool> {
        self.pod_states().filter_map(|(.., pod_state)| match pod_state {
            PodState::Ended(delivered) => Some(*delivered),
            _ => None,
        })
    }

    fn exited(&self) -> Observation {
        Observation::Exited { delivered: self.ended().all(|delivered| delivered) }
    }

    /// Why a pod is pending, if one is.
    fn pending(&self) -> Option<(Reason, &str)> {
        self.pod_states().find_map(|(.., pod_state)| match pod_state {
            PodState::Pending(reason, detail) => Some((*reason, detail.as_str())),
            _ => None,
        })
    }

    fn was_running(&self) -> bool {
        matches!(self.last, Some(Observation::Running { .. }))
    }

    /// Reason and message of the condition that failed the Job.
    fn failure(&self) -> Option<(Option<&str>, &str)> {
        condition(self.job, "Failed")
    }

    fn waiting(&self) -> Observation {
        let (reason, detail) = match self.note {
            Some(note) => note.clone(),
            None if self.is_suspended => (Reason::QueueCluster, String::new()),
            None => (Reason::StageStart, String::new()),
        };
        Observation::Pending { reason, detail }
    }
}

fn lost_pod(facts: &Facts<'_>) -> Option<Observation> {
    facts.pod_states().find_map(|(rank, _, pod_state)| {
        let PodState::Lost(reason, detail) = pod_state else { return None };
        let detail = if facts.nodes() > 1 { format!("node {rank}: {detail}") } else { detail.clone() };
        Some(Observation::Lost { reason: *reason, detail })
    })
}

fn complete(facts: &Facts<'_>) -> Option<Observation> {
    condition(facts.job, "Complete").map(|_| facts.exited())
}

fn failed_after_an_end(facts: &Facts<'_>) -> Option<Observation> {
    facts.failure()?;
    facts.last.filter(|last| last.is_over()).cloned()
}

fn failed_for_a_cause(facts: &Facts<'_>) -> Option<Observation> {
    facts.failure()?;
    facts.cause.map(|(reason, detail)| Observation::Lost { reason: *reason, detail: detail.clone() })
}

fn failed_after_its_agents(facts: &Facts<'_>) -> Option<Observation> {
    facts.failure()?;
    facts.ended().next().map(|_| facts.exited())
}

fn failed(facts: &Facts<'_>) -> Option<Observation> {
    let (reason, message) = facts.failure()?;
    let code = if reason == Some("DeadlineExceeded") { Reason::LimitTime } else { Reason::PlatformFault };
    Some(Observation::Lost { reason: code, detail: message.to_owned() })
}

fn all_ended(facts: &Facts<'_>) -> Option<Observation> {
    let count = facts.ended().count();
    (count > 0 && count >= facts.nodes()).then(|| facts.exited())
}

/// The agent still has its grace period; after that the queue is asked for the reason.
fn asleep_in_its_grace(facts: &Facts<'_>) -> Option<Observation> {
    let is_explained = !facts.has_pods && facts.note.is_some();
    facts.last.filter(|_| facts.is_suspended && facts.was_running() && !is_explained).cloned()
}

fn asleep(facts: &Facts<'_>) -> Option<Observation> {
    facts.is_suspended.then(|| facts.waiting())
}

fn waiting_pod(facts: &Facts<'_>) -> Option<Observation> {
    let (reason, detail) = facts.pending().filter(|_| !facts.was_running())?;
    Some(Observation::Pending { reason, detail: detail.to_owned() })
}

fn all_running(facts: &Facts<'_>) -> Option<Observation> {
    let ranks: BTreeSet<u32> = facts.pod_states().map(|(rank, ..)| *rank).collect();
    let are_running = facts.pending().is_none() && ranks.len() >= facts.nodes();
    are_running.then(|| Observation::Running {
        machine: facts.pod_states().find_map(|(_, machine, _)| machine.clone()),
    })
}

fn still_running(facts: &Facts<'_>) -> Option<Observation> {
    facts.last.filter(|_| facts.was_running()).cloned()
}

fn condition<'a>(job: &'a Job, kind: &str) -> Option<(Option<&'a str>, &'a str)> {
    let conditions = job.status.as_ref()?.conditions.as_ref()?;
    let found = conditions.iter().find(|condition| condition.type_ == kind && condition.status == "True")?;
    Some((found.reason.as_deref(), found.message.as_deref().unwrap_or_default()))
}
