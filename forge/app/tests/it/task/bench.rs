//! A world with code to run, and an engine that writes down what it is asked to do.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hearth_app::{
    Access, App, Area, access,
    attempt::{self, AgentAccess},
    content::{self, Action, FileChange},
    pool, spec, task,
    task::{NewTask, Task, TaskAccess},
    testing::{Choices, TestHearth},
};
use hearth_core::{Reason, RepositoryKind, TaskId, Write};
use hearth_runner::{
    Error, Result,
    engine::{AgentLaunch, Capacity, Change, Device, Engine, Handle, MachineCapacity, Observation},
};
use hearth_store::{
    image::{self, NewImage},
    testing::TestStore,
};

/// An engine on which nothing runs: agents are played by the tests.
pub(super) struct Bench {
    cpus: u32,
    started: Mutex<BTreeMap<Handle, String>>,
    seen: Mutex<BTreeMap<Handle, Observation>>,
    pub(super) is_away: Mutex<bool>,
}

impl Bench {
    pub(super) fn with_cpus(cpus: u32) -> Arc<Self> {
        let (started, seen) = (Mutex::default(), Mutex::default());
        Arc::new(Self { cpus, started, seen, is_away: Mutex::default() })
    }

    /// The names of everything that was ever started.
    pub(super) fn names(&self) -> Vec<String> {
        self.started.lock().expect("not poisoned").keys().map(|handle| handle.0.clone()).collect()
    }

    fn token(&self, name: &str) -> String {
        self.started.lock().expect("not poisoned")[&Handle(name.into())].clone()
    }

    /// From here on the engine sees this attempt so.
    pub(super) fn show(&self, name: &str, observation: Observation) {
        self.seen.lock().expect("not poisoned").insert(Handle(name.into()), observation);
    }

    pub(super) fn set_away(&self, is_away: bool) {
        *self.is_away.lock().expect("not poisoned") = is_away;
    }
}

#[async_trait]
impl Engine for Bench {
    fn name(&self) -> &'static str {
        "bench"
    }

    async fn capacity(&self, _: &[Device]) -> Result<Capacity> {
        let machine = MachineCapacity {
            name: "one".into(),
            cpus: self.cpus,
            memory_bytes: 8 << 30,
            cards: vec![],
            ..MachineCapacity::default()
        };
        Ok(Capacity { machines: vec![machine] })
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        if *self.is_away.lock().expect("not poisoned") {
            return Err(Error::Unreachable("away".into()));
        }
        let handle = Handle(launch.spec.name());
        let token = launch.token.expose().to_owned();
        self.started.lock().expect("not poisoned").entry(handle.clone()).or_insert(token);
        self.seen
            .lock()
            .expect("not poisoned")
            .entry(handle.clone())
            .or_insert(Observation::Running { machine: None });
        Ok(handle)
    }

    async fn stop(&self, _: &Handle, _: Duration) -> Result<()> {
        Ok(())
    }

    async fn kill(&self, handle: &Handle) -> Result<()> {
        self.show(&handle.0, Observation::Lost { reason: Reason::PlatformFault, detail: "killed".into() });
        Ok(())
    }

    async fn observe(&self, handle: &Handle) -> Result<Observation> {
        let seen = self.seen.lock().expect("not poisoned").get(handle).cloned();
        seen.ok_or_else(|| Error::UnknownHandle(handle.clone()))
    }

    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        let lost = || Observation::Lost { reason: Reason::PlatformFault, detail: "never started".into() };
        let seen = self.seen.lock().expect("not poisoned");
        Ok(handles
            .iter()
            .map(|handle| (handle.clone(), seen.get(handle).cloned().unwrap_or_else(lost)))
            .collect())
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        stream::pending().boxed()
    }

    async fn forget(&self, _: &Handle) -> Result<()> {
        Ok(())
    }
}

/// Mei, her code `mei/digits` with `train.py`, and a machine.
pub(super) struct World {
    pub(super) hearth: TestHearth,
    pub(super) bench: Arc<Bench>,
}

impl World {
    pub(super) async fn with_cpus(cpus: u32) -> Self {
        Self::on(TestStore::sqlite().await, cpus).await
    }

    pub(super) async fn on(store: TestStore, cpus: u32) -> Self {
        let bench = Bench::with_cpus(cpus);
        let engines: Vec<Arc<dyn Engine>> = vec![Arc::clone(&bench) as Arc<dyn Engine>];
        let hearth = TestHearth::on(store, Choices { engines, ..Choices::default() }).await;
        let world = Self { hearth, bench };
        world.hearth.repository("mei/digits").await;
        world.commit("train.py", "print('step=1 loss=0.5')\n").await;
        let python = NewImage {
            code: "python-3".into(),
            label: "Python 3".into(),
            framework: "python".into(),
            framework_version: "3".into(),
            python_version: "3".into(),
            interpreter: Some("/usr/bin/python3".into()),
            reference: None,
            digest: None,
            created_at: world.app().now(),
        };
        let mut writer = world.app().store().write().await.expect("a transaction");
        image::note(&mut writer, &python).await.expect("kept");
        writer.commit().await.expect("kept");
        pool::derive(world.app()).await.expect("pools");
        spec::derive(world.app()).await.expect("specs");
        world
    }

    pub(super) fn app(&self) -> &App {
        &self.hearth.app
    }

    pub(super) async fn writing(&self) -> Access<Write> {
        let mei = self.hearth.actor("mei").await;
        let access = access::open(self.app(), &mei, Area::Task, RepositoryKind::Code, "mei", "digits").await;
        access.expect("there").write().expect("her own")
    }

    pub(super) async fn commit(&self, path: &str, text: &str) {
        let change = FileChange {
            path: path.into(),
            action: Action::Create { content: text.into() },
            branch: None,
            new_branch: None,
            message: None,
            author: None,
        };
        content::change(self.app(), &self.writing().await, change).await.expect("committed");
    }

    pub(super) async fn launch(&self, name: &str) -> Task {
        let new = NewTask { name: name.into(), boot_file: "train.py".into(), ..NewTask::default() };
        task::launch(self.app(), &self.writing().await, new).await.expect("launched")
    }

    pub(super) async fn find(&self, id: TaskId) -> TaskAccess {
        task::find(self.app(), &self.hearth.actor("mei").await, id).await.expect("there")
    }

    /// `STATE reason` of a task.
    pub(super) async fn state(&self, id: TaskId) -> String {
        let access = self.find(id).await;
        format!("{} {}", access.task().state, access.task().reason)
    }

    /// The agent of a task's first attempt, as the server knows it now.
    pub(super) async fn agent(&self, id: TaskId) -> AgentAccess {
        let token = self.bench.token(&format!("hearth-{id}-1"));
        attempt::enter(self.app(), &token).await.expect("a good token")
    }
}
