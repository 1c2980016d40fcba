//! A complete Hearth for tests: fresh folders and database, a fixed clock, seeded randomness.

mod drill;
mod engine;
pub mod fleet;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use hearth_core::{
    FixedClock, OwnerId, Permission, RandomSource, RepositoryId, RepositoryKind, Roles, SeededRandomSource,
    Timestamp, Unit, Urls, Visibility,
};
use hearth_git::{BranchName, Capacity, RepositoryStore, StorageId};
use hearth_mail::Mailer;
use hearth_outbound::{Outbound, OutboundSettings};
use hearth_runner::engine::Engine;
use hearth_store::{
    grant, owner,
    repository::{self, NewRepository, Repository},
    testing::TestStore,
    user::{self, NewUser, User},
};

pub use drill::Drill;
pub use engine::{FakeEngine, plain_machine};

use crate::{
    Actor, App, Blobs, DataDisk, DrawingProgram, Limits, Parts, Registration, Settings, Signer, SiteKey,
    disk::DiskSettings,
    events, jobs,
    leadership::Leadership,
    organization::{self, Organization},
};

/// The time at which tests begin: 2026-09-21 14:13:20 UTC.
pub fn test_start() -> Timestamp {
    Timestamp::from_second(1_790_000_000)
}

/// Options for a test instance. Without settings, everybody may sign up.
#[derive(Default)]
pub struct Choices {
    pub limits: Limits,
    pub settings: Settings,
    pub engines: Vec<Arc<dyn Engine>>,
    pub disk: DiskSettings,
    /// `None` allows all public addresses, and no internal ones.
    pub outbound: Option<Outbound>,
    /// `None` draws no diagrams.
    pub drawing: Option<DrawingProgram>,
    /// `None` sends no mail.
    pub mailer: Option<Mailer>,
    /// `None` uses a folder.
    pub blobs: Option<Blobs>,
    /// `None` signs no commits.
    pub site_key: Option<SiteKey>,
    /// The public URL; `None` means `http://hearth.test`.
    pub root: Option<String>,
}

impl fmt::Debug for Choices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Choices").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Hearth without a listener. Dropping it removes everything, and fails the test if a job has failed.
pub struct TestHearth {
    pub app: App,
    pub clock: FixedClock,
    store: CheckedStore,
    _folder: tempfile::TempDir,
}

/// The database of a test, which checks on drop that no job has failed.
struct CheckedStore {
    store: TestStore,
    may_jobs_fail: AtomicBool,
}

impl Drop for CheckedStore {
    fn drop(&mut self) {
        if thread::panicking() || self.may_jobs_fail.load(Ordering::Relaxed) {
            return;
        }
        let failed = self.store.failed_jobs();
        assert!(failed.is_empty(), "jobs have failed: {failed:#?}");
    }
}

impl TestHearth {
    /// On SQLite, with defaults.
    pub async fn new() -> Self {
        Self::on(TestStore::sqlite().await, Choices::default()).await
    }

    pub async fn with(choices: Choices) -> Self {
        Self::on(TestStore::sqlite().await, choices).await
    }

    /// One for every database engine there is.
    pub async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for store in TestStore::all().await {
            all.push(Self::on(store, Choices::default()).await);
        }
        all
    }

    pub async fn on(store: TestStore, choices: Choices) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let clock = FixedClock::at(test_start());
        let root = choices.root.unwrap_or_else(|| "http://hearth.test".into());
        let random: Arc<dyn RandomSource> = Arc::new(SeededRandomSource::new(7));
        let disk = DataDisk::of(folder.path().to_owned(), choices.disk);
        let blobs = match choices.blobs {
            Some(blobs) => blobs,
            None => Blobs::in_folder(folder.path().join("blobs"), Arc::new(disk.clone()))
                .await
                .expect("the blob store opens"),
        };
        let app = App::new(Parts {
            store: store.store.clone(),
            git: RepositoryStore::with(folder.path(), Capacity::default(), choices.limits.walk_allowance())
                .expect("the git store opens"),
            blobs,
            mailer: choices.mailer,
            outbound: choices.outbound.unwrap_or_else(|| {
                Outbound::new(OutboundSettings::default()).expect("nothing is wrong with no settings")
            }),
            disk,
            drawing: choices.drawing,
            tasks_directory: folder.path().join("tasks"),
            engines: choices.engines,
            clock: Arc::new(clock.clone()),
            signer: Signer::new(&[7; 32]),
            site_key: choices.site_key,
            random,
            urls: Urls::new(&root.parse().expect("an address")),
            agent_urls: Urls::new(&root.parse().expect("an address")),
            limits: choices.limits,
            settings: Settings {
                registration: choices.settings.registration.or(Some(Registration::Open)),
                ..choices.settings
            },
            workers: jobs::Workers::default(),
            leadership: Leadership::alone(),
        });
        let store = CheckedStore { store, may_jobs_fail: AtomicBool::new(false) };
        Self { app, clock, store, _folder: folder }
    }

    /// For tests that expect a job to fail.
    pub fn let_jobs_fail(&self) {
        self.store.may_jobs_fail.store(true, Ordering::Relaxed);
    }

    /// Creates an account that has no usable password.
    pub async fn user(&self, name: &str) -> User {
        self.insert_user(name, false).await
    }

    pub async fn admin(&self, name: &str) -> User {
        self.insert_user(name, true).await
    }

    async fn insert_user(&self, name: &str, is_admin: bool) -> User {
        let new = NewUser {
            name: name.parse().expect("a good name"),
            display_name: String::new(),
            email: format!("{name}@example.org").parse().expect("a good address"),
            password_hash: "no password has this hash".into(),
            is_admin,
            language: None,
            created_at: self.app.now(),
        };
        let mut operation = self.app.begin().await.expect("a transaction");
        let user = user::insert(&mut operation, &new).await.expect("the user is new");
        operation.commit().await.expect("kept");
        user
    }

    /// An actor for an existing account.
    pub async fn actor(&self, name: &str) -> Actor {
        Actor::person(self.find_user(name).await)
    }

    async fn find_user(&self, name: &str) -> User {
        let mut reader = self.app.store().read().await.expect("a reader");
        user::find_by_name(&mut reader, name).await.expect("an answer").expect("the test made this user")
    }

    /// Creates a public, empty code repository `owner/name`, and its owner if they do not exist.
    pub async fn repository(&self, path: &str) -> Repository {
        self.insert_repository(path, RepositoryKind::Code, Visibility::Public).await
    }

    pub async fn private_repository(&self, path: &str) -> Repository {
        self.insert_repository(path, RepositoryKind::Code, Visibility::Private).await
    }

    pub async fn insert_repository(
        &self,
        path: &str,
        kind: RepositoryKind,
        visibility: Visibility,
    ) -> Repository {
        let (owner, name) = path.split_once('/').expect("owner/name");
        let owner_id = self.ensure_owner(owner).await;
        let new = NewRepository {
            owner_id,
            kind,
            name: name.parse().expect("a good name"),
            description: String::new(),
            visibility,
            default_branch: "main".into(),
            created_at: self.app.now(),
        };
        let mut operation = self.app.begin().await.expect("a transaction");
        let id = repository::insert(&mut operation, &new).await.expect("the name is free");
        assert!(repository::finish(&mut operation, id).await.expect("the name is free"));
        operation.commit().await.expect("kept");
        let branch = BranchName::new("main").expect("a good name");
        self.app.git().create(&StorageId::from(id.0), &branch).await.expect("files can be made");
        self.read_repository(id).await
    }

    async fn ensure_owner(&self, name: &str) -> OwnerId {
        let mut reader = self.app.store().read().await.expect("a reader");
        let found = owner::find_by_name(&mut reader, name).await.expect("an answer");
        drop(reader);
        match found {
            Some(owner) => owner.id,
            None => self.user(name).await.id.into(),
        }
    }

    /// Creates an organisation owned by a user, and the user if they do not exist.
    pub async fn organization(&self, name: &str, owner: &str) -> Organization {
        self.ensure_owner(owner).await;
        let actor = self.actor(owner).await;
        let new = organization::NewOrganization::named(name);
        organization::create(&self.app, &actor, &new).await.expect("the name is free")
    }

    /// An existing code repository, by `owner/name`.
    pub async fn find_repository(&self, path: &str) -> Repository {
        let (owner, name) = path.split_once('/').expect("owner/name");
        let mut reader = self.app.store().read().await.expect("a reader");
        let found = repository::find_by_name(&mut reader, RepositoryKind::Code, owner, name).await;
        found.expect("an answer").expect("the test made this repository")
    }

    /// The repository as it is now.
    pub async fn read_repository(&self, id: RepositoryId) -> Repository {
        let mut reader = self.app.store().read().await.expect("a reader");
        repository::find(&mut reader, id).await.expect("an answer").expect("the repository is there")
    }

    /// Grants a user a permission in a repository.
    pub async fn permit(&self, repository: &Repository, name: &str, permission: Permission) {
        self.set_roles(repository, name, &Roles::whole(permission)).await;
    }

    /// Grants a user a permission in one unit of a repository, and nothing in the others.
    pub async fn permit_in(&self, repository: &Repository, name: &str, unit: Unit, permission: Permission) {
        let mut roles = Roles::default();
        roles.add(Some(unit), permission);
        self.set_roles(repository, name, &roles).await;
    }

    async fn set_roles(&self, repository: &Repository, name: &str, roles: &Roles) {
        let user = self.find_user(name).await;
        let mut operation = self.app.begin().await.expect("a transaction");
        grant::set_roles(&mut operation, repository.id, user.id, roles, self.app.now()).await.expect("kept");
        operation.commit().await.expect("kept");
    }

    /// Dispatches events to everybody who follows them, and runs the jobs.
    pub async fn deliver(&self) {
        events::dispatch_all(&self.app).await.expect("the outbox can be read");
        self.run_jobs().await;
    }

    /// Runs the jobs that are due, and returns how many.
    pub async fn run_jobs(&self) -> usize {
        jobs::run_due(&self.app).await.expect("the queue can be read")
    }
}
