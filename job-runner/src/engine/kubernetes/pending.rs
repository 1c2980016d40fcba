//! Why a Job is not running: its queue's message, or who rejects its pod. The Job itself does not say.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use hearth_core::Reason;
use k8s_openapi::api::{batch::v1::Job, core::v1::Event};
use kube::{Api, Client, api::ListParams};

use super::{Inner, cache::is_suspended, connect, kueue};
use crate::engine::Handle;

/// A younger Job needs no explanation: its pod is on the way.
const ASKED_AFTER: Duration = Duration::from_secs(3);

/// Looks up the reason for every Job that is suspended or has no pod, and records it.
pub(super) async fn explain(engine: &Inner, client: &Client) {
    let mut puzzling = engine.with_cache(|cache| cache.unexplained(Instant::now()));
    puzzling.retain(|(_, _, age)| *age >= ASKED_AFTER);
    let (suspended, active): (Vec<_>, Vec<_>) =
        puzzling.into_iter().partition(|(_, job, _)| is_suspended(job));
    if !suspended.is_empty()
        && let Some(words) = kueue::explain(client, &suspended).await
    {
        note_all(engine, suspended, words);
    }
    if !active.is_empty() {
        let refused = refusals(client).await;
        note_all(engine, active, refused);
    }
}

fn note_all(
    engine: &Inner,
    jobs: Vec<(Handle, Job, Duration)>,
    mut words: HashMap<String, (Reason, String)>,
) {
    for (handle, ..) in jobs {
        let note = words.remove(&handle.0);
        let closed = note.clone().filter(|(reason, _)| *reason == Reason::QueueClusterClosed);
        let is_new = engine.with_cache(|cache| cache.note(&handle, note));
        if let Some((_, detail)) = closed.filter(|_| is_new) {
            let name = &engine.options.name;
            tracing::warn!(engine.name = name, %handle, detail, "a queue of the cluster accepts no tasks");
        }
    }
}

/// By Job, why the cluster rejected all of its pods: a resource quota, or an admission policy.
async fn refusals(client: &Client) -> HashMap<String, (Reason, String)> {
    let events: Api<Event> = Api::all(client.clone());
    let failed = ListParams::default().fields("reason=FailedCreate,involvedObject.kind=Job");
    let Ok(found) = connect::in_time(events.list(&failed)).await else { return HashMap::new() };
    let refused = found.items.into_iter().filter_map(|event| {
        Some((event.involved_object.name?, (Reason::QueueClusterRefused, steady(&event.message?))))
    });
    refused.collect()
}

/// Removes the pod's name, which differs in every try, so that the message is recorded once.
fn steady(message: &str) -> String {
    match message.split_once("is forbidden: ") {
        Some((_, why)) => why.to_owned(),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_refusal_of_another_pod_is_the_same() {
        let of = |pod: &str| format!("Error creating: pods \"{pod}\" is forbidden: exceeded quota: gpus");
        assert_eq!(steady(&of("a-x1")), "exceeded quota: gpus");
        assert_eq!(steady(&of("a-x1")), steady(&of("a-y2")));
    }
}
