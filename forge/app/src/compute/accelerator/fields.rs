//! The fields of an accelerator type that an administrator sets.

use std::collections::BTreeMap;

use hearth_core::{Result, Timestamp};
use hearth_store::{
    Json,
    accelerator::{Accelerator, Mount, Toleration},
};

use super::FAMILIES;
use crate::fields::{Checks, is_label_value, is_qualified_name};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// The editable fields of an accelerator type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    pub vendor: String,
    pub label: String,
    pub resource_name: String,
    pub family: String,
    pub model_label: Option<String>,
    pub memory_label: Option<String>,
    pub runtime_class: Option<String>,
    pub tolerations: Vec<Toleration>,
    pub environment: BTreeMap<String, String>,
    pub mounts: Vec<Mount>,
    pub probe_command: Vec<String>,
    pub is_enabled: bool,
}

impl Fields {
    /// The fields of an existing row.
    pub fn of(row: &Accelerator) -> Self {
        Self {
            code: row.code.clone(),
            vendor: row.vendor.clone(),
            label: row.label.clone(),
            resource_name: row.resource_name.clone(),
            family: row.family.clone(),
            model_label: row.model_label.clone(),
            memory_label: row.memory_label.clone(),
            runtime_class: row.runtime_class.clone(),
            tolerations: row.tolerations.0.clone(),
            environment: row.environment.0.clone(),
            mounts: row.mounts.0.clone(),
            probe_command: row.probe_command.0.clone(),
            is_enabled: row.is_enabled,
        }
    }

    /// Returns the row, or all validation errors.
    pub(super) fn check(&self, now: Timestamp) -> Result<Accelerator> {
        let mut checks = Checks::default();
        if !FAMILIES.contains(&self.family.as_str()) || self.family == "cpu" {
            checks.0.add("family", "unknown-choice");
        }
        checks.lines("tolerations", self.tolerations.iter().map(letters));
        if !self.tolerations.iter().all(is_toleration) {
            checks.0.add("tolerations", "toleration-line");
        }
        checks.lines("mounts", self.mounts.iter().map(|mount| mount.path.chars().count()));
        if !self.mounts.iter().all(is_mount) {
            checks.0.add("mounts", "mount-line");
        }
        checks.line("probe_command", &self.probe_command.join(" "));
        let row = Accelerator {
            code: checks.code("code", &self.code),
            vendor: checks.required_line("vendor", &self.vendor),
            label: checks.required_line("label", &self.label),
            resource_name: checks.name("resource_name", &self.resource_name),
            family: self.family.clone(),
            model_label: checks.optional_name("model_label", self.model_label.as_deref()),
            memory_label: checks.optional_name("memory_label", self.memory_label.as_deref()),
            runtime_class: checks.optional_name("runtime_class", self.runtime_class.as_deref()),
            tolerations: Json(self.tolerations.clone()),
            environment: Json(checks.pairs("environment", &self.environment, |name, _| is_variable(name))),
            mounts: Json(self.mounts.clone()),
            probe_command: Json(self.probe_command.clone()),
            is_enabled: self.is_enabled,
            created_at: now,
            updated_at: now,
        };
        checks.0.into_result()?;
        Ok(row)
    }
}

fn is_variable(name: &str) -> bool {
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    starts_well && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn letters(toleration: &Toleration) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count() + 1);
    toleration.key.chars().count() + length(&toleration.value) + length(&toleration.effect)
}

fn is_toleration(toleration: &Toleration) -> bool {
    is_qualified_name(&toleration.key)
        && toleration.value.as_deref().is_none_or(|value| !value.is_empty() && is_label_value(value))
        && toleration.effect.as_deref().is_none_or(|effect| EFFECTS.contains(&effect))
}

/// Only absolute, normalised paths below `/dev`, `/etc`, `/opt` and `/usr`: drivers live there, and nothing
/// else of a node may be mounted.
fn is_mount(mount: &Mount) -> bool {
    let path = mount.path.as_str();
    let is_driver = ["/dev/", "/etc/", "/opt/", "/usr/"].iter().any(|root| path.starts_with(root));
    let is_straight = path.split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..");
    let has_good_letters = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte));
    is_driver && is_straight && has_good_letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_kind_is_good_and_stays_as_it_is() {
        let now = Timestamp::from_second(0);
        for row in super::super::shipped::rows(now) {
            let read = Fields::of(&row).check(now).unwrap_or_else(|error| panic!("{}: {error}", row.code));
            assert_eq!(read, row);
        }
    }

    #[test]
    fn a_toleration_is_what_a_cluster_takes() {
        let toleration = |key: &str, value: Option<&str>, effect: Option<&str>| Toleration {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            effect: effect.map(str::to_owned),
        };
        assert!(is_toleration(&toleration("gpu", Some("h200"), Some("NoSchedule"))));
        assert!(is_toleration(&toleration("nvidia.com/gpu", None, None)));
        for bad in [
            toleration("", None, None),
            toleration("", Some("x"), None),
            toleration("a", Some(""), None),
            toleration("a", None, Some("Never")),
            toleration("a b", None, None),
        ] {
            assert!(!is_toleration(&bad), "{bad:?}");
        }
    }

    #[test]
    fn a_mount_is_a_folder_of_a_driver() {
        let mount = |path: &str| Mount { path: path.to_owned(), read_only: true };
        assert!(is_mount(&mount("/usr/local/dcmi")));
        for bad in
            ["/", "/root", "/dev/../root", "/etc/", "usr/lib", "/var/run/docker.sock", "/usr//x", "/usr/$(x)"]
        {
            assert!(!is_mount(&mount(bad)), "{bad}");
        }
    }
}
