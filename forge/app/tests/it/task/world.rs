//! A site with code to run, and an engine on which nothing runs.

use std::{collections::BTreeMap, sync::Arc};

use hearth_app::{
    Access, App, Limits, Unit, accelerator, access,
    attempt::{self, AgentAccess},
    content::{self, Action, FileChange},
    pool as pools, spec, task,
    task::{NewTask, Task, TaskAccess},
    testing::{Choices, FakeEngine, TestHearth},
};
use hearth_core::{OwnerId, RepositoryId, RepositoryKind, TaskId, Timestamp, Write};
use hearth_runner::engine::{Card, MachineCapacity, Occupied};
use hearth_store::{
    Json,
    image::{self, NewImage},
    image_variant::{self, ImageVariant},
    pool::{self as pool_row, Pool},
    quota::{self, Quota},
    repository,
    spec::{self as spec_row, NewSpec},
    testing::TestStore,
    transfer,
};

/// A node of the cluster with so many cards.
pub(super) fn node(name: &str, kind: &str, cards: u32) -> MachineCapacity {
    let (vendor, model, memory) = match kind {
        "npu" => ("ascend-910", "910B", 64_u64 << 30),
        _ => ("nvidia", "H200", 141 << 30),
    };
    let card = |index| Card { vendor: vendor.into(), model: model.into(), index, memory_bytes: memory };
    MachineCapacity {
        name: name.into(),
        cpus: 32,
        memory_bytes: 256 << 30,
        cards: (0..cards).map(card).collect(),
        labels: BTreeMap::from([("pool".to_owned(), kind.to_owned())]),
        is_cordoned: false,
        others: Occupied::default(),
    }
}

fn pool(code: &str, accelerator: Option<&str>, now: Timestamp) -> Pool {
    Pool {
        code: code.into(),
        label: code.to_uppercase(),
        engine: "fake".into(),
        accelerator_code: accelerator.map(str::to_owned),
        model: String::new(),
        card_memory_bytes: 0,
        node_selector: Json(BTreeMap::from([("pool".to_owned(), code.to_owned())])),
        local_queue: None,
        reserved_cards: 0,
        is_paused: false,
        pause_message: String::new(),
        created_at: now,
        updated_at: now,
    }
}

fn creation(path: &str, text: &str) -> FileChange {
    FileChange {
        path: path.into(),
        action: Action::Create { content: text.into() },
        branch: None,
        new_branch: None,
        message: None,
        author: None,
    }
}

/// Mei, her code `mei/digits` with `train.py`, and a machine.
pub(super) struct World {
    pub(super) hearth: TestHearth,
    pub(super) engine: Arc<FakeEngine>,
}

impl World {
    pub(super) async fn with_cpus(cpus: u32) -> Self {
        Self::on(TestStore::sqlite().await, cpus).await
    }

    pub(super) async fn on(store: TestStore, cpus: u32) -> Self {
        Self::with(store, FakeEngine::with_cpus(cpus), Limits::default()).await
    }

    pub(super) async fn with_limits(limits: Limits) -> Self {
        Self::with(TestStore::sqlite().await, FakeEngine::with_cpus(1), limits).await
    }

    async fn with(store: TestStore, engine: FakeEngine, limits: Limits) -> Self {
        let (engine, engines) = engine.share();
        let hearth = TestHearth::on(store, Choices { engines, limits, ..Choices::default() }).await;
        let world = Self { hearth, engine };
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
        pools::derive(world.app()).await.expect("pools");
        spec::derive(world.app()).await.expect("specs");
        world
    }

    /// A cluster with pools, accelerator types, an image with a variant for each type, and the specs named
    /// here.
    pub(super) async fn cluster(store: TestStore, machines: Vec<MachineCapacity>) -> Self {
        let world = Self::with(store, FakeEngine::new("fake", machines), Limits::default()).await;
        let app = world.app();
        accelerator::insert_shipped(app).await.expect("kinds of cards");
        let mut writer = app.store().write().await.expect("a transaction");
        for (code, accelerator) in [("gpu", Some("nvidia")), ("npu", Some("ascend-910")), ("cpu", None)] {
            pool_row::insert(&mut writer, &pool(code, accelerator, app.now())).await.expect("a new pool");
        }
        let torch = NewImage {
            code: "torch".into(),
            label: "PyTorch 2".into(),
            framework: "torch".into(),
            framework_version: "2".into(),
            python_version: "3".into(),
            interpreter: None,
            reference: None,
            digest: None,
            created_at: app.now(),
        };
        image::note(&mut writer, &torch).await.expect("kept");
        let image_id = image::find_by_code(&mut writer, "torch").await.expect("an answer").expect("there").id;
        for family in ["cpu", "cuda", "cann"] {
            let variant = ImageVariant {
                image_id,
                family: family.into(),
                toolkit: String::new(),
                reference: format!("images.test/torch:{family}"),
                digest: Some(format!("sha256:{family}")),
                is_enabled: true,
                created_at: app.now(),
            };
            image_variant::put(&mut writer, &variant).await.expect("kept");
        }
        let kinds = [
            ("plain", None, 0, 0),
            ("nvidia-1", Some("nvidia/*"), 1, 0),
            ("nvidia-2", Some("nvidia/*"), 2, 0),
            ("nvidia-4", Some("nvidia/H200"), 4, 0),
            ("any-1", None, 1, 32_i64 << 30),
            ("any-large", None, 1, 70 << 30),
        ];
        for (code, accelerator, cards, card_memory_bytes) in kinds {
            let new = NewSpec {
                code: code.into(),
                accelerator: accelerator.map(str::to_owned),
                cards,
                card_memory_bytes,
                cpus: 1,
                memory_bytes: 1 << 30,
                shared_memory_bytes: 1 << 20,
                created_at: app.now(),
            };
            spec_row::insert(&mut writer, &new, true).await.expect("a new spec");
        }
        writer.commit().await.expect("kept");
        world
    }

    /// The request that launches a task of this spec on the cluster.
    pub(super) fn ask(spec: &str) -> NewTask {
        NewTask { name: spec.into(), image: "torch".into(), spec: spec.into(), ..NewTask::script("train.py") }
    }

    /// A task of mei.
    pub(super) async fn launch_new(&self, new: NewTask) -> Task {
        task::launch(self.app(), &self.writing().await, new).await.expect("launched")
    }

    /// Adds another user, with code of their own.
    pub(super) async fn join(&self, owner: &str) {
        self.hearth.repository(&format!("{owner}/work")).await;
        self.commit_as(owner, "work", "train.py", "print(1)\n").await;
    }

    pub(super) async fn join_admin(&self, owner: &str) {
        self.hearth.admin(owner).await;
        self.join(owner).await;
    }

    pub(super) async fn launch_of(&self, owner: &str, new: NewTask) -> Task {
        task::launch(self.app(), &self.writing_as(owner, "work").await, new).await.expect("launched")
    }

    /// Sets the NVIDIA card quota of an owner, or of everybody.
    pub(super) async fn set_quota(&self, owner: Option<&str>, nominal_cards: i64, borrow_cards: Option<i64>) {
        self.insert_quota(owner, nominal_cards, borrow_cards, None).await;
    }

    /// Sets the weekly card-seconds of an owner.
    pub(super) async fn set_weekly(&self, owner: &str, card_seconds: i64) {
        self.insert_quota(Some(owner), 8, None, Some(card_seconds)).await;
    }

    async fn insert_quota(
        &self,
        owner: Option<&str>,
        nominal_cards: i64,
        borrow_cards: Option<i64>,
        weekly_card_seconds: Option<i64>,
    ) {
        let owner_id = match owner {
            Some(name) => self.hearth.actor(name).await.user().map(|user| user.id.into()),
            None => None,
        };
        let quota = Quota {
            code: owner.unwrap_or("everybody").to_owned(),
            owner_id,
            owner: None,
            accelerator_code: Some("nvidia".into()),
            nominal_cards,
            borrow_cards,
            lend_cards: None,
            weekly_card_seconds,
            created_at: self.app().now(),
            updated_at: self.app().now(),
        };
        let mut writer = self.app().store().write().await.expect("a transaction");
        quota::insert(&mut writer, &quota).await.expect("kept");
        writer.commit().await.expect("kept");
    }

    /// Gives a repository to another owner.
    pub(super) async fn move_to(&self, repository: RepositoryId, owner: OwnerId) {
        let mut writer = self.app().store().write().await.expect("a transaction");
        let row = repository::find(&mut writer, repository).await.expect("an answer").expect("there");
        transfer::move_to(&mut writer, &row, owner, self.app().now()).await.expect("stored");
        writer.commit().await.expect("kept");
    }

    pub(super) fn app(&self) -> &App {
        &self.hearth.app
    }

    pub(super) async fn writing(&self) -> Access<Write> {
        self.writing_as("mei", "digits").await
    }

    async fn writing_as(&self, owner: &str, name: &str) -> Access<Write> {
        let actor = self.hearth.actor(owner).await;
        let access = access::open(self.app(), &actor, Unit::Tasks, RepositoryKind::Code, owner, name).await;
        access.expect("there").write().expect("their own")
    }

    pub(super) async fn commit(&self, path: &str, text: &str) {
        self.commit_as("mei", "digits", path, text).await;
    }

    /// Commits to a new branch that begins at the default one.
    pub(super) async fn commit_to(&self, branch: &str, path: &str, text: &str) {
        let change = FileChange { new_branch: Some(branch.into()), ..creation(path, text) };
        content::change(self.app(), &self.writing().await, change).await.expect("committed");
    }

    pub(super) async fn delete_branch(&self, name: &str) {
        content::delete_branch(self.app(), &self.writing().await, name).await.expect("deleted");
    }

    async fn commit_as(&self, owner: &str, name: &str, path: &str, text: &str) {
        let change = creation(path, text);
        content::change(self.app(), &self.writing_as(owner, name).await, change).await.expect("committed");
    }

    pub(super) async fn launch(&self, name: &str) -> Task {
        let new = NewTask { name: name.into(), ..NewTask::script("train.py") };
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
        let launch = self.engine.launched(&format!("hearth-{id}-1"));
        attempt::enter(self.app(), launch.token.expose()).await.expect("a good token")
    }
}
