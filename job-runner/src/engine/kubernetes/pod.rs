//! The pod of one attempt, built from a closed structure: user input never becomes a field of its own.
//!
//! | in the pod | what it is |
//! | --- | --- |
//! | `/hearth/bin` | the agent, copied by an init container from its own image, so any framework image works unchanged |
//! | `/hearth/owner` | the owner's Secret, only for that init container, which opens the attempt's sealed token with it |
//! | `/hearth/launch` | the agent's configuration, and its token until the agent has read it: in memory, not on disk |
//! | `/hearth/run` | the agent's own folder |
//! | `/tmp`, `/home/task` | the program's, with code, data sets, models and outputs where `c2net` expects them: within the spec's disk limit |
//! | `/dev/shm` | memory of the spec's size |

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{
        Affinity, Capabilities, Container, EmptyDirVolumeSource, EnvVar, EnvVarSource, HostPathVolumeSource,
        LocalObjectReference, NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm, ObjectFieldSelector,
        PodSecurityContext, PodSpec, PreferredSchedulingTerm, ResourceRequirements, SeccompProfile,
        SecretVolumeSource, SecurityContext, Toleration, Volume, VolumeMount,
    },
    apimachinery::pkg::api::resource::Quantity,
};

use super::{
    KubernetesOptions,
    names::{AGENTS, REGISTRIES},
};
use crate::{
    agent::delivery::{CONFIG_VARIABLE, TOKEN_VARIABLE},
    engine::{AgentLaunch, Device},
};

/// The agent's launch data in the pod.
pub(super) struct LaunchData {
    /// `AgentConfig` as JSON.
    pub(super) config: String,
    pub(super) sealed_token: String,
}

/// The container that the program runs in; the agent is its first process.
pub(super) const MAIN: &str = "task";
/// The container that brings the agent.
pub(super) const INSTALLER: &str = "agent";

/// The agent's path in its own image.
const AGENT_IN_IMAGE: &str = "/hearth-agent";
const AGENT: &str = "/hearth/bin/hearth-agent";
const LAUNCH: &str = "/hearth/launch";
const OWNER: &str = "/hearth/owner";
const RUN: &str = "/hearth/run";
pub(super) const TMP: &str = "/tmp";
pub(super) const HOME: &str = "/home/task";

/// More than a Secret can hold.
const LAUNCH_BYTES: &str = "2Mi";

/// It contains one file, the agent.
const BIN_BYTES: &str = "256Mi";

/// The agent measures the task's disk usage and stops it gracefully; the kubelet's own limit is this much
/// higher.
const DISK_AFTER_THE_AGENT: u64 = 1 << 30;
/// What an agent stores besides its log: metrics and small files.
const RUN_BYTES: u64 = 1 << 30;

/// Enough to copy one file.
const INSTALLER_CPU: &str = "100m";
const INSTALLER_MEMORY: &str = "64Mi";

/// Time after the program's own grace for hashing and sending outputs.
const COLLECTING_SECONDS: u64 = 120;

/// How long a machine may be unreachable before its pods are given up.
const SILENT_MACHINE_SECONDS: i64 = 120;

/// `RuntimeDefault` filters system calls as the container runtime does for every ordinary container.
const SECCOMP: &str = "RuntimeDefault";

pub(super) fn spec(launch: &AgentLaunch, options: &KubernetesOptions, launch_data: &LaunchData) -> PodSpec {
    let device = launch.placement.device.as_ref().filter(|_| !launch.spec.resources.accelerators.is_empty());
    let grace = launch.spec.limits.stop_grace_seconds + COLLECTING_SECONDS;
    PodSpec {
        restart_policy: Some("Never".to_owned()),
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        host_network: Some(false),
        host_pid: Some(false),
        host_ipc: Some(false),
        share_process_namespace: Some(false),
        security_context: Some(PodSecurityContext {
            run_as_user: options.run_as_user,
            run_as_group: options.run_as_user,
            // The volumes belong to this group, so an image with any user can write to its own folders.
            fs_group: options.run_as_user,
            run_as_non_root: options.run_as_user.map(|user| user != 0),
            seccomp_profile: Some(SeccompProfile { type_: SECCOMP.to_owned(), localhost_profile: None }),
            ..PodSecurityContext::default()
        }),
        termination_grace_period_seconds: Some(i64::try_from(grace).unwrap_or(i64::MAX)),
        node_selector: Some(launch.placement.node_selector.clone()).filter(|selector| !selector.is_empty()),
        affinity: preferred(&launch.placement.machines),
        tolerations: Some(tolerations(device)),
        runtime_class_name: device.and_then(|device| device.runtime_class.clone()),
        // Pods of several nodes find each other by `NAME-RANK.NAME`.
        subdomain: (launch.spec.node.count > 1).then(|| launch.spec.name()),
        image_pull_secrets: options.image_pull_secret_file.as_ref().map(|_| vec![registries()]),
        init_containers: Some(vec![installer(options, launch_data)]),
        containers: vec![main(launch, device)],
        volumes: Some(volumes(launch, device)),
        ..PodSpec::default()
    }
}

fn registries() -> LocalObjectReference {
    LocalObjectReference { name: REGISTRIES.to_owned() }
}

fn installer(options: &KubernetesOptions, launch_data: &LaunchData) -> Container {
    let resources = [("cpu", INSTALLER_CPU), ("memory", INSTALLER_MEMORY)]
        .map(|(name, quantity)| (name.to_owned(), Quantity(quantity.to_owned())));
    let command = [AGENT_IN_IMAGE, "--install", AGENT, "--launch", LAUNCH, "--owner", OWNER];
    Container {
        name: INSTALLER.to_owned(),
        image: Some(options.agent_image.clone()),
        command: Some(command.map(str::to_owned).to_vec()),
        env: Some(vec![
            variable(CONFIG_VARIABLE, &launch_data.config),
            variable(TOKEN_VARIABLE, &launch_data.sealed_token),
        ]),
        resources: Some(bounds(resources.into())),
        security_context: Some(security()),
        volume_mounts: Some(vec![
            mount("bin", "/hearth/bin", false),
            mount("owner", OWNER, true),
            mount("launch", LAUNCH, false),
        ]),
        // If an agent does not get its launch data, its last log lines say why.
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        ..Container::default()
    }
}

/// The sealed token that a pod was created with.
pub(super) fn sealed_token(pod: &PodSpec) -> Option<&str> {
    let mut installers = pod.init_containers.iter().flatten();
    let variables = installers.find(|container| container.name == INSTALLER)?.env.as_ref()?;
    variables.iter().find(|variable| variable.name == TOKEN_VARIABLE)?.value.as_deref()
}

fn main(launch: &AgentLaunch, device: Option<&Device>) -> Container {
    let image = &launch.spec.image;
    let mut mounts = vec![
        mount("bin", "/hearth/bin", true),
        mount("launch", LAUNCH, false),
        mount("run", RUN, false),
        mount("tmp", TMP, false),
        mount("home", HOME, false),
    ];
    if launch.spec.resources.shared_memory_bytes > 0 {
        mounts.push(mount("shm", "/dev/shm", false));
    }
    let of_device = device.map(|device| device.mounts.as_slice()).unwrap_or_default();
    mounts.extend(
        of_device
            .iter()
            .enumerate()
            .map(|(n, given)| mount(&format!("driver-{n}"), &given.path, given.read_only)),
    );
    let machine = EnvVar {
        name: "HEARTH_MACHINE".to_owned(),
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                field_path: "spec.nodeName".to_owned(),
                api_version: None,
            }),
            ..EnvVarSource::default()
        }),
        ..EnvVar::default()
    };
    let given = device.map(|device| device.environment.iter()).into_iter().flatten();
    let given = given.map(|(name, value)| variable(name, value));
    Container {
        name: MAIN.to_owned(),
        image: Some(pinned(image.reference.as_deref().unwrap_or_default(), image.digest.as_deref())),
        command: Some([AGENT, "--directory", RUN, "--launch", LAUNCH].map(str::to_owned).to_vec()),
        env: Some([machine].into_iter().chain(given).collect()),
        resources: Some(with_disk(bounds(quantities(launch, device)), launch)),
        security_context: Some(security()),
        volume_mounts: Some(mounts),
        // The kubelet keeps the agent's last log lines, for investigating a loss.
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        ..Container::default()
    }
}

/// `name@sha256:…` if the digest is known: a tag may move, a digest cannot.
fn pinned(reference: &str, digest: Option<&str>) -> String {
    match digest {
        Some(digest) if !reference.contains('@') => format!("{reference}@{digest}"),
        _ => reference.to_owned(),
    }
}

/// A variable with exactly this value: the kubelet would expand `$(NAME)`.
fn variable(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.replace("$(", "$$(")), value_from: None }
}

/// Requests equal limits, so nothing is overcommitted.
fn bounds(quantities: BTreeMap<String, Quantity>) -> ResourceRequirements {
    ResourceRequirements { requests: Some(quantities.clone()), limits: Some(quantities), claims: None }
}

/// Only a little disk is requested: otherwise a task would wait for a machine with all that it may use, and a
/// cluster queue without a disk quota would not admit it at all. Its maximum is set as a limit.
fn with_disk(mut bounds: ResourceRequirements, launch: &AgentLaunch) -> ResourceRequirements {
    const DISK: &str = "ephemeral-storage";
    let limits = &launch.spec.limits;
    let most = [limits.disk_bytes, limits.log_bytes, limits.code_bytes, RUN_BYTES, DISK_AFTER_THE_AGENT];
    let most = most.into_iter().fold(0, u64::saturating_add).to_string();
    if launch.placement.local_queue.is_none() {
        bounds.limits.get_or_insert_default().insert(DISK.to_owned(), Quantity(most));
        bounds.requests.get_or_insert_default().insert(DISK.to_owned(), Quantity(DISK_REQUEST.to_owned()));
    }
    bounds
}

/// The disk space a task needs to start.
const DISK_REQUEST: &str = "256Mi";

fn quantities(launch: &AgentLaunch, device: Option<&Device>) -> BTreeMap<String, Quantity> {
    let resources = &launch.spec.resources;
    let mut quantities = BTreeMap::from([
        ("cpu".to_owned(), Quantity(resources.cpus.to_string())),
        ("memory".to_owned(), Quantity(resources.memory_bytes.to_string())),
    ]);
    if let Some(device) = device {
        quantities.insert(device.resource.clone(), Quantity(resources.accelerators.len().to_string()));
    }
    quantities
}

fn security() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        privileged: Some(false),
        capabilities: Some(Capabilities { add: None, drop: Some(vec!["ALL".to_owned()]) }),
        ..SecurityContext::default()
    }
}

/// The tolerations of the device row; and an unreachable machine is waited for, but not for ever.
fn tolerations(device: Option<&Device>) -> Vec<Toleration> {
    let silent = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map(|key| Toleration {
        key: Some(key.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoExecute".to_owned()),
        toleration_seconds: Some(SILENT_MACHINE_SECONDS),
        value: None,
    });
    let one = |given: &crate::engine::Toleration| Toleration {
        key: Some(given.key.clone()),
        operator: Some(if given.value.is_some() { "Equal" } else { "Exists" }.to_owned()),
        value: given.value.clone(),
        effect: given.effect.clone(),
        toleration_seconds: None,
    };
    let given = device.map(|device| device.tolerations.as_slice()).unwrap_or_default();
    given.iter().map(one).chain(silent).collect()
}

/// The planned machines are only a preference: the scheduler knows better what is free now.
fn preferred(machines: &[String]) -> Option<Affinity> {
    let preferences: Vec<_> = machines
        .iter()
        .filter(|machine| !machine.is_empty())
        .map(|machine| PreferredSchedulingTerm {
            weight: 100,
            preference: NodeSelectorTerm {
                match_expressions: None,
                match_fields: Some(vec![NodeSelectorRequirement {
                    key: "metadata.name".to_owned(),
                    operator: "In".to_owned(),
                    values: Some(vec![machine.clone()]),
                }]),
            },
        })
        .collect();
    if preferences.is_empty() {
        return None;
    }
    let node_affinity = NodeAffinity {
        preferred_during_scheduling_ignored_during_execution: Some(preferences),
        required_during_scheduling_ignored_during_execution: None,
    };
    Some(Affinity { node_affinity: Some(node_affinity), ..Affinity::default() })
}

fn volumes(launch: &AgentLaunch, device: Option<&Device>) -> Vec<Volume> {
    let of = |name: &str, source: EmptyDirVolumeSource| Volume {
        name: name.to_owned(),
        empty_dir: Some(source),
        ..Volume::default()
    };
    let empty = |name: &str, size: String| {
        of(name, EmptyDirVolumeSource { medium: None, size_limit: Some(Quantity(size)) })
    };
    let limits = &launch.spec.limits;
    let disk = limits.disk_bytes.saturating_add(DISK_AFTER_THE_AGENT).to_string();
    // The code archive is stored there before it is unpacked.
    let run = limits.log_bytes.saturating_add(limits.code_bytes).saturating_add(RUN_BYTES).to_string();
    let memory = |name: &str, size: String| {
        of(name, EmptyDirVolumeSource { medium: Some("Memory".to_owned()), size_limit: Some(Quantity(size)) })
    };
    let owner = Volume {
        name: "owner".to_owned(),
        // Readable by any user of the agent's image; mounted only in the container that brings the agent.
        secret: Some(SecretVolumeSource {
            secret_name: Some(AGENTS.to_owned()),
            default_mode: Some(0o444),
            ..SecretVolumeSource::default()
        }),
        ..Volume::default()
    };
    let mut volumes = vec![
        empty("bin", BIN_BYTES.to_owned()),
        empty("run", run),
        empty("tmp", disk.clone()),
        empty("home", disk),
        memory("launch", LAUNCH_BYTES.to_owned()),
        owner,
    ];
    let shared = launch.spec.resources.shared_memory_bytes;
    if shared > 0 {
        volumes.push(memory("shm", shared.to_string()));
    }
    let of_device = device.map(|device| device.mounts.as_slice()).unwrap_or_default();
    volumes.extend(of_device.iter().enumerate().map(|(n, given)| Volume {
        name: format!("driver-{n}"),
        host_path: Some(HostPathVolumeSource { path: given.path.clone(), type_: None }),
        ..Volume::default()
    }));
    volumes
}

fn mount(name: &str, path: &str, read_only: bool) -> VolumeMount {
    VolumeMount {
        name: name.to_owned(),
        mount_path: path.to_owned(),
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kubernetes::sample;

    fn sample_pod() -> PodSpec {
        made(&sample::launch(), &sample::options())
    }

    fn made(launch: &AgentLaunch, options: &KubernetesOptions) -> PodSpec {
        let launch_data =
            LaunchData { config: "{\"name\":\"$(HOME)\"}".into(), sealed_token: "c2VhbGVk".into() };
        spec(launch, options, &launch_data)
    }

    #[test]
    fn the_owners_key_is_for_the_container_that_brings_the_agent_alone() {
        let pod = sample_pod();
        let mounts = |container: &Container, name: &str| {
            container.volume_mounts.iter().flatten().any(|mount| mount.name == name)
        };
        assert!(!pod.containers.iter().any(|container| mounts(container, "owner")));
        assert!(mounts(&pod.init_containers.as_ref().unwrap()[0], "owner"));
        assert_eq!(sealed_token(&pod), Some("c2VhbGVk"));
    }

    #[test]
    fn the_pod_gets_no_more_than_a_program_needs() {
        let pod = sample_pod();
        assert_eq!(pod.automount_service_account_token, Some(false));
        assert_eq!((pod.host_network, pod.host_pid, pod.host_ipc), (Some(false), Some(false), Some(false)));
        assert_eq!(pod.restart_policy.as_deref(), Some("Never"));
        let seccomp = pod.security_context.unwrap().seccomp_profile.unwrap();
        assert_eq!(seccomp.type_, "RuntimeDefault");
        for container in pod.containers.iter().chain(pod.init_containers.iter().flatten()) {
            let security = container.security_context.as_ref().unwrap();
            assert_eq!(
                (security.privileged, security.allow_privilege_escalation),
                (Some(false), Some(false))
            );
            let capabilities = security.capabilities.as_ref().unwrap();
            assert_eq!(capabilities.drop.as_deref(), Some(&["ALL".to_owned()][..]));
            assert!(capabilities.add.is_none());
            let resources = container.resources.as_ref().unwrap();
            let but_disk = |quantities: &Option<BTreeMap<String, Quantity>>| {
                let mut quantities = quantities.clone().unwrap();
                quantities.remove("ephemeral-storage");
                quantities
            };
            assert_eq!(but_disk(&resources.limits), but_disk(&resources.requests));
        }
    }

    #[test]
    fn private_images_are_pulled_with_the_owners_secret() {
        assert!(sample_pod().image_pull_secrets.is_none());
        let options =
            KubernetesOptions { image_pull_secret_file: Some("registries.json".into()), ..sample::options() };
        let secrets = made(&sample::launch(), &options).image_pull_secrets.unwrap();
        assert_eq!(secrets, [registries()]);
    }

    #[test]
    fn cards_are_asked_for_as_their_row_says() {
        let pod = sample_pod();
        let limits = pod.containers[0].resources.as_ref().unwrap().limits.as_ref().unwrap();
        assert_eq!(limits["huawei.com/Ascend910"].0, "2");
        assert_eq!((limits["cpu"].0.as_str(), limits["memory"].0.as_str()), ("4", "8589934592"));
        let toleration = &pod.tolerations.as_ref().unwrap()[0];
        assert_eq!(
            (toleration.key.as_deref(), toleration.operator.as_deref()),
            (Some("npu"), Some("Exists"))
        );
        assert_eq!(pod.runtime_class_name.as_deref(), Some("ascend"));
        let volume = pod.volumes.as_ref().unwrap().iter().find(|volume| volume.name == "driver-0").unwrap();
        assert_eq!(volume.host_path.as_ref().unwrap().path, "/usr/local/Ascend/driver/lib64");
        assert_eq!(pod.node_selector.unwrap()["accelerator"], "huawei-Ascend910");
    }

    #[test]
    fn the_planned_machine_is_a_wish_and_the_pool_a_demand() {
        let affinity = sample_pod().affinity.unwrap().node_affinity.unwrap();
        assert!(affinity.required_during_scheduling_ignored_during_execution.is_none());
        let preferences = affinity.preferred_during_scheduling_ignored_during_execution.unwrap();
        let fields = preferences[0].preference.match_fields.as_ref().unwrap();
        assert_eq!(fields[0].values.as_deref(), Some(&["ascend-0".to_owned()][..]));
    }

    #[test]
    fn every_place_that_a_task_can_write_is_bounded() {
        let mut launch = sample::launch();
        launch.spec.limits.disk_bytes = 5 << 30;
        let pod = made(&launch, &sample::options());
        let volumes = pod.volumes.unwrap();
        for volume in volumes.iter().filter_map(|volume| volume.empty_dir.as_ref()) {
            assert!(volume.size_limit.is_some(), "{volume:?}");
        }
        let size = |name: &str| {
            let volume = volumes.iter().find(|volume| volume.name == name).unwrap();
            volume.empty_dir.as_ref().unwrap().size_limit.as_ref().unwrap().0.clone()
        };
        assert_eq!((size("tmp"), size("home")), ((6_u64 << 30).to_string(), (6_u64 << 30).to_string()));
        let resources = pod.containers[0].resources.as_ref().unwrap();
        assert!(resources.limits.as_ref().unwrap().contains_key("ephemeral-storage"));
        assert_eq!(resources.requests.as_ref().unwrap()["ephemeral-storage"].0, DISK_REQUEST);
    }

    #[test]
    fn an_image_is_pinned_where_its_digest_is_known() {
        assert_eq!(pinned("a/b:1", None), "a/b:1");
        assert_eq!(pinned("a/b:1", Some("sha256:x")), "a/b:1@sha256:x");
        assert_eq!(pinned("a/b@sha256:y", Some("sha256:x")), "a/b@sha256:y");
    }

    #[test]
    fn a_task_without_cards_has_nothing_of_a_device() {
        let mut launch = sample::launch();
        launch.spec.resources.accelerators.clear();
        let pod = made(&launch, &sample::options());
        assert!(
            pod.tolerations
                .unwrap()
                .iter()
                .all(|toleration| toleration.effect.as_deref() == Some("NoExecute"))
        );
        assert!(pod.runtime_class_name.is_none());
        assert!(pod.volumes.unwrap().iter().all(|volume| volume.host_path.is_none()));
    }

    #[test]
    fn nothing_in_a_variable_is_filled_in() {
        assert_eq!(variable("A", "a$(HOME)b").value.as_deref(), Some("a$$(HOME)b"));
    }
}
