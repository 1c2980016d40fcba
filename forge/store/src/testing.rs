//! Fresh, migrated databases for tests: SQLite always, PostgreSQL if `HEARTH_TEST_POSTGRES` names one.

use std::{
    env,
    io::Write as _,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use hearth_core::{Parameter, Program, RepositoryId, TaskKind, Timestamp, UserId};

use crate::{Ask as _, Store, task::NewTask};

/// The URL of a PostgreSQL where databases may be created, e.g.
/// `postgres://postgres@127.0.0.1:5433/postgres`.
pub const POSTGRES: &str = "HEARTH_TEST_POSTGRES";

/// A separate database for one test; a SQLite file is deleted with the value.
#[derive(Debug)]
pub struct TestStore {
    pub store: Store,
    /// The same database's address, to open it once more.
    pub address: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    pub async fn sqlite() -> Self {
        let made = Self::empty_sqlite().await;
        made.store.migrate().await.expect("SQLite migrates");
        made
    }

    async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("hearth.db");
        let store = Store::sqlite(&file).await.expect("SQLite opens");
        Self { store, address: file.display().to_string(), _folder: Some(folder) }
    }

    /// `None`, with a message, if no PostgreSQL is configured.
    pub async fn postgres() -> Option<Self> {
        let made = Self::empty_postgres().await?;
        made.store.migrate().await.expect("PostgreSQL migrates");
        Some(made)
    }

    async fn empty_postgres() -> Option<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let Ok(address) = env::var(POSTGRES) else {
            writeln!(std::io::stderr(), "SKIPPED: PostgreSQL: {POSTGRES} names no server").ok();
            return None;
        };
        let name = format!("hearth_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let create: &'static str = Box::leak(format!("CREATE DATABASE {name}").into_boxed_str());
        let server = Store::postgres(&address, 3).await.expect("PostgreSQL answers");
        server.execute_outside_transaction(create).await.expect("a database can be created");
        server.close().await;
        let (base, _) = address.rsplit_once('/').expect("the address names a database");
        let address = format!("{base}/{name}");
        let store = Store::postgres(&address, 6).await.expect("the new database answers");
        Some(Self { store, address, _folder: None })
    }

    /// The jobs whose last run failed, with their errors. It blocks on a thread of its own, so that it can be
    /// called from `Drop`. A database that does not respond any more has none.
    pub fn failed_jobs(&self) -> Vec<String> {
        let address = self.address.clone();
        let asked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(failed_jobs(&address)).ok()
        });
        asked.join().ok().flatten().unwrap_or_default()
    }

    /// Every available engine with an earlier version of the schema, to be upgraded.
    pub async fn all_of_version(version: i64) -> Vec<Self> {
        let mut stores = vec![Self::empty_sqlite().await];
        stores.extend(Self::empty_postgres().await);
        for made in &stores {
            made.store.migrate_to(version).await.expect("an earlier schema");
        }
        stores
    }

    /// A fresh database on every available engine.
    pub async fn all() -> Vec<Self> {
        let mut stores = vec![Self::sqlite().await];
        stores.extend(Self::postgres().await);
        stores
    }
}

async fn failed_jobs(address: &str) -> crate::Result<Vec<String>> {
    let store = if address.starts_with("postgres") {
        Store::postgres(address, 1).await?
    } else {
        Store::sqlite(Path::new(address)).await?
    };
    let statement = "SELECT kind, last_error FROM jobs WHERE last_error IS NOT NULL ORDER BY id";
    let rows: Vec<(String, String)> = store.read().await?.query(statement).fetch_all().await?;
    store.close().await;
    Ok(rows.into_iter().map(|(kind, error)| format!("{kind}: {error}")).collect())
}

/// A small training task.
pub fn new_task(
    repository_id: RepositoryId,
    creator_id: UserId,
    name: &str,
    created_at: Timestamp,
) -> NewTask {
    NewTask {
        repository_id,
        creator_id,
        kind: TaskKind::Train,
        name: name.into(),
        description: String::new(),
        priority: 0,
        revision: "main".into(),
        commit_id: "a".repeat(40),
        patch: None,
        program: Program::script("train.py", vec![Parameter { name: "lr".into(), value: "0.1".into() }]),
        image_code: "python-3.11".into(),
        spec_code: "cpu-1".into(),
        accelerator: None,
        cards: 0,
        cpus: 1,
        memory_bytes: 1 << 30,
        card_memory_bytes: 0,
        node_count: 1,
        has_network: false,
        installs_requirements: false,
        time_limit_seconds: Some(60),
        seed: None,
        request_key: None,
        parent_id: None,
        created_at,
    }
}
