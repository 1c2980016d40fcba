//! What Kueue says about suspended Jobs, read from its own objects if it is installed.

use std::{cmp::Reverse, collections::HashMap, time::Duration};

use hearth_core::Reason;
use k8s_openapi::{api::batch::v1::Job, jiff::Timestamp};
use kube::{
    Api, Client,
    api::{ApiResource, ListParams, Object},
    discovery,
    error::DiscoveryError,
};
use serde::{Deserialize, de::IgnoredAny};

use super::{connect::answer, names::KUEUE_QUEUE};
use crate::engine::Handle;

const GROUP: &str = "kueue.x-k8s.io";
/// Kueue picks up a Job at once; a Job it has not picked up by then is not managed by it.
const TAKEN_UP_WITHIN: Duration = Duration::from_secs(30);

/// The fields of Kueue's objects that are read; every served version has them.
type Workload = Object<WorkloadSpec, WorkloadStatus>;
type LocalQueue = Object<LocalQueueSpec, IgnoredAny>;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WorkloadSpec {
    queue_name: String,
    priority: Option<i64>,
    active: bool,
}

impl Default for WorkloadSpec {
    fn default() -> Self {
        Self { queue_name: String::new(), priority: None, active: true }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WorkloadStatus {
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Condition {
    r#type: String,
    status: String,
    reason: String,
    message: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LocalQueueSpec {
    cluster_queue: String,
}

/// The state of a workload that is not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    InLine(Reason, String),
    /// It is not in line: it cannot be admitted before somebody acts.
    Aside(Reason, String),
}

/// A workload in line.
struct Waiting {
    job_uid: String,
    queue: String,
    priority: i64,
    created: Option<Timestamp>,
    reason: Reason,
    message: String,
}

/// A reason and Kueue's message, by Job.
pub(super) type Words = HashMap<String, (Reason, String)>;

/// The reasons for suspended Jobs, given with how long each has been known. `None` if the cluster does not
/// answer, so the previous reasons stand.
pub(super) async fn explain(client: &Client, asleep: &[(Handle, Job, Duration)]) -> Option<Words> {
    let by_uid = match look(client).await {
        Ok(Some(by_uid)) => by_uid,
        Ok(None) => return Some(of_each(asleep, |job, _| Some(not_installed(job)))),
        // The place in line is not shown then; everything else works.
        Err(kube::Error::Api(status)) if status.is_forbidden() => {
            return Some(of_each(asleep, |_, _| Some((Reason::QueueCluster, status.message.clone()))));
        }
        Err(_) => return None,
    };
    Some(of_each(asleep, |job, age| {
        let workload = job.metadata.uid.as_ref().and_then(|uid| by_uid.get(uid));
        workload.map_or_else(|| not_taken_up(job, age), Clone::clone)
    }))
}

fn of_each(
    asleep: &[(Handle, Job, Duration)],
    words: impl Fn(&Job, Duration) -> Option<(Reason, String)>,
) -> Words {
    asleep.iter().filter_map(|(handle, job, age)| Some((handle.0.clone(), words(job, *age)?))).collect()
}

fn not_installed(job: &Job) -> (Reason, String) {
    let queue = queue_of(job).unwrap_or_default();
    (
        Reason::QueueClusterClosed,
        format!("Kueue is not installed in this cluster: nobody opens its queue {queue}"),
    )
}

fn not_taken_up(job: &Job, age: Duration) -> Option<(Reason, String)> {
    let queue = queue_of(job).filter(|_| age >= TAKEN_UP_WITHIN)?;
    let detail = format!(
        "Kueue does not take it up for its queue {queue}: it does not run, or not for this namespace"
    );
    Some((Reason::QueueClusterClosed, detail))
}

fn queue_of(job: &Job) -> Option<&str> {
    job.metadata.labels.as_ref()?.get(KUEUE_QUEUE).map(String::as_str)
}

/// What Kueue says about its workloads, by the UID of their Jobs; `None` for admitted ones.
type Told = HashMap<String, Option<(Reason, String)>>;

/// `None` if Kueue is not installed.
async fn look(client: &Client) -> kube::Result<Option<Told>> {
    let Some((workloads, queues)) = in_time(served(client)).await? else { return Ok(None) };
    // The API server's cache is fresh enough, and cheaper for it.
    let all = ListParams::default().match_any();
    let workloads: Api<Workload> = Api::all_with(client.clone(), &workloads);
    let workloads = in_time(workloads.list(&all)).await?.items;
    let queues: Api<LocalQueue> = Api::all_with(client.clone(), &queues);
    let queues = in_time(queues.list(&all)).await.map(|found| found.items).unwrap_or_default();
    Ok(Some(tell(&workloads, &queues)))
}

async fn in_time<T>(call: impl Future<Output = kube::Result<T>>) -> kube::Result<T> {
    let late = |error| kube::Error::Service(Box::new(error));
    answer(call).await.unwrap_or_else(|error| Err(late(error)))
}

/// `Workload`s and `LocalQueue`s in the version that the cluster prefers.
async fn served(client: &Client) -> kube::Result<Option<(ApiResource, ApiResource)>> {
    let group = match discovery::group(client, GROUP).await {
        Err(kube::Error::Discovery(DiscoveryError::MissingApiGroup(_))) => return Ok(None),
        found => found?,
    };
    let kind = |name: &str| group.recommended_kind(name).map(|(resource, _)| resource);
    Ok(kind("Workload").zip(kind("LocalQueue")))
}

fn tell(workloads: &[Workload], queues: &[LocalQueue]) -> Told {
    let mut told = Told::new();
    let mut line = Vec::new();
    for workload in workloads {
        let owner = workload.metadata.owner_references.iter().flatten().find(|owner| owner.kind == "Job");
        let Some(owner) = owner else { continue };
        match standing(workload) {
            None => drop(told.insert(owner.uid.clone(), None)),
            Some(Standing::Aside(reason, message)) => {
                told.insert(owner.uid.clone(), Some((reason, message)));
            }
            Some(Standing::InLine(reason, message)) => line.push(Waiting {
                job_uid: owner.uid.clone(),
                queue: line_of(workload, queues),
                priority: workload.spec.priority.unwrap_or(0),
                created: workload.metadata.creation_timestamp.as_ref().map(|at| at.0),
                reason,
                message,
            }),
        }
    }
    told.extend(places(line));
    told
}

/// Its state; `None` if it was admitted.
fn standing(workload: &Workload) -> Option<Standing> {
    let conditions = workload.status.iter().flat_map(|status| &status.conditions);
    let find = |kind: &str| conditions.clone().find(|condition| condition.r#type == kind);
    let holding = |kind: &str| find(kind).filter(|condition| condition.status == "True");
    let reserved = find("QuotaReserved");
    let message = reserved.map(|reserved| reserved.message.clone()).unwrap_or_default();
    // It cannot be admitted as it is: its pods contradict the machines of the queue.
    if let Some(finished) = holding("Finished") {
        return Some(Standing::Aside(Reason::QueueClusterRefused, finished.message.clone()));
    }
    let evicted = holding("Evicted");
    if evicted.is_none() && holding("Admitted").is_some() {
        return None;
    }
    let is_closed =
        !workload.spec.active || reserved.is_some_and(|reserved| reserved.reason == "Inadmissible");
    let message = evicted.map_or(message, |evicted| evicted.message.clone());
    Some(match (evicted, reserved) {
        (Some(evicted), _) if evicted.reason == "Preempted" => Standing::InLine(Reason::Preempted, message),
        _ if is_closed => Standing::Aside(Reason::QueueClusterClosed, message),
        // Only its admission checks are pending.
        (None, Some(reserved)) if reserved.status == "True" => Standing::Aside(Reason::QueueCluster, message),
        _ => Standing::InLine(Reason::QueueCluster, message),
    })
}

/// The `ClusterQueue` behind a `LocalQueue`: namespaces share its line. The `LocalQueue` itself if that is
/// not readable.
fn line_of(workload: &Workload, queues: &[LocalQueue]) -> String {
    let is_its = |queue: &&LocalQueue| {
        queue.metadata.namespace == workload.metadata.namespace
            && queue.metadata.name.as_ref() == Some(&workload.spec.queue_name)
    };
    match queues.iter().find(is_its) {
        Some(queue) => queue.spec.cluster_queue.clone(),
        None => workload.spec.queue_name.clone(),
    }
}

/// Kueue's own order: priority, then age, per queue. Places count from 1.
fn places(mut line: Vec<Waiting>) -> Told {
    line.sort_by_key(|waiting| (Reverse(waiting.priority), waiting.created));
    let mut counts: HashMap<String, usize> = HashMap::new();
    let placed = line.into_iter().map(|waiting| {
        let place = counts.entry(waiting.queue.clone()).or_default();
        *place += 1;
        let mut detail = format!("place {place} in {}", waiting.queue);
        if !waiting.message.is_empty() {
            detail.extend([": ", &waiting.message]);
        }
        (waiting.job_uid, Some((waiting.reason, detail)))
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn workload(uid: &str, namespace: &str, more: Value) -> Workload {
        let mut object = json!({
            "apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "Workload",
            "metadata": {
                "name": uid, "namespace": namespace, "creationTimestamp": "2026-01-01T00:00:00Z",
                "ownerReferences": [{ "apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": uid }],
            },
            "spec": { "queueName": "hearth", "priority": 0, "active": true, "podSets": [] },
        });
        let Value::Object(more) = more else { panic!() };
        for (pointer, value) in more {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            object.pointer_mut(parent).unwrap()[name] = value;
        }
        serde_json::from_value(object).unwrap()
    }

    fn told(conditions: &Value) -> Value {
        json!({ "/status": { "conditions": conditions } })
    }

    fn queue(namespace: &str) -> LocalQueue {
        let object = json!({
            "apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "LocalQueue",
            "metadata": { "name": "hearth", "namespace": namespace },
            "spec": { "clusterQueue": "gpus" }, "status": { "pendingWorkloads": 1 },
        });
        serde_json::from_value(object).unwrap()
    }

    fn words_of(workload: &Workload) -> (Reason, String) {
        let uid = workload.metadata.name.clone().unwrap();
        tell(std::slice::from_ref(workload), &[queue("mei")]).remove(&uid).unwrap().unwrap()
    }

    #[test]
    fn namespaces_share_the_line_of_their_clusterqueue_by_priority_and_age() {
        let age = |day: &str| json!({ "/metadata/creationTimestamp": format!("2026-01-{day}T00:00:00Z") });
        let urgent = json!({ "/metadata/creationTimestamp": "2026-01-09T00:00:00Z", "/spec/priority": 9 });
        let admitted = json!([{ "type": "Admitted", "status": "True", "message": "admitted" }]);
        let workloads = [
            workload("late", "mei", age("02")),
            workload("early", "lin", age("01")),
            workload("urgent", "mei", urgent),
            workload("elsewhere", "kim", age("01")),
            workload("in", "mei", told(&admitted)),
        ];
        let words = tell(&workloads, &[queue("mei"), queue("lin")]);
        let place = |uid: &str| words[uid].as_ref().map(|(_, detail)| detail.as_str());
        assert_eq!(place("urgent"), Some("place 1 in gpus"));
        assert_eq!(place("early"), Some("place 2 in gpus"));
        assert_eq!(place("late"), Some("place 3 in gpus"));
        assert_eq!(place("elsewhere"), Some("place 1 in hearth"), "whose LocalQueue is not known");
        assert_eq!(place("in"), None);
    }

    #[test]
    fn who_waits_for_quota_is_told_apart_from_who_has_no_queue() {
        let waits = json!([{ "type": "QuotaReserved", "status": "False", "reason": "Pending", "message": "no quota" }]);
        assert_eq!(
            words_of(&workload("a", "mei", told(&waits))),
            (Reason::QueueCluster, "place 1 in gpus: no quota".to_owned())
        );
        let message = "LocalQueue hearth doesn't exist";
        let lacks = json!([{ "type": "QuotaReserved", "status": "False", "reason": "Inadmissible", "message": message }]);
        assert_eq!(
            words_of(&workload("a", "mei", told(&lacks))),
            (Reason::QueueClusterClosed, message.to_owned())
        );
        let checked = json!([{ "type": "QuotaReserved", "status": "True", "reason": "QuotaReserved", "message": "reserved" }]);
        assert_eq!(
            words_of(&workload("a", "mei", told(&checked))),
            (Reason::QueueCluster, "reserved".to_owned())
        );
        let contradicts = json!([{ "type": "Finished", "status": "True", "reason": "FailedToStart", "message": "conflict" }]);
        assert_eq!(
            words_of(&workload("a", "mei", told(&contradicts))),
            (Reason::QueueClusterRefused, "conflict".to_owned())
        );
    }

    #[test]
    fn who_was_put_back_for_another_is_told_apart_from_who_was_taken_out() {
        let evicted = |reason: &str| {
            json!([
                { "type": "QuotaReserved", "status": "False", "reason": "Pending", "message": "put back" },
                { "type": "Evicted", "status": "True", "reason": reason, "message": "put back" },
            ])
        };
        assert_eq!(
            words_of(&workload("a", "mei", told(&evicted("Preempted")))),
            (Reason::Preempted, "place 1 in gpus: put back".to_owned())
        );
        let mut deactivated = told(&evicted("Deactivated"));
        deactivated["/spec/active"] = false.into();
        assert_eq!(
            words_of(&workload("a", "mei", deactivated)),
            (Reason::QueueClusterClosed, "put back".to_owned())
        );
    }
}
