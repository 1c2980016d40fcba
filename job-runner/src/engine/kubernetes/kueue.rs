//! What Kueue says of Jobs that wait in one of its queues, read from its own objects where it serves them.

use std::collections::HashMap;

use hearth_core::Reason;
use k8s_openapi::api::batch::v1::Job;
use kube::{
    Api, Client,
    api::{ApiResource, DynamicObject, GroupVersionKind, ListParams},
    discovery,
};
use serde::Deserialize;

use super::connect;
use crate::engine::Handle;

const GROUP: &str = "kueue.x-k8s.io";

/// The part of a Workload that is looked at; every served version has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Workload {
    spec: WorkloadSpec,
    status: WorkloadStatus,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WorkloadSpec {
    queue_name: String,
    priority: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WorkloadStatus {
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Condition {
    r#type: String,
    status: String,
    message: String,
}

/// One that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    job_uid: String,
    /// Namespace and name.
    queue: (String, String),
    priority: i64,
    created: String,
    message: String,
}

/// Job by Job, its place and what keeps it. Empty where Kueue is not served.
pub(super) async fn explain(client: &Client, asleep: &[(Handle, Job)]) -> HashMap<String, (Reason, String)> {
    let Some(resource) = served(client).await else { return HashMap::new() };
    let workloads: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
    let Ok(found) = connect::in_time(workloads.list(&ListParams::default())).await else {
        return HashMap::new();
    };
    let line = order(found.items.iter().filter_map(waiting).collect());
    asleep
        .iter()
        .filter_map(|(handle, job)| {
            let uid = job.metadata.uid.as_deref()?;
            let (place, mine) = line.iter().find(|(_, waiting)| waiting.job_uid == uid)?;
            let detail = format!("place {place} in {}: {}", mine.queue.1, mine.message);
            Some((handle.0.clone(), (Reason::QueueCluster, detail)))
        })
        .collect()
}

async fn served(client: &Client) -> Option<ApiResource> {
    let group = connect::in_time(discovery::group(client, GROUP)).await.ok()?;
    let (resource, _) = group.recommended_kind("Workload")?;
    Some(ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk(GROUP, &resource.version, "Workload"),
        &resource.plural,
    ))
}

fn waiting(object: &DynamicObject) -> Option<Waiting> {
    let workload: Workload = serde_json::from_value(object.data.clone()).ok()?;
    let condition = |kind: &str| workload.status.conditions.iter().find(|condition| condition.r#type == kind);
    let is_true = |kind: &str| condition(kind).is_some_and(|condition| condition.status == "True");
    if is_true("Admitted") || is_true("Finished") {
        return None;
    }
    let owner = object.metadata.owner_references.iter().flatten().find(|owner| owner.kind == "Job")?;
    Some(Waiting {
        job_uid: owner.uid.clone(),
        queue: (object.metadata.namespace.clone()?, workload.spec.queue_name.clone()),
        priority: workload.spec.priority.unwrap_or(0),
        created: object.metadata.creation_timestamp.as_ref().map(|at| at.0.to_string()).unwrap_or_default(),
        message: condition("QuotaReserved").map(|condition| condition.message.clone()).unwrap_or_default(),
    })
}

/// Kueue's own order: priority, then age, queue by queue. Places are counted from 1.
fn order(mut waiting: Vec<Waiting>) -> Vec<(usize, Waiting)> {
    waiting.sort_by(|one, other| {
        (&one.queue, -one.priority, &one.created).cmp(&(&other.queue, -other.priority, &other.created))
    });
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    waiting
        .into_iter()
        .map(|waiting| {
            let place = places.entry(waiting.queue.clone()).or_default();
            *place += 1;
            (*place, waiting)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(uid: &str, queue: &str, priority: i64, created: &str, condition: &str) -> Option<Waiting> {
        let object: DynamicObject = serde_json::from_value(serde_json::json!({
            "apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "Workload",
            "metadata": {
                "name": uid, "namespace": "hearth-mei", "creationTimestamp": created,
                "ownerReferences": [{ "apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": uid }],
            },
            "spec": { "queueName": queue, "priority": priority, "podSets": [] },
            "status": { "conditions": [{ "type": condition, "status": if condition == "Admitted" { "True" } else { "False" },
                "message": "insufficient unused quota" }] },
        }))
        .unwrap();
        waiting(&object)
    }

    #[test]
    fn places_are_counted_in_each_queue_by_priority_and_age() {
        let line = order(
            [
                workload("late", "a", 0, "2026-01-02T00:00:00Z", "QuotaReserved"),
                workload("early", "a", 0, "2026-01-01T00:00:00Z", "QuotaReserved"),
                workload("urgent", "a", 9, "2026-01-03T00:00:00Z", "QuotaReserved"),
                workload("other", "b", 0, "2026-01-03T00:00:00Z", "QuotaReserved"),
                workload("in", "a", 0, "2026-01-01T00:00:00Z", "Admitted"),
            ]
            .into_iter()
            .flatten()
            .collect(),
        );
        let places: Vec<_> = line.iter().map(|(place, waiting)| (*place, waiting.job_uid.as_str())).collect();
        assert_eq!(places, [(1, "urgent"), (2, "early"), (3, "late"), (1, "other")]);
        assert_eq!(line[0].1.message, "insufficient unused quota");
    }
}
