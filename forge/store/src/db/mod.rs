//! One SQL text, two engines: SQLite for one machine, PostgreSQL for many.
//!
//! The rules that make one text enough: `$1` placeholders, `RETURNING`, `ON CONFLICT`; `lower(x)` for
//! case-insensitive comparison; explicit `NULLS LAST`; `CAST(SUM(x) AS BIGINT)`; times from
//! [`hearth_core::Clock`] and never from SQL; JSON only stored and returned. Where the engines differ,
//! [`Sql`] holds one text for each.

mod changes;
mod flush;
mod integrity;
mod like;
mod migrate;
mod peers;
mod private;
mod query;
mod sqlite_readers;
mod values;

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use hearth_core::{Change, RandomSource as _, SystemRandomSource};

use self::{
    flush::LogFlush,
    peers::Outgoing,
    sqlite_readers::{SqliteReader, SqliteReaders},
};
use crate::{Error, Result};
pub use changes::{ChangeReceiver, Changes};
pub use query::{Ask, Bind, Query, Record, Sql};
pub use values::Values;

/// How long a request waits for a connection before the database counts as unreachable.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for SQLite's one writer, which is never unreachable: a hundred concurrent writers queue for it.
const WRITER_TIMEOUT: Duration = Duration::from_secs(30);
/// PostgreSQL aborts a transaction that has been idle for so long: a stalled server would block all others.
const IDLE_INSIDE: &str = "10s";
const SQLITE_READERS: usize = 4;

/// The database. Its readers cannot write.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    changes: Changes,
    outgoing: Outgoing,
    /// Unique among the servers on the same database.
    server: Arc<str>,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { readers: SqliteReaders, writer: SqlitePool, flush: Arc<LogFlush> },
    Postgres { readers: PgPool, writer: PgPool },
}

impl Store {
    /// Opens a SQLite file, creating it if it does not exist. SQLite has one writer at a time, so the writer
    /// pool holds one connection: writers queue in order rather than race for a lock.
    ///
    /// Only this system user can access the file and those that SQLite creates beside it.
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
            // The log is flushed after each transaction nevertheless, see `flush`.
            .synchronous(SqliteSynchronous::Normal);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITER_TIMEOUT)
            // A connection to a file does not break; testing it first costs as much as a small query.
            .test_before_acquire(false)
            // On a full disk SQLite rolls back by itself, while the driver still counts a transaction that is
            // gone. Such a connection would reject every later one, so it is replaced.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(writing)
            .await?;
        let readers = SqliteReaders::new(options.read_only(true), SQLITE_READERS, ACQUIRE_TIMEOUT);
        Ok(Self::of(Pools::Sqlite { readers, writer, flush: Arc::new(LogFlush::of(path)) }))
    }

    /// Connects to PostgreSQL with at most `connections` connections, half of them for reading: job workers
    /// and the dispatcher write alongside the requests.
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
        SystemRandomSource.fill(&mut name);
        let server = format!("{:016x}", u64::from_be_bytes(name)).into();
        Self { pools, changes: Changes::default(), outgoing: Outgoing::default(), server }
    }

    /// The name of this server among those on the same database; a new one at each start.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Notifications of committed changes.
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
        Ok(Reader(match &self.pools {
            Pools::Sqlite { readers, .. } => Reading::Sqlite(readers.acquire().await?),
            Pools::Postgres { readers, .. } => Reading::Postgres(readers.acquire().await?),
        }))
    }

    /// Begins a transaction; nothing is stored until [`Writer::commit`].
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

    /// `CREATE DATABASE` cannot run inside a transaction.
    #[cfg(feature = "testing")]
    pub(crate) async fn execute_outside_transaction(&self, sql: &'static str) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => sqlx::query(sql).execute(writer).await.map(|_| ())?,
            Pools::Postgres { writer, .. } => sqlx::query(sql).execute(writer).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let (_one,): (i64,) = self.read().await?.query("SELECT CAST(1 AS BIGINT)").fetch_one().await?;
        Ok(())
    }

    /// Whether the database accepts writes; changes nothing.
    pub async fn check_writable(&self) -> Result<()> {
        let mut writer = self.write().await?;
        writer.query("UPDATE settings SET value = value WHERE name = ''").execute().await?;
        Ok(())
    }

    /// Closes every connection, so that SQLite leaves a single file.
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
pub struct Reader(Reading);

#[derive(Debug)]
enum Reading {
    Sqlite(SqliteReader),
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
    /// Locks one row until the transaction ends, so that what is read after this can be changed and written
    /// back. The row is locked alone, before it is read with what is joined to it: a locking read that had to wait
    /// would return joined rows as they were before the wait.
    pub(crate) async fn lock_row(&mut self, table: &'static str, id: i64) -> Result<()> {
        if matches!(self.transaction, Inside::Postgres(_)) {
            let row = self.query("SELECT id FROM ").push(table).push(" WHERE id = $1").bind(id);
            let _: Option<(i64,)> = row.locked(table).fetch_optional().await?;
        }
        Ok(())
    }

    /// Notifies listeners once the transaction is committed. Every statement that makes such a change calls
    /// this.
    pub(crate) fn changed(&mut self, change: Change) {
        if !self.changed.contains(&change) {
            self.changed.push(change);
        }
    }

    /// Returns when everything is durable and listeners have been notified.
    pub async fn commit(mut self) -> Result<()> {
        if matches!(self.transaction, Inside::Postgres(_)) {
            for text in peers::notifications(&self.store.server, &self.changed) {
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
            self.store.changes.announce(change);
        }
        Ok(())
    }
}
