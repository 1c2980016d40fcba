//! Where an attempt goes: decided when its turn comes, together with its image and its cards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A kind of cards as a cluster knows it: what a pod asks for, and what a node tells of itself. One row of the
/// administrator's table of accelerators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The row's code, which is also the `vendor` of its cards: `nvidia`, `ascend-910`.
    pub code: String,
    /// What the device plugin calls one card: `nvidia.com/gpu`.
    pub resource: String,
    /// The node's label that names the model.
    pub model_label: Option<String>,
    /// The node's label with the memory of one card in MiB.
    pub memory_label: Option<String>,
    pub runtime_class: Option<String>,
    pub tolerations: Vec<Toleration>,
    /// Added to the container's environment.
    pub environment: BTreeMap<String, String>,
    /// Folders of the node that the driver needs inside the container.
    pub mounts: Vec<DeviceMount>,
}

/// A taint that pods with these cards put up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toleration {
    pub key: String,
    /// None: whatever its value is.
    #[serde(default)]
    pub value: Option<String>,
    /// None: every effect.
    #[serde(default)]
    pub effect: Option<String>,
}

/// The same path on the node and in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMount {
    pub path: String,
    pub read_only: bool,
}

/// Where an attempt is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Whose task it is, by name: on a cluster each owner has a namespace.
    pub owner: String,
    /// The pool's code; empty on an engine that has none.
    pub pool: String,
    /// The machines on which there was room, one for each node of the task. A cluster may decide otherwise.
    pub machines: Vec<String>,
    /// Labels that the machine must have.
    pub node_selector: BTreeMap<String, String>,
    /// The kind of its cards, where it has any.
    pub device: Option<Device>,
    /// The Kueue queue that it goes through.
    pub local_queue: Option<String>,
}
