//! Where an attempt runs: decided when its turn comes, together with its image and its cards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A kind of cards in a cluster: what a pod requests, and the labels of its nodes. One row of the
/// administrator's table of accelerators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The row's code, which is also the `vendor` of its cards: `nvidia`, `ascend-910`.
    pub code: String,
    /// The device plugin's resource name of a card: `nvidia.com/gpu`.
    pub resource: String,
    /// The node label that names the model.
    pub model_label: Option<String>,
    /// The node label with the memory of one card in MiB.
    pub memory_label: Option<String>,
    pub runtime_class: Option<String>,
    pub tolerations: Vec<Toleration>,
    /// Added to the container's environment.
    pub environment: BTreeMap<String, String>,
    /// Folders of the node that the driver needs inside the container.
    pub mounts: Vec<DeviceMount>,
}

/// A taint that pods with these cards tolerate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toleration {
    pub key: String,
    /// `None` matches any value.
    #[serde(default)]
    pub value: Option<String>,
    /// `None` matches every effect.
    #[serde(default)]
    pub effect: Option<String>,
}

/// The same path on the node and in the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMount {
    pub path: String,
    pub read_only: bool,
}

/// Where an attempt is to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// The owner of the task, by name: on a cluster each owner has a namespace.
    pub owner: String,
    /// The pool's code; empty on an engine without pools.
    pub pool: String,
    /// The machines on which there was room, one for each node of the task. A cluster may decide otherwise.
    pub machines: Vec<String>,
    /// Labels that the machine must have.
    pub node_selector: BTreeMap<String, String>,
    /// The kind of its cards, if it has any.
    pub device: Option<Device>,
    /// The Kueue queue to use, if any.
    pub local_queue: Option<String>,
}
