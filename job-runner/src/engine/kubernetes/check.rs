//! Validates everything that may become part of a pod. Anything else is refused before any object is created.

use super::names::{is_dns_label, is_label_value, is_qualified_name};
use crate::{
    engine::{AgentLaunch, Device},
    spec::{SpecError, SpecFault},
};

const MOST_CPUS: u32 = 4096;
const MOST_MEMORY: u64 = 1 << 50;
const MOST_CARDS: usize = 1024;
pub(super) const MOST_NODES: u32 = 1024;
const LONGEST_REFERENCE: usize = 512;
const LONGEST_VALUE: usize = 4096;

/// Host folders that no driver needs and no task may see, with everything below them.
const NEVER_MOUNTED: [&str; 12] = [
    "/proc", "/sys", "/run", "/var/run", "/var/lib", "/root", "/home", "/tmp", "/boot", "/hearth", "/bin",
    "/sbin",
];
/// May not be mounted themselves; only files and folders below them.
const NEVER_WHOLE: [&str; 8] = ["/", "/dev", "/etc", "/usr", "/usr/local", "/opt", "/var", "/lib"];

/// Checks everything that comes from a user or from a device row.
pub(super) fn check(launch: &AgentLaunch) -> Result<(), SpecError> {
    launch.spec.validate()?;
    let image = &launch.spec.image;
    let reference = image.reference.as_deref().unwrap_or_default();
    if reference.is_empty() {
        return Err(refuse("image.reference", SpecFault::Missing, ""));
    }
    if !is_reference(reference) {
        return Err(refuse("image.reference", SpecFault::BadValue, reference));
    }
    if let Some(digest) = &image.digest
        && !is_digest(digest)
    {
        return Err(refuse("image.digest", SpecFault::BadValue, digest));
    }
    let resources = &launch.spec.resources;
    if resources.cpus > MOST_CPUS
        || resources.memory_bytes > MOST_MEMORY
        || resources.shared_memory_bytes > resources.memory_bytes
        || resources.accelerators.len() > MOST_CARDS
    {
        return Err(refuse("resources", SpecFault::OutOfRange, ""));
    }
    if launch.spec.node.count > MOST_NODES {
        return Err(refuse("node", SpecFault::OutOfRange, &launch.spec.node.count.to_string()));
    }
    let placement = &launch.placement;
    if placement.owner.is_empty() {
        return Err(refuse("placement.owner", SpecFault::Missing, ""));
    }
    for (name, value) in &placement.node_selector {
        if !is_qualified_name(name) || !is_label_value(value) {
            return Err(refuse("placement.node_selector", SpecFault::BadName, name));
        }
    }
    if let Some(queue) = &placement.local_queue
        && !queue.split('.').all(is_dns_label)
    {
        return Err(refuse("placement.local_queue", SpecFault::BadName, queue));
    }
    match &placement.device {
        Some(device) => check_device(device),
        None if resources.accelerators.is_empty() => Ok(()),
        None => Err(refuse("placement.device", SpecFault::Missing, "")),
    }
}

fn check_device(device: &Device) -> Result<(), SpecError> {
    if !device.resource.contains('/') || !is_qualified_name(&device.resource) {
        return Err(refuse("device.resource", SpecFault::BadName, &device.resource));
    }
    if let Some(class) = &device.runtime_class
        && !class.split('.').all(is_dns_label)
    {
        return Err(refuse("device.runtime_class", SpecFault::BadName, class));
    }
    for toleration in &device.tolerations {
        let has_effect = toleration
            .effect
            .as_deref()
            .is_none_or(|effect| matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute"));
        if !has_effect
            || !is_qualified_name(&toleration.key)
            || !toleration.value.as_deref().is_none_or(is_label_value)
        {
            return Err(refuse("device.tolerations", SpecFault::BadName, &toleration.key));
        }
    }
    for (name, value) in &device.environment {
        let is_name = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name || name.starts_with("HEARTH_") || value.contains('\0') || value.len() > LONGEST_VALUE {
            return Err(refuse("device.environment", SpecFault::BadName, name));
        }
    }
    match device.mounts.iter().find(|mount| !is_mountable(&mount.path)) {
        Some(mount) => Err(refuse("device.mounts", SpecFault::UnsafePath, &mount.path)),
        None => Ok(()),
    }
}

/// A driver's path: absolute and plain, and nothing that would compromise the machine.
fn is_mountable(path: &str) -> bool {
    let is_plain = path.starts_with('/')
        && path.len() <= LONGEST_VALUE
        && !path.contains(['\0', '\n', ':'])
        && !path[1..].split('/').any(|part| matches!(part, "" | "." | ".."));
    let is_below =
        |folder: &str| path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    is_plain && !NEVER_WHOLE.contains(&path) && !NEVER_MOUNTED.iter().any(|folder| is_below(folder))
}

/// `registry:port/path/name:tag`, with or without `@sha256:…`.
fn is_reference(reference: &str) -> bool {
    let (name, digest) =
        reference.split_once('@').map_or((reference, None), |(name, digest)| (name, Some(digest)));
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    starts_well
        && reference.len() <= LONGEST_REFERENCE
        && !name.contains("//")
        && !name.contains("..")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte))
        && digest.is_none_or(is_digest)
}

fn is_digest(digest: &str) -> bool {
    digest.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn refuse(field: &'static str, fault: SpecFault, value: &str) -> SpecError {
    SpecError { field, fault, value: value.chars().take(80).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{DeviceMount, Toleration, kubernetes::sample};

    fn fault(change: impl FnOnce(&mut AgentLaunch)) -> Option<&'static str> {
        let mut launch = sample::launch();
        change(&mut launch);
        check(&launch).err().map(|error| error.field)
    }

    fn device_fault(change: impl FnOnce(&mut Device)) -> Option<&'static str> {
        fault(|launch| change(launch.placement.device.as_mut().unwrap()))
    }

    #[test]
    fn an_image_is_a_plain_reference() {
        assert_eq!(fault(|_| {}), None);
        assert_eq!(fault(|launch| launch.spec.image.reference = None), Some("image.reference"));
        for odd in ["-x", "a b", "a\nb", "$(id)", "a//b", "../a", "a@sha256:x", "a;b"] {
            assert_eq!(
                fault(|launch| launch.spec.image.reference = Some(odd.into())),
                Some("image.reference"),
                "{odd}"
            );
        }
        assert_eq!(fault(|launch| launch.spec.image.digest = Some("sha1:1".into())), Some("image.digest"));
    }

    #[test]
    fn no_mount_gives_the_machine_away() {
        let with = |path: &str| {
            let mount = DeviceMount { path: path.into(), read_only: true };
            device_fault(|device| device.mounts = vec![mount])
        };
        for odd in [
            "/",
            "",
            "etc",
            "/etc",
            "/proc/1",
            "/var/run/docker.sock",
            "/run",
            "/usr/../etc",
            "/a//b",
            "/a/",
            concat!("/", "root/.kube"),
            "/var/lib/kubelet/pods",
            "/hearth/bin",
            "/sys",
            "/dev",
        ] {
            assert_eq!(with(odd), Some("device.mounts"), "{odd}");
        }
        for good in [
            "/usr/local/Ascend/driver/lib64",
            "/etc/ascend_install.info",
            "/dev/davinci_manager",
            "/opt/hyhal",
        ] {
            assert_eq!(with(good), None, "{good}");
        }
    }

    #[test]
    fn resources_tolerations_and_selectors_are_names() {
        assert_eq!(device_fault(|device| device.resource = "gpu".into()), Some("device.resource"));
        assert_eq!(device_fault(|device| device.resource = "a b/gpu".into()), Some("device.resource"));
        assert_eq!(
            device_fault(|device| device.runtime_class = Some("A".into())),
            Some("device.runtime_class")
        );
        let toleration = Toleration { key: "gpu".into(), value: None, effect: Some("Never".into()) };
        assert_eq!(device_fault(|device| device.tolerations = vec![toleration]), Some("device.tolerations"));
        let set = |device: &mut Device| drop(device.environment.insert("A=B".into(), String::new()));
        assert_eq!(device_fault(set), Some("device.environment"));
        let set =
            |launch: &mut AgentLaunch| drop(launch.placement.node_selector.insert("a b".into(), "c".into()));
        assert_eq!(fault(set), Some("placement.node_selector"));
        assert_eq!(
            fault(|launch| launch.placement.local_queue = Some("a/b".into())),
            Some("placement.local_queue")
        );
        assert_eq!(fault(|launch| launch.placement.owner.clear()), Some("placement.owner"));
        assert_eq!(fault(|launch| launch.placement.device = None), Some("placement.device"));
    }

    #[test]
    fn sizes_are_within_reason() {
        assert_eq!(fault(|launch| launch.spec.resources.memory_bytes = u64::MAX), Some("resources"));
        assert_eq!(fault(|launch| launch.spec.resources.shared_memory_bytes = u64::MAX), Some("resources"));
        assert_eq!(fault(|launch| launch.spec.resources.cpus = 1 << 20), Some("resources"));
        assert_eq!(fault(|launch| launch.spec.node.count = 5000), Some("node"));
    }
}
