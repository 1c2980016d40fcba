//! An engine on which nothing runs.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hearth_core::Reason;
use hearth_runner::{
    Error, Result,
    engine::{
        AgentLaunch, Capacity, Change, Device, Engine, Handle, MachineCapacity, Observation, OutputFolder,
    },
    packages::{PackageSupport, PackagesOff},
};

/// Takes attempts and starts nothing: a test plays their agents and says what the engine sees of them.
#[derive(Default)]
pub struct FakeEngine {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// `None`: it does not answer.
    machines: Option<Vec<MachineCapacity>>,
    cannot_start: bool,
    /// Whether it installs packages; `None`: it cannot.
    packages: Option<PackageSupport>,
    launches: BTreeMap<Handle, AgentLaunch>,
    observations: BTreeMap<Handle, Observation>,
    /// On which machines the nodes of every attempt are, by rank.
    nodes: Vec<String>,
    /// Who takes attempts away.
    leaving: Option<(Reason, String)>,
    outputs: BTreeMap<Handle, OutputFolder>,
    forgotten: Vec<Handle>,
}

impl FakeEngine {
    pub fn new(name: &'static str, machines: Vec<MachineCapacity>) -> Self {
        Self { name, state: Mutex::new(State { machines: Some(machines), ..State::default() }) }
    }

    /// An engine that does not answer at all.
    pub fn unreachable(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// One machine with so many CPUs and 4 GiB of memory for each.
    pub fn with_cpus(cpus: u32) -> Self {
        Self::new("fake", vec![plain_machine("one", cpus)])
    }

    /// As a server takes it, while the test keeps the other end.
    pub fn share(self) -> (Arc<Self>, Vec<Arc<dyn Engine>>) {
        let engine = Arc::new(self);
        (Arc::clone(&engine), vec![engine])
    }

    /// From now on it installs packages.
    ///
    /// # Panics
    ///
    /// When this is no address.
    pub fn install_packages_from(&self, index: &str) {
        let index_url = index.parse().expect("an address");
        self.state().packages = Some(PackageSupport::On { index_url });
    }

    /// What it was given to start under this name.
    ///
    /// # Panics
    ///
    /// When it was not given such an attempt.
    pub fn launched(&self, name: &str) -> AgentLaunch {
        self.state().launches[&Handle(name.into())].clone()
    }

    /// The names of everything that it was ever given to start.
    pub fn names(&self) -> Vec<String> {
        self.state().launches.keys().map(|handle| handle.0.clone()).collect()
    }

    /// From here on it sees this attempt so.
    pub fn show(&self, name: &str, observation: Observation) {
        self.state().observations.insert(Handle(name.into()), observation);
    }

    /// From here on the outputs of this attempt lie in a folder of this machine.
    pub fn leave_outputs(&self, name: &str, folder: &Path, is_quiet: bool) {
        let left = OutputFolder { path: folder.to_owned(), is_quiet };
        self.state().outputs.insert(Handle(name.into()), left);
    }

    pub fn has_forgotten(&self, name: &str) -> bool {
        self.state().forgotten.contains(&Handle(name.into()))
    }

    /// From here on the nodes of every attempt are on these machines, by rank.
    pub fn place(&self, machines: &[String]) {
        self.state().nodes = machines.to_vec();
    }

    /// From here on it takes running attempts away for this reason.
    pub fn take_away(&self, reason: Reason, detail: &str) {
        self.state().leaving = Some((reason, detail.to_owned()));
    }

    /// Whether it fails when it is to start something; tasks then wait for it.
    pub fn set_cannot_start(&self, cannot_start: bool) {
        self.state().cannot_start = cannot_start;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Engine for FakeEngine {
    fn name(&self) -> &str {
        self.name
    }

    fn has_interpreters(&self) -> bool {
        let state = self.state();
        state.machines.as_deref().is_none_or(|all| all.iter().any(|machine| machine.labels.is_empty()))
    }

    async fn packages(&self) -> PackageSupport {
        self.state().packages.clone().unwrap_or(PackageSupport::Off(PackagesOff::Engine))
    }

    fn leaving(&self, _: &Handle) -> Option<(Reason, String)> {
        self.state().leaving.clone()
    }

    fn machines(&self, _: &Handle) -> Vec<String> {
        self.state().nodes.clone()
    }

    async fn outputs(&self, handle: &Handle) -> Option<OutputFolder> {
        self.state().outputs.get(handle).cloned()
    }

    async fn capacity(&self, _: &[Device]) -> Result<Capacity> {
        let machines = self.state().machines.clone();
        machines.map(|machines| Capacity { machines }).ok_or_else(refused)
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        let mut state = self.state();
        if state.cannot_start {
            return Err(refused());
        }
        let handle = Handle(launch.spec.name());
        state.launches.entry(handle.clone()).or_insert(launch);
        state.observations.entry(handle.clone()).or_insert(Observation::Running { machine: None });
        Ok(handle)
    }

    async fn stop(&self, _: &Handle, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn kill(&self, handle: &Handle) -> Result<()> {
        self.show(&handle.0, lost("killed"));
        Ok(())
    }

    async fn observe(&self, handle: &Handle) -> Result<Observation> {
        let seen = self.state().observations.get(handle).cloned();
        seen.ok_or_else(|| Error::UnknownHandle(handle.clone()))
    }

    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        let state = self.state();
        let seen = |handle: &Handle| state.observations.get(handle).cloned();
        let seen = |handle: &Handle| seen(handle).unwrap_or_else(|| lost("never started"));
        Ok(handles.iter().map(|handle| (handle.clone(), seen(handle))).collect())
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        stream::pending().boxed()
    }

    async fn forget(&self, handle: &Handle) -> Result<()> {
        let mut state = self.state();
        state.outputs.remove(handle);
        state.forgotten.push(handle.clone());
        Ok(())
    }
}

/// A machine without cards or labels, with 4 GiB of memory for each CPU.
pub fn plain_machine(name: &str, cpus: u32) -> MachineCapacity {
    let memory_bytes = u64::from(cpus) * (4 << 30);
    MachineCapacity { name: name.into(), cpus, memory_bytes, ..MachineCapacity::default() }
}

fn refused() -> Error {
    Error::Unreachable("connection refused".into())
}

fn lost(detail: &str) -> Observation {
    Observation::Lost { reason: Reason::PlatformFault, detail: detail.into() }
}
