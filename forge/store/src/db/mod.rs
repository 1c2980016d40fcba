//! One SQL text, two engines: SQLite for one machine, PostgreSQL for many.
//!
//! The rules that keep one text enough: `$1` places, `RETURNING`, `ON CONFLICT`; `lower(x)` for comparing without case;
//! `NULLS LAST` written out; `CAST(SUM(x) AS BIGINT)`; times from [`hearth_core::Clock`] and never from SQL; JSON only
//! stored and given back. Where the engines differ, [`Sql`] holds one text for each.

mod changes;
mod flush;
mod integrity;
mod like;
mod migrate;
mod others;
mod private;
mod query;
mod values;

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use hearth_core::{Chance as _, Change, SystemChance};

use self::{flush::LogFlush, others::Outgoing};
use crate::{Error, Result};
pub use changes::{Changes, News};
pub use query::{Ask, Bind, Query, Record, Sql};
pub use values::Values;

/// How long a request waits for a connection before the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for SQLite's one writer, which is never away: a hundred who write at once wait for each other.
const WRITER_TIMEOUT: Duration = Duration::from_secs(30);
/// PostgreSQL ends a transaction in which nothing is asked for so long: a server that stands still would hold up all others.
const IDLE_INSIDE: &str = "10s";
const SQLITE_READERS: u32 = 4;

/// The database, with readers that cannot write.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    changes: Changes,
    outgoing: Outgoing,
    /// Unlike that of every other server on the same database.
    server: Arc<str>,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool, flush: Arc<LogFlush> },
    Postgres { readers: PgPool, writer: PgPool },
}

impl Store {
    /// Opens a SQLite file, making it when it is not there. SQLite has one writer at a time, so the writer pool
    /// holds one connection: writers queue in order rather than race for a lock.
    ///
    /// The file, and what SQLite lays beside it, is for this system user alone.
    pub async fn sqlite(path: &Path) -> Result<Self> {
        private::keep(path).map_err(|error| Error::Unreachable(sqlx::Error::Io(error)))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writing = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // The log is flushed after each transaction all the same, see `flush`.
            .synchronous(SqliteSynchronous::Normal);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITER_TIMEOUT)
            // A file does not hang up; asking the connection first costs as much as a small question.
            .test_before_acquire(false)
            // On a full disk SQLite rolls back by itself, and the driver goes on counting a transaction that is gone.
            // Such a connection would refuse every later one: another takes its place.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(writing)
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::of(Pools::Sqlite { readers, writer, flush: Arc::new(LogFlush::of(path)) }))
    }

    /// Connects to PostgreSQL with at most `connections` connections, half of them for reading: workers of jobs and the dispatcher write
    /// beside those who wait for an answer.
    pub async fn postgres(url: &str, connections: u32) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let writers = (connections / 2).max(1);
        let pool = |most: u32| PgPoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
        let writing = options.clone().options([("idle_in_transaction_session_timeout", IDLE_INSIDE)]);
        let writer = pool(writers).connect_with(writing).await?;
        let reading = options.options([("default_transaction_read_only", "on")]);
        let readers = pool(connections.saturating_sub(writers).max(1)).connect_with(reading).await?;
        Ok(Self::of(Pools::Postgres { readers, writer }))
    }

    fn of(pools: Pools) -> Self {
        let mut name = [0; 8];
        SystemChance.fill(&mut name);
        let server = format!("{:016x}", u64::from_be_bytes(name)).into();
        Self { pools, changes: Changes::default(), outgoing: Outgoing::default(), server }
    }

    /// The name of this server among those on the same database; another one at each start.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// What was committed, for those who wait for it.
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// `sqlite` or `postgres`: the folder of its migrations.
    pub const fn engine(&self) -> &'static str {
        match &self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }

    /// A connection that can only read.
    pub async fn read(&self) -> Result<Reader> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Reader::Sqlite(readers.acquire().await?),
            Pools::Postgres { readers, .. } => Reader::Postgres(readers.acquire().await?),
        })
    }

    /// A transaction; nothing is kept until [`Writer::commit`].
    pub async fn write(&self) -> Result<Writer> {
        let transaction = match &self.pools {
            Pools::Sqlite { writer, flush, .. } => {
                flush.check()?;
                Inside::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?, Arc::clone(flush))
            }
            Pools::Postgres { writer, .. } => Inside::Postgres(writer.begin().await?),
        };
        Ok(Writer { transaction, changed: Vec::new(), store: self.clone() })
    }

    /// A connection of the pool for writing, without a transaction.
    #[cfg(feature = "testing")]
    pub(crate) async fn beside_transactions(&self) -> Result<Reader> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => Reader::Sqlite(writer.acquire().await?),
            Pools::Postgres { writer, .. } => Reader::Postgres(writer.acquire().await?),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let (_one,): (i64,) = self.read().await?.query("SELECT CAST(1 AS BIGINT)").fetch_one().await?;
        Ok(())
    }

    /// Whether the database would take a change: nothing is changed.
    pub async fn check_writable(&self) -> Result<()> {
        let mut writer = self.write().await?;
        writer.query("UPDATE settings SET value = value WHERE name = ''").execute().await?;
        Ok(())
    }

    /// Closes every connection, so that SQLite leaves one tidy file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }
}

/// A connection that can only read.
#[derive(Debug)]
pub enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A connection inside a transaction.
#[derive(Debug)]
pub struct Writer {
    transaction: Inside,
    changed: Vec<Change>,
    store: Store,
}

#[derive(Debug)]
enum Inside {
    Sqlite(Transaction<'static, Sqlite>, Arc<LogFlush>),
    Postgres(Transaction<'static, Postgres>),
}

impl Writer {
    /// Tells whoever waits for it, once the transaction is kept. Every statement that changes such a thing says so itself.
    pub(crate) fn changed(&mut self, change: Change) {
        if !self.changed.contains(&change) {
            self.changed.push(change);
        }
    }

    /// Returns when everything is on the disk, and those who wait for it are told.
    pub async fn commit(mut self) -> Result<()> {
        if matches!(self.transaction, Inside::Postgres(_)) {
            for text in others::notifications(&self.store.server, &self.changed) {
                self.notify(text).await?;
            }
        }
        match self.transaction {
            Inside::Sqlite(transaction, flush) => {
                flush.check()?;
                transaction.commit().await?;
                flush.wait().await?;
            }
            Inside::Postgres(transaction) => transaction.commit().await?,
        }
        for change in self.changed {
            self.store.changes.tell(change);
        }
        Ok(())
    }
}
