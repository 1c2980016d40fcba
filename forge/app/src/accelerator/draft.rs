//! What an administrator types about a kind of cards.

use hearth_core::{Result, Timestamp};
use hearth_store::{
    Json,
    accelerator::{Accelerator, Mount, Toleration},
};
use serde::Deserialize;

use super::FAMILIES;
use crate::draft::{Reading, is_qualified_name, is_ticked, pairs_text, tick};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A form about a kind of cards; every field is text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub code: String,
    pub vendor: String,
    pub label: String,
    pub resource_name: String,
    pub family: String,
    pub model_label: String,
    pub memory_label: String,
    pub runtime_class: String,
    /// Lines of `key`, `key=value` or `key=value:effect`, as `kubectl taint` has them.
    pub tolerations: String,
    /// Lines of `NAME=value`.
    pub environment: String,
    /// Lines of a path, with `:ro` where it is read only.
    pub mounts: String,
    pub probe_command: String,
    pub is_enabled: String,
}

impl Draft {
    /// The form of a row that is there.
    pub fn of(row: &Accelerator) -> Self {
        let tolerations: Vec<String> = row.tolerations.0.iter().map(toleration_text).collect();
        let mounts: Vec<String> = row.mounts.0.iter().map(mount_text).collect();
        Self {
            code: row.code.clone(),
            vendor: row.vendor.clone(),
            label: row.label.clone(),
            resource_name: row.resource_name.clone(),
            family: row.family.clone(),
            model_label: row.model_label.clone().unwrap_or_default(),
            memory_label: row.memory_label.clone().unwrap_or_default(),
            runtime_class: row.runtime_class.clone().unwrap_or_default(),
            tolerations: tolerations.join("\n"),
            environment: pairs_text(&row.environment),
            mounts: mounts.join("\n"),
            probe_command: row.probe_command.join(" "),
            is_enabled: tick(row.is_enabled),
        }
    }

    pub fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }

    /// The row, or every mistake.
    pub(super) fn read(&self, now: Timestamp) -> Result<Accelerator> {
        let mut reading = Reading::default();
        if !FAMILIES.contains(&self.family.as_str()) || self.family == "cpu" {
            reading.0.add("family", "unknown-choice");
        }
        let row = Accelerator {
            code: reading.code("code", &self.code),
            vendor: reading.required_line("vendor", &self.vendor),
            label: reading.required_line("label", &self.label),
            resource_name: reading.name("resource_name", &self.resource_name),
            family: self.family.clone(),
            model_label: reading.optional_name("model_label", &self.model_label),
            memory_label: reading.optional_name("memory_label", &self.memory_label),
            runtime_class: reading.optional_name("runtime_class", &self.runtime_class),
            tolerations: Json(self.tolerations(&mut reading)),
            environment: Json(reading.pairs("environment", &self.environment, |name, _| is_variable(name))),
            mounts: Json(self.mounts(&mut reading)),
            probe_command: Json(
                reading
                    .line("probe_command", &self.probe_command)
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            ),
            is_enabled: self.is_enabled(),
            created_at: now,
            updated_at: now,
        };
        reading.0.into_result()?;
        Ok(row)
    }

    fn tolerations(&self, reading: &mut Reading) -> Vec<Toleration> {
        let lines = reading.lines("tolerations", &self.tolerations);
        let read: Option<Vec<Toleration>> = lines.into_iter().map(toleration).collect();
        read.unwrap_or_else(|| {
            reading.0.add("tolerations", "toleration-line");
            Vec::new()
        })
    }

    fn mounts(&self, reading: &mut Reading) -> Vec<Mount> {
        let lines = reading.lines("mounts", &self.mounts);
        let read: Option<Vec<Mount>> = lines.into_iter().map(mount).collect();
        read.unwrap_or_else(|| {
            reading.0.add("mounts", "mount-line");
            Vec::new()
        })
    }
}

fn is_variable(name: &str) -> bool {
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    starts_well && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn toleration(line: &str) -> Option<Toleration> {
    let (taint, effect) = match line.rsplit_once(':') {
        Some((taint, effect)) => (taint, Some(effect)),
        None => (line, None),
    };
    let (key, value) = match taint.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (taint, None),
    };
    let is_good = is_qualified_name(key)
        && value.is_none_or(|value| !value.is_empty() && crate::draft::is_label_value(value))
        && effect.is_none_or(|effect| EFFECTS.contains(&effect));
    let owned = |text: Option<&str>| text.map(str::to_owned);
    is_good.then(|| Toleration { key: key.to_owned(), value: owned(value), effect: owned(effect) })
}

fn toleration_text(toleration: &Toleration) -> String {
    let value = toleration.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
    let effect = toleration.effect.as_ref().map(|effect| format!(":{effect}")).unwrap_or_default();
    format!("{}{value}{effect}", toleration.key)
}

/// Only whole paths below `/dev`, `/etc`, `/opt` and `/usr`: a driver lies there, and the rest of a node is nobody's business.
fn mount(line: &str) -> Option<Mount> {
    let (path, read_only) = line.strip_suffix(":ro").map_or((line, false), |path| (path, true));
    let is_driver = ["/dev/", "/etc/", "/opt/", "/usr/"].iter().any(|root| path.starts_with(root));
    let is_straight = path.split('/').skip(1).all(|part| !part.is_empty() && part != "." && part != "..");
    let has_good_letters = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte));
    (is_driver && is_straight && has_good_letters).then(|| Mount { path: path.to_owned(), read_only })
}

fn mount_text(mount: &Mount) -> String {
    format!("{}{}", mount.path, if mount.read_only { ":ro" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_kind_is_read_as_it_is_written() {
        let now = Timestamp::from_second(0);
        for row in super::super::shipped::rows(now) {
            let read = Draft::of(&row).read(now).unwrap_or_else(|error| panic!("{}: {error}", row.code));
            assert_eq!(read, row);
        }
    }

    #[test]
    fn taints_are_written_as_kubectl_does() {
        let full = toleration("gpu=h200:NoSchedule").expect("a toleration");
        assert_eq!((full.value.as_deref(), full.effect.as_deref()), (Some("h200"), Some("NoSchedule")));
        assert_eq!(toleration_text(&full), "gpu=h200:NoSchedule");
        assert_eq!(toleration("nvidia.com/gpu").map(|found| found.value), Some(None));
        for bad in ["", "=x", "a=", "a:Never", "a b"] {
            assert_eq!(toleration(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_mount_is_a_folder_of_a_driver() {
        assert_eq!(
            mount("/usr/local/dcmi:ro"),
            Some(Mount { path: "/usr/local/dcmi".into(), read_only: true })
        );
        for bad in
            ["/", "/root", "/dev/../root", "/etc/", "usr/lib", "/var/run/docker.sock", "/usr//x", "/usr/$(x)"]
        {
            assert_eq!(mount(bad), None, "{bad}");
        }
    }
}
