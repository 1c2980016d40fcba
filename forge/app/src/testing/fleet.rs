//! Clusters of machines that nobody starts anything on.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hearth_runner::{
    Error, Result,
    engine::{
        AgentLaunch, Capacity, Card, Change, Device, Engine, Handle, MachineCapacity, Observation, Occupied,
    },
};

/// One engine with these machines; without any it does not answer.
struct Fleet {
    name: &'static str,
    machines: Vec<MachineCapacity>,
}

#[async_trait]
impl Engine for Fleet {
    fn name(&self) -> &str {
        self.name
    }

    async fn capacity(&self, _: &[Device]) -> Result<Capacity> {
        if self.machines.is_empty() {
            return Err(Error::Unreachable("connection refused".into()));
        }
        Ok(Capacity { machines: self.machines.clone() })
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        Ok(Handle(launch.spec.name()))
    }

    async fn stop(&self, _: &Handle, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn kill(&self, _: &Handle) -> Result<()> {
        Ok(())
    }

    async fn observe(&self, _: &Handle) -> Result<Observation> {
        Ok(Observation::Running { machine: None })
    }

    async fn adopt(&self, _: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        Ok(Vec::new())
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        stream::pending().boxed()
    }

    async fn forget(&self, _: &Handle) -> Result<()> {
        Ok(())
    }
}

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

/// A cluster `east` with two nodes of eight H200 each, one of them cordoned, and one without cards; and a cluster `west` that
/// does not answer.
pub fn clusters() -> Vec<Arc<dyn Engine>> {
    let gpu = [("nvidia.com/gpu.product", "NVIDIA-H200"), ("kubernetes.io/arch", "amd64")];
    let machines = vec![
        machine("gpu-1", &gpu, Some("NVIDIA-H200"), 8),
        MachineCapacity { is_cordoned: true, ..machine("gpu-2", &gpu, Some("NVIDIA-H200"), 8) },
        machine("cpu-1", &[("kubernetes.io/arch", "amd64")], None, 0),
    ];
    vec![Arc::new(Fleet { name: "east", machines }), Arc::new(Fleet { name: "west", machines: Vec::new() })]
}

/// This machine alone.
pub fn alone(machine: MachineCapacity) -> Vec<Arc<dyn Engine>> {
    vec![Arc::new(Fleet { name: "local", machines: vec![machine] })]
}
