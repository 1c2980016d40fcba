//! The names and labels of Hearth's objects in a cluster.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::engine::{AgentLaunch, Handle};

/// The field manager for server-side apply.
pub(super) const MANAGER: &str = "hearth";
/// Owns only the Pod Security level of namespaces, so that applying the rest leaves it unchanged.
pub(super) const LEVEL_MANAGER: &str = "hearth-level";
/// The Secret of an owner's agents: the key that opens the tokens of their attempts.
pub(super) const AGENTS: &str = "hearth-agents";
/// The Secret with which private images are pulled, in every owner's namespace.
pub(super) const REGISTRIES: &str = "hearth-registries";
pub(super) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Which Hearth owns it: several may share a cluster.
pub(super) const INSTANCE: &str = "hearth.dev/instance";
pub(super) const OWNER: &str = "hearth.dev/owner";
pub(super) const TASK: &str = "hearth.dev/task";
/// The attempt's name, which is also the Job's and the [`Handle`].
pub(super) const ATTEMPT: &str = "hearth.dev/attempt";
pub(super) const POOL: &str = "hearth.dev/pool";
/// `open` or `closed`: which network policies apply to a pod.
pub(super) const NETWORK: &str = "hearth.dev/network";
/// The Kueue queue that a Job goes through.
pub(super) const KUEUE_QUEUE: &str = "kueue.x-k8s.io/queue-name";

const LONGEST_LABEL: usize = 63;
/// Hex digits of the hash that distinguishes similar names.
const HASH_DIGITS: usize = 10;

/// The names of one Hearth in a cluster.
#[derive(Clone, Debug)]
pub(super) struct Names {
    prefix: String,
}

impl Names {
    /// `prefix` begins the name of every namespace, and distinguishes this Hearth from others.
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    pub(super) fn instance(&self) -> String {
        label_value(self.prefix.trim_end_matches('-'))
    }

    /// The namespace of an owner. Two owners never share one: a name that had to be changed, or that looks
    /// like a changed one, carries a hash of the original name.
    pub(super) fn namespace(&self, owner: &str) -> String {
        let room = LONGEST_LABEL.saturating_sub(self.prefix.len());
        if is_dns_label(owner) && owner.len() <= room && !looks_hashed(owner) {
            return format!("{}{owner}", self.prefix);
        }
        let plain = plain_part(owner, room.saturating_sub(HASH_DIGITS + 1));
        let joint = if plain.is_empty() { "" } else { "-" };
        format!("{}{plain}{joint}{}", self.prefix, hash(owner))
    }

    /// The name of a namespace that belongs to no owner, whatever the prefix.
    pub(super) fn foreign_namespace(&self) -> String {
        format!("not-{}owner", self.prefix)
    }

    /// Selects everything that belongs to this Hearth.
    pub(super) fn selector(&self) -> String {
        format!("{INSTANCE}={}", self.instance())
    }

    /// Selects pods that are not this Hearth's.
    pub(super) fn selector_of_others(&self) -> String {
        format!("{INSTANCE}!={}", self.instance())
    }

    pub(super) fn selector_of(&self, handle: &Handle) -> String {
        format!("{INSTANCE}={},{ATTEMPT}={}", self.instance(), handle.0)
    }

    /// Labels of an owner's objects.
    pub(super) fn owner_labels(&self, owner: &str) -> BTreeMap<String, String> {
        labels([(MANAGED_BY, MANAGER.to_owned()), (INSTANCE, self.instance()), (OWNER, label_value(owner))])
    }

    /// Labels of an attempt's objects.
    pub(super) fn attempt_labels(&self, launch: &AgentLaunch) -> BTreeMap<String, String> {
        let mut labels = self.owner_labels(&launch.placement.owner);
        labels.insert(TASK.to_owned(), launch.spec.task.to_string());
        labels.insert(ATTEMPT.to_owned(), launch.spec.name());
        if !launch.placement.pool.is_empty() {
            labels.insert(POOL.to_owned(), label_value(&launch.placement.pool));
        }
        labels
    }
}

pub(super) fn labels<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Whether a handle can be a name of ours.
pub(super) fn is_ours(handle: &Handle) -> bool {
    handle.0.starts_with("hearth-") && is_dns_label(&handle.0)
}

/// Lower-case letters, digits and `-`, not at the start or end; at most 63.
pub(super) fn is_dns_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_LABEL
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A valid label value: letters, digits and `-_.`, with a letter or digit at the start and end.
pub(super) fn is_label_value(text: &str) -> bool {
    let is_edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    text.len() <= LONGEST_LABEL
        && is_edge(text.as_bytes().first())
        && is_edge(text.as_bytes().last())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A name with or without a domain before a `/`, as in labels and resources.
pub(super) fn is_qualified_name(text: &str) -> bool {
    let (domain, name) = text.rsplit_once('/').map_or((None, text), |(domain, name)| (Some(domain), name));
    !name.is_empty()
        && is_label_value(name)
        && domain.is_none_or(|domain| domain.len() <= 253 && domain.split('.').all(is_dns_label))
}

/// The text itself if it is a valid label value; otherwise a sanitised form of it, with a hash.
fn label_value(text: &str) -> String {
    if is_label_value(text) {
        return text.to_owned();
    }
    let plain = plain_part(text, LONGEST_LABEL - HASH_DIGITS - 1);
    if plain.is_empty() { hash(text) } else { format!("{plain}-{}", hash(text)) }
}

fn plain_part(text: &str, most: usize) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let plain: String = text.chars().map(kept).take(most).collect();
    plain.trim_matches('-').to_owned()
}

fn looks_hashed(text: &str) -> bool {
    let last = text.rsplit('-').next().unwrap_or_default();
    last.len() == HASH_DIGITS && last.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hash(text: &str) -> String {
    let mut digits = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    digits.truncate(HASH_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_ordinary_owner_is_read_in_the_namespace() {
        assert_eq!(Names::new("hearth-").namespace("mei"), "hearth-mei");
    }

    #[test]
    fn no_two_owners_share_a_namespace() {
        let names = Names::new("hearth-");
        let hashed = names.namespace("a_b").trim_start_matches("hearth-").to_owned();
        let long = ["x".repeat(60), "x".repeat(59) + "y"];
        let owners = [
            "a-b",
            "a_b",
            "a.b",
            "A-B",
            "A.b",
            "a-B",
            hashed.as_str(),
            long[0].as_str(),
            long[1].as_str(),
            "_",
        ];
        let spaces: HashSet<String> = owners.iter().map(|owner| names.namespace(owner)).collect();
        assert_eq!(spaces.len(), owners.len(), "{spaces:?}");
        for space in spaces {
            assert!(is_dns_label(&space), "{space}");
        }
    }

    #[test]
    fn labels_take_what_they_may_hold_and_a_hash_of_the_rest() {
        assert_eq!(label_value("Mei_1.x"), "Mei_1.x");
        for odd in ["", "资源池", "-a", "a b", &"a".repeat(70)] {
            assert!(is_label_value(&label_value(odd)), "{odd}");
        }
        assert!(is_qualified_name("nvidia.com/gpu") && is_qualified_name("accelerator"));
        assert!(
            !is_qualified_name("nvidia.com/")
                && !is_qualified_name("NVIDIA/gpu")
                && !is_qualified_name("a/b/c")
        );
    }
}
