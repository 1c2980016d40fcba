//! Machines for tests that need a cluster.

use std::sync::Arc;

use hearth_runner::engine::{Card, Engine, MachineCapacity, Occupied};

use super::FakeEngine;

/// A machine of 64 CPUs and 512 GiB; each of its cards has 80 GiB.
pub fn machine(name: &str, labels: &[(&str, &str)], model: Option<&str>, cards: u32) -> MachineCapacity {
    let card = |index| Card {
        vendor: "nvidia".into(),
        model: model.unwrap_or_default().into(),
        index,
        memory_bytes: 80 << 30,
    };
    MachineCapacity {
        name: name.into(),
        cpus: 64,
        memory_bytes: 512 << 30,
        cards: (0..cards).map(card).collect(),
        labels: labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        is_cordoned: false,
        others: Occupied::default(),
    }
}

/// A cluster `east` with two nodes of eight H200 each, one of them cordoned, and one without cards; and a
/// cluster `west` that does not answer.
pub fn clusters() -> Vec<Arc<dyn Engine>> {
    let gpu = [("nvidia.com/gpu.product", "NVIDIA-H200"), ("kubernetes.io/arch", "amd64")];
    let machines = vec![
        machine("gpu-1", &gpu, Some("NVIDIA-H200"), 8),
        MachineCapacity { is_cordoned: true, ..machine("gpu-2", &gpu, Some("NVIDIA-H200"), 8) },
        machine("cpu-1", &[("kubernetes.io/arch", "amd64")], None, 0),
    ];
    vec![Arc::new(FakeEngine::new("east", machines)), Arc::new(FakeEngine::unreachable("west"))]
}

/// An engine with this machine alone.
pub fn alone(machine: MachineCapacity) -> Vec<Arc<dyn Engine>> {
    vec![Arc::new(FakeEngine::new("local", vec![machine]))]
}
