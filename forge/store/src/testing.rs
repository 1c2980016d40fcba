//! Fresh, migrated databases for tests: SQLite always, PostgreSQL where one is named in `HEARTH_TEST_POSTGRES`.

use std::{
    env,
    io::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

use hearth_core::{RepositoryId, TaskKind, Timestamp, UserId};

use crate::{
    Ask as _, Store,
    task::{NewTask, Parameter},
};

/// A PostgreSQL address that may create databases, e.g. `postgres://postgres@127.0.0.1:5433/postgres`.
pub const POSTGRES: &str = "HEARTH_TEST_POSTGRES";

/// A database of its own for one test; a SQLite file goes with the value.
#[derive(Debug)]
pub struct TestStore {
    pub store: Store,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let store = Store::sqlite(&folder.path().join("hearth.db")).await.expect("SQLite opens");
        store.migrate().await.expect("SQLite migrates");
        Self { store, _folder: Some(folder) }
    }

    /// `None`, said aloud, where no PostgreSQL is named.
    pub async fn postgres() -> Option<Self> {
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
        let store = Store::postgres(&format!("{base}/{name}"), 6).await.expect("the new database answers");
        store.migrate().await.expect("PostgreSQL migrates");
        Some(Self { store, _folder: None })
    }

    /// Every engine there is, fresh.
    pub async fn all() -> Vec<Self> {
        let mut stores = vec![Self::sqlite().await];
        stores.extend(Self::postgres().await);
        stores
    }
}

impl Store {
    /// `CREATE DATABASE` cannot run inside a transaction.
    async fn execute_outside_transaction(&self, sql: &'static str) -> crate::Result<()> {
        match self {
            Self::Sqlite { .. } => unreachable!("only PostgreSQL servers hold several databases"),
            Self::Postgres { writer, .. } => {
                let connection = writer.acquire().await?;
                crate::Reader::Postgres(connection).query(sql).execute().await?;
            }
        }
        Ok(())
    }
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
        boot_file: "train.py".into(),
        parameters: vec![Parameter { name: "lr".into(), value: "0.1".into() }],
        image_code: "python-3.11".into(),
        spec_code: "cpu-1".into(),
        accelerator: None,
        cards: 0,
        cpus: 1,
        memory_bytes: 1 << 30,
        card_memory_bytes: 0,
        node_count: 1,
        has_network: false,
        time_limit_seconds: Some(60),
        seed: None,
        request_key: None,
        parent_id: None,
        created_at,
    }
}
