//! Why a Job has no pod yet: its queue's words, or who refuses the pod. The Job itself does not say.

use std::{collections::HashMap, time::Duration};

use hearth_core::{Clock as _, Reason, SystemClock};
use k8s_openapi::api::{batch::v1::Job, core::v1::Event};
use kube::{Api, Client, api::ListParams};

use super::{Inner, connect, kueue};
use crate::engine::Handle;

/// A Job that is younger needs no explaining: its pod is on the way.
const ASKED_AFTER: Duration = Duration::from_secs(3);

/// Looks at every Job without a pod, and notes what was found.
pub(super) async fn explain(engine: &Inner, client: &Client) {
    let now = SystemClock.now().as_jiff();
    let is_long = |job: &Job| {
        let made = job.metadata.creation_timestamp.as_ref();
        made.is_some_and(|made| {
            Duration::try_from(now.duration_since(made.0)).is_ok_and(|age| age >= ASKED_AFTER)
        })
    };
    let mut waiting = engine.with_cache(|cache| cache.without_pods());
    waiting.retain(|(_, job)| is_long(job));
    if waiting.is_empty() {
        return;
    }
    let (asleep, awake): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|(_, job)| job.spec.as_ref().and_then(|spec| spec.suspend) == Some(true));
    if !asleep.is_empty() {
        let words = kueue::explain(client, &asleep).await;
        note_all(engine, asleep.into_iter().map(|(handle, _)| handle), words);
    }
    if !awake.is_empty() {
        let refused = refusals(client).await;
        note_all(engine, awake.into_iter().map(|(handle, _)| handle), refused);
    }
}

fn note_all(
    engine: &Inner,
    handles: impl Iterator<Item = Handle>,
    mut words: HashMap<String, (Reason, String)>,
) {
    engine.with_cache(|cache| {
        for handle in handles {
            let note = words.remove(&handle.0);
            cache.note(&handle, note);
        }
    });
}

/// Job by Job, why the cluster took none of its pods: a resource quota, or an admission policy.
async fn refusals(client: &Client) -> HashMap<String, (Reason, String)> {
    let events: Api<Event> = Api::all(client.clone());
    let failed = ListParams::default().fields("reason=FailedCreate,involvedObject.kind=Job");
    let Ok(found) = connect::in_time(events.list(&failed)).await else { return HashMap::new() };
    let refused = found.items.into_iter().filter_map(|event| {
        Some((event.involved_object.name?, (Reason::QueueClusterRefused, steady(&event.message?))))
    });
    refused.collect()
}

/// Each try names another pod; the line is made once.
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
