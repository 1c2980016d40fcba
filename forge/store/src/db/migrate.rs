use sqlx::migrate::{MigrateError, Migrator};

use super::{Pools, Store};
use crate::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

impl Store {
    /// Migrates an empty database to an earlier version of the schema.
    #[cfg(feature = "testing")]
    pub(crate) async fn migrate_to(&self, version: i64) -> Result<()> {
        let until = |all: &Migrator| {
            let some = all.iter().filter(|migration| migration.version <= version).cloned();
            Migrator::with_migrations(some.collect())
        };
        match &self.pools {
            Pools::Sqlite { writer, .. } => until(&SQLITE).run(writer).await,
            Pools::Postgres { writer, .. } => until(&POSTGRES).run(writer).await,
        }
        .map_err(Error::Migration)
    }

    /// Brings the schema up to date, once even if several servers start at the same time (PostgreSQL: an
    /// advisory lock; SQLite: its one writer). A schema newer than this program is rejected and left alone.
    pub async fn migrate(&self) -> Result<()> {
        let (outcome, migrator) = match &self.pools {
            Pools::Sqlite { writer, .. } => (SQLITE.run(writer).await, &SQLITE),
            Pools::Postgres { writer, .. } => (POSTGRES.run(writer).await, &POSTGRES),
        };
        let known = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(found) if found > known => Error::NewerSchema { found, known },
            MigrateError::Execute(error) => Error::from(error),
            other => Error::Migration(other),
        })
    }
}
