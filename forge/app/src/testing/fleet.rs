//! Machines on which nothing is started: what runs there, a test says itself.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hearth_runner::{
    Error, Result,
    engine::{
        AgentLaunch, Capacity, Card, Change, Device, Engine, Handle, MachineCapacity, Observation, Occupied,
    },
};

/// An engine that takes everything and starts nothing.
#[derive(Default)]
pub struct FakeEngine {
    name: &'static str,
    /// Without any it does not answer at all.
    machines: Vec<MachineCapacity>,
    starts_nothing: bool,
    launched: Mutex<Vec<AgentLaunch>>,
}

impl FakeEngine {
    pub fn new(name: &'static str, machines: Vec<MachineCapacity>) -> Self {
        Self { name, machines, ..Self::default() }
    }

    /// One machine of one CPU: the test speaks for the agents.
    pub fn of_one_cpu() -> Self {
        let machine = MachineCapacity {
            name: "one".into(),
            cpus: 1,
            memory_bytes: 4 << 30,
            ..MachineCapacity::default()
        };
        Self::new("fake", vec![machine])
    }

    /// The same, and it does not answer when it is to start something: tasks wait for it.
    pub fn that_starts_nothing() -> Self {
        Self { starts_nothing: true, ..Self::of_one_cpu() }
    }

    /// What it was given to start, in order.
    pub fn launched(&self) -> MutexGuard<'_, Vec<AgentLaunch>> {
        self.launched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, handle: &Handle) -> Result<Observation> {
        let is_here = self.launched().iter().any(|launch| launch.spec.name() == handle.0);
        let running = Observation::Running { machine: None };
        if is_here { Ok(running) } else { Err(Error::UnknownHandle(handle.clone())) }
    }
}

#[async_trait]
impl Engine for FakeEngine {
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
        if self.starts_nothing {
            return Err(Error::Unreachable("connection refused".into()));
        }
        let handle = Handle(launch.spec.name());
        self.launched().push(launch);
        Ok(handle)
    }

    async fn stop(&self, _: &Handle, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn kill(&self, _: &Handle) -> Result<()> {
        Ok(())
    }

    async fn observe(&self, handle: &Handle) -> Result<Observation> {
        self.look(handle)
    }

    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        Ok(handles.iter().filter_map(|handle| Some((handle.clone(), self.look(handle).ok()?))).collect())
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
    vec![Arc::new(FakeEngine::new("east", machines)), Arc::new(FakeEngine::new("west", Vec::new()))]
}

/// This machine alone.
pub fn alone(machine: MachineCapacity) -> Vec<Arc<dyn Engine>> {
    vec![Arc::new(FakeEngine::new("local", vec![machine]))]
}
