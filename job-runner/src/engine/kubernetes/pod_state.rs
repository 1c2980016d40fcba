//! The observed state of one pod, in our terms.

use std::time::Duration;

use hearth_core::Reason;
use k8s_openapi::api::core::v1::{
    ContainerStateTerminated, ContainerStateWaiting, ContainerStatus, Pod, PodCondition, PodStatus,
};

use super::{
    pod::{INSTALLER, MAIN},
    watched::Waited,
};

/// The state of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PodState {
    Pending(Reason, String),
    Running,
    /// The agent ended; `true` if the server has answered its `finish`.
    Ended(bool),
    Lost(Reason, String),
}

/// The agent's own exit code; any other does not come from the agent.
const EXIT_DELIVERED: i32 = 0;
const EXIT_UNDELIVERED: i32 = 1;
/// 128 plus the number of SIGKILL.
const EXIT_KILLED: i32 = 137;

/// A pod that outlives its grace period by this much: its machine does not respond any more.
const STUCK_AFTER: Duration = Duration::from_secs(30);

/// Observes a pod. `patience`: how long image pulls may fail before the attempt is given up.
pub(super) fn look(pod: &Pod, waited: Waited, patience: Duration) -> PodState {
    let Some(status) = &pod.status else { return PodState::Pending(Reason::StageStart, String::new()) };
    match status.phase.as_deref() {
        Some("Succeeded") => PodState::Ended(true),
        Some("Failed") => failed(status),
        _ if is_stuck(pod, waited) => {
            let told = disruption(status).map(|(_, detail)| detail);
            PodState::Lost(
                Reason::RunNodeLost,
                told.unwrap_or_else(|| "its machine does not end it".to_owned()),
            )
        }
        Some("Running") => PodState::Running,
        _ => pending(pod, status, waited.on_machine >= patience),
    }
}

/// Who is removing a pod while it runs, if the cluster says so: kept for when it is gone.
pub(super) fn cause(pod: &Pod) -> Option<(Reason, String)> {
    disruption(pod.status.as_ref()?)
}

/// The machine it was scheduled on.
pub(super) fn machine(pod: &Pod) -> Option<String> {
    pod.spec.as_ref()?.node_name.clone().filter(|name| !name.is_empty())
}

/// Its index among the pods of one attempt.
pub(super) fn rank(pod: &Pod) -> u32 {
    const INDEX: &str = "batch.kubernetes.io/job-completion-index";
    let index = pod.metadata.annotations.as_ref().and_then(|annotations| annotations.get(INDEX));
    index.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn is_stuck(pod: &Pod, waited: Waited) -> bool {
    let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or_default();
    let grace = Duration::from_secs(u64::try_from(grace).unwrap_or_default());
    pod.metadata.deletion_timestamp.is_some() && waited.ending > grace + STUCK_AFTER
}

fn condition<'a>(status: &'a PodStatus, kind: &str) -> Option<&'a PodCondition> {
    status.conditions.iter().flatten().find(|condition| condition.type_ == kind)
}

fn disruption(status: &PodStatus) -> Option<(Reason, String)> {
    let condition = condition(status, "DisruptionTarget").filter(|condition| condition.status == "True")?;
    let reason = match condition.reason.as_deref() {
        Some("PreemptionByScheduler") => Reason::Preempted,
        Some("DeletionByTaintManager" | "DeletionByPodGC") => Reason::RunNodeLost,
        Some("TerminationByKubelet") if condition.message.as_deref().is_some_and(is_over_its_disk) => {
            Reason::LimitDisk
        }
        // The kubelet runs short of resources or shuts down, or somebody drains the machine.
        _ => Reason::RunEvicted,
    };
    Some((reason, condition.message.clone().unwrap_or_default()))
}

/// The kubelet's messages for a pod over its own limit, as opposed to a machine that runs short.
fn is_over_its_disk(message: &str) -> bool {
    const WORDS: [&str; 3] = [
        "Usage of EmptyDir volume ",
        "ephemeral local storage usage exceeds the total limit",
        "exceeded its local ephemeral storage limit",
    ];
    WORDS.iter().any(|words| message.contains(words))
}

fn failed(status: &PodStatus) -> PodState {
    let message = status.message.clone().unwrap_or_default();
    let told = status.reason.as_deref().unwrap_or_default();
    match told {
        "Evicted" if is_over_its_disk(&message) => return PodState::Lost(Reason::LimitDisk, message),
        "Evicted" | "NodeShutdown" | "Terminated" => return PodState::Lost(Reason::RunEvicted, message),
        "NodeLost" => return PodState::Lost(Reason::RunNodeLost, message),
        "Preempting" | "Preempted" => return PodState::Lost(Reason::Preempted, message),
        "UnexpectedAdmissionError" => return PodState::Lost(Reason::RunDeviceError, message),
        "DeadlineExceeded" => return PodState::Lost(Reason::LimitTime, message),
        // The resources were taken by another pod before this one got to the kubelet.
        _ if told.starts_with("OutOf") || matches!(told, "NodeAffinity" | "NodePorts") => {
            return PodState::Lost(Reason::RunEvicted, message);
        }
        _ => {}
    }
    let of_main = terminated(status.container_statuses.as_deref(), MAIN);
    if let Some(end) = of_main
        && end.reason.as_deref() == Some("OOMKilled")
    {
        return PodState::Lost(Reason::RunOutOfMemory, words(end));
    }
    // An agent that ended in time has told the server how.
    if let Some(ContainerStateTerminated { exit_code: EXIT_DELIVERED, .. }) = of_main {
        return PodState::Ended(true);
    }
    if let Some((reason, detail)) = disruption(status) {
        return PodState::Lost(reason, detail);
    }
    if let Some(end) = of_main {
        return main_failed(end);
    }
    match terminated(status.init_container_statuses.as_deref(), INSTALLER) {
        Some(end) => PodState::Lost(
            Reason::PlatformFault,
            format!("the agent could not be brought in: {}", words(end)),
        ),
        None => {
            PodState::Lost(Reason::PlatformFault, if message.is_empty() { told.to_owned() } else { message })
        }
    }
}

fn main_failed(end: &ContainerStateTerminated) -> PodState {
    match (end.reason.as_deref(), end.exit_code) {
        (Some("StartError" | "ContainerCannotRun"), _) => PodState::Lost(Reason::ImageUnusable, words(end)),
        (_, EXIT_UNDELIVERED) => PodState::Ended(false),
        (_, EXIT_KILLED) => {
            PodState::Lost(Reason::PlatformFault, format!("the agent was killed: {}", words(end)))
        }
        (_, code) => {
            PodState::Lost(Reason::PlatformFault, format!("the agent ended with code {code}: {}", words(end)))
        }
    }
}

fn words(end: &ContainerStateTerminated) -> String {
    let message = end.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    message.or(end.reason.as_deref()).unwrap_or_default().to_owned()
}

fn terminated<'a>(
    statuses: Option<&'a [ContainerStatus]>,
    name: &str,
) -> Option<&'a ContainerStateTerminated> {
    let status = statuses?.iter().find(|status| status.name == name)?;
    status.state.as_ref()?.terminated.as_ref()
}

fn pending(pod: &Pod, status: &PodStatus, is_long: bool) -> PodState {
    let scheduled = condition(status, "PodScheduled");
    let Some(machine) = machine(pod) else {
        return match scheduled.filter(|condition| condition.status == "False") {
            Some(condition) => unscheduled(pod, condition),
            None => PodState::Pending(Reason::StageStart, String::new()),
        };
    };
    let containers = [&status.init_container_statuses, &status.container_statuses];
    let waiting = containers.into_iter().flatten().flatten().filter_map(|container| {
        let state = container.state.as_ref()?;
        Some((container.name.as_str(), container.image.as_str(), state.waiting.as_ref()?))
    });
    for (_, image, waits) in waiting {
        if let Some(pod_state) = fault(image, waits, is_long) {
            return pod_state;
        }
    }
    // Its init container has finished: what is missing is the framework's image.
    if terminated(status.init_container_statuses.as_deref(), INSTALLER).is_some() {
        let containers = pod.spec.as_ref().map(|spec| spec.containers.as_slice()).unwrap_or_default();
        let image = containers.iter().find(|container| container.name == MAIN);
        let image = image.and_then(|container| container.image.clone());
        return PodState::Pending(Reason::ImagePulling, image.unwrap_or_default());
    }
    PodState::Pending(Reason::StageNode, machine)
}

fn unscheduled(pod: &Pod, condition: &PodCondition) -> PodState {
    let message = condition.message.clone().unwrap_or_default();
    if condition.reason.as_deref() == Some("SchedulingGated") {
        return PodState::Pending(Reason::QueueCluster, message);
    }
    let containers = pod.spec.as_ref().map(|spec| spec.containers.as_slice()).unwrap_or_default();
    let limits = containers.iter().filter_map(|container| container.resources.as_ref()?.limits.as_ref());
    let lacks_card = limits
        .flat_map(|limits| limits.keys())
        .filter(|name| name.contains('/'))
        .any(|name| message.contains(&format!("Insufficient {name}")));
    let reason = if lacks_card { Reason::QueueNoCard } else { Reason::QueueUnschedulable };
    PodState::Pending(reason, message)
}

/// What keeps a container from starting, if that is a fault and not just a matter of time.
fn fault(image: &str, waits: &ContainerStateWaiting, is_long: bool) -> Option<PodState> {
    let told = waits.reason.as_deref()?;
    let message = waits.message.as_deref().unwrap_or_default();
    let detail = format!("{image}: {}", if message.is_empty() { told } else { message });
    match told {
        "InvalidImageName" | "ErrImageNeverPull" => Some(PodState::Lost(Reason::ImagePullFailed, detail)),
        "ErrImagePull" | "ImagePullBackOff" | "ImageInspectError" | "RegistryUnavailable" => {
            Some(if is_long {
                PodState::Lost(Reason::ImagePullFailed, detail)
            } else {
                // The kubelet alternates between the failure and its back-off; one entry is enough.
                PodState::Pending(Reason::ImagePullFailed, image.to_owned())
            })
        }
        "CreateContainerError" | "RunContainerError" | "CreateContainerConfigError" => Some(if is_long {
            PodState::Lost(Reason::ImageUnusable, detail)
        } else {
            PodState::Pending(Reason::StageNode, detail)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(2);

    fn pod_state(pod: &serde_json::Value) -> PodState {
        pod_state_after(pod, Duration::from_mins(1))
    }

    fn pod_state_after(pod: &serde_json::Value, time: Duration) -> PodState {
        let waited = Waited { on_machine: time, ending: time };
        look(&serde_json::from_value(pod.clone()).unwrap(), waited, PATIENCE)
    }

    fn on_machine(phase: &str, main: &serde_json::Value) -> serde_json::Value {
        serde_json::json!({
            "metadata": {},
            "spec": { "nodeName": "n-0", "containers": [{ "name": "task", "image": "torch:1" }] },
            "status": {
                "phase": phase,
                "conditions": [{ "type": "PodScheduled", "status": "True" }],
                "containerStatuses": [
                    { "name": "task", "image": "torch:1", "imageID": "", "ready": false, "restartCount": 0, "state": main }
                ],
            },
        })
    }

    fn ended(code: i32, reason: &str) -> PodState {
        let end =
            serde_json::json!({ "terminated": { "exitCode": code, "reason": reason, "message": "words" } });
        pod_state(&on_machine(if code == 0 { "Succeeded" } else { "Failed" }, &end))
    }

    #[test]
    fn the_agents_exit_code_says_whether_the_server_knows() {
        assert_eq!(ended(0, "Completed"), PodState::Ended(true));
        assert_eq!(ended(1, "Error"), PodState::Ended(false));
        assert!(
            matches!(ended(3, "Error"), PodState::Lost(Reason::PlatformFault, detail) if detail.contains("code 3"))
        );
    }

    #[test]
    fn ends_that_are_not_the_agents_say_why() {
        assert_eq!(ended(137, "OOMKilled"), PodState::Lost(Reason::RunOutOfMemory, "words".into()));
        assert!(matches!(ended(137, "Error"), PodState::Lost(Reason::PlatformFault, _)));
        assert_eq!(ended(128, "StartError"), PodState::Lost(Reason::ImageUnusable, "words".into()));
        let with = |reason: &str| {
            pod_state(
                &serde_json::json!({ "metadata": {}, "status": { "phase": "Failed", "reason": reason, "message": "m" } }),
            )
        };
        assert_eq!(with("Evicted"), PodState::Lost(Reason::RunEvicted, "m".into()));
        let full = |message: &str| {
            pod_state(
                &serde_json::json!({ "metadata": {}, "status": { "phase": "Failed", "reason": "Evicted", "message": message } }),
            )
        };
        for message in [
            "Usage of EmptyDir volume \"tmp\" exceeds the limit \"6442450944\". ",
            "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
            "Container task exceeded its local ephemeral storage limit \"1Gi\". ",
        ] {
            assert_eq!(full(message), PodState::Lost(Reason::LimitDisk, message.into()));
        }
        let short = "The node was low on resource: ephemeral-storage.";
        assert_eq!(full(short), PodState::Lost(Reason::RunEvicted, short.into()));
        assert_eq!(with("NodeLost"), PodState::Lost(Reason::RunNodeLost, "m".into()));
        assert_eq!(with("UnexpectedAdmissionError"), PodState::Lost(Reason::RunDeviceError, "m".into()));
        assert_eq!(with("OutOfcpu"), PodState::Lost(Reason::RunEvicted, "m".into()));
    }

    #[test]
    fn who_takes_a_pod_away_is_remembered() {
        let taken = |reason: &str| {
            let pod = serde_json::json!({ "metadata": {}, "status": { "phase": "Running", "conditions": [
                { "type": "DisruptionTarget", "status": "True", "reason": reason, "message": "m" }
            ] } });
            cause(&serde_json::from_value(pod).unwrap()).map(|(reason, _)| reason)
        };
        assert_eq!(taken("PreemptionByScheduler"), Some(Reason::Preempted));
        assert_eq!(taken("DeletionByTaintManager"), Some(Reason::RunNodeLost));
        assert_eq!(taken("EvictionByEvictionAPI"), Some(Reason::RunEvicted));
    }

    #[test]
    fn a_pod_that_should_be_gone_and_stays_has_lost_its_machine() {
        let ending = serde_json::json!({
            "metadata": { "deletionTimestamp": "2026-01-01T00:00:50Z", "deletionGracePeriodSeconds": 20 },
            "status": { "phase": "Running" },
        });
        assert_eq!(pod_state_after(&ending, Duration::from_secs(50)), PodState::Running);
        let late = pod_state_after(&ending, Duration::from_secs(51));
        assert!(matches!(late, PodState::Lost(Reason::RunNodeLost, _)));
    }

    #[test]
    fn waiting_says_for_what() {
        let unscheduled = |message: &str| {
            pod_state(&serde_json::json!({
                "metadata": {},
                "spec": { "containers": [{ "name": "task", "resources": { "limits": { "nvidia.com/gpu": "8" } } }] },
                "status": { "phase": "Pending", "conditions": [
                    { "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message }
                ] },
            }))
        };
        let text = "0/5 nodes are available: 5 Insufficient nvidia.com/gpu.";
        assert_eq!(unscheduled(text), PodState::Pending(Reason::QueueNoCard, text.into()));
        let text = "0/5 nodes are available: 5 node(s) were unschedulable.";
        assert_eq!(unscheduled(text), PodState::Pending(Reason::QueueUnschedulable, text.into()));
        let creating = serde_json::json!({ "waiting": { "reason": "PodInitializing" } });
        assert_eq!(
            pod_state(&on_machine("Pending", &creating)),
            PodState::Pending(Reason::StageNode, "n-0".into())
        );
        let mut pulling = on_machine("Pending", &creating);
        pulling["status"]["initContainerStatuses"] = serde_json::json!([
            { "name": "agent", "image": "a", "imageID": "", "ready": true, "restartCount": 0, "state": { "terminated": { "exitCode": 0 } } }
        ]);
        assert_eq!(pod_state(&pulling), PodState::Pending(Reason::ImagePulling, "torch:1".into()));
    }

    #[test]
    fn an_image_that_does_not_come_is_told_once_and_given_up_in_time() {
        let waits = |reason: &str, message: &str| {
            on_machine("Pending", &serde_json::json!({ "waiting": { "reason": reason, "message": message } }))
        };
        let first = pod_state(&waits("ErrImagePull", "not found"));
        let again = pod_state(&waits("ImagePullBackOff", "Back-off pulling image \"torch:1\""));
        assert!(matches!(first, PodState::Pending(Reason::ImagePullFailed, _)));
        assert_eq!(first, again);
        let late = pod_state_after(&waits("ErrImagePull", "not found"), PATIENCE);
        assert_eq!(late, PodState::Lost(Reason::ImagePullFailed, "torch:1: not found".into()));
        assert!(matches!(
            pod_state(&waits("InvalidImageName", "")),
            PodState::Lost(Reason::ImagePullFailed, _)
        ));
    }
}
