//! SQLite's connections for reading.
//!
//! The driver's pool tests a connection whenever it is returned. That wakes the connection's thread as often as a small query does:
//! a page that reads five times would pay for ten. Here it is tested only if its last statement did not end.

use std::time::Duration;

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, QueueMode, RecycleResult},
};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    runtime::Handle,
    time::{self, Instant},
};

/// How often closing looks whether a connection has been returned.
const CLOSING_STEP: Duration = Duration::from_millis(10);

#[derive(Clone, Debug)]
pub(super) struct SqliteReaders {
    pool: managed::Pool<Connector>,
    patience: Duration,
}

#[derive(Debug)]
struct Connector(SqliteConnectOptions);

impl managed::Manager for Connector {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<SqliteConnection> {
        self.0.connect().await
    }

    async fn recycle(&self, _: &mut SqliteConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl SqliteReaders {
    /// Connects when a connection is first needed, to at most so many. Whoever waits longer than `patience` for one is
    /// refused.
    pub(super) fn new(options: SqliteConnectOptions, connections: usize, patience: Duration) -> Self {
        let pool = managed::Pool::builder(Connector(options))
            .max_size(connections)
            // The one that was used last knows most statements and pages.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(patience))
            .runtime(Runtime::Tokio1)
            .build()
            .expect("a pool with a time limit has a runtime");
        Self { pool, patience }
    }

    pub(super) async fn acquire(&self) -> sqlx::Result<SqliteReader> {
        let connection = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => sqlx::Error::PoolClosed,
            PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                sqlx::Error::PoolTimedOut
            }
        })?;
        Ok(SqliteReader { connection: Some(connection), is_busy: false })
    }

    /// Closes every connection; one in use once it is returned, unless that takes too long.
    pub(super) async fn close(&self) {
        let deadline = Instant::now() + self.patience;
        loop {
            for connection in self.pool.retain(|_, _| false).removed {
                if let Err(error) = connection.close().await {
                    tracing::debug!(error = &error as &dyn std::error::Error, "a connection was not closed");
                }
            }
            if self.pool.status().size == 0 || Instant::now() >= deadline {
                break;
            }
            time::sleep(CLOSING_STEP).await;
        }
        self.pool.close();
    }
}

/// A connection on loan.
#[derive(Debug)]
pub(super) struct SqliteReader {
    /// `None` only while it is dropped.
    connection: Option<Object<Connector>>,
    is_busy: bool,
}

impl SqliteReader {
    /// The connection, and whether a statement runs on it.
    pub(super) fn parts(&mut self) -> (&mut SqliteConnection, &mut bool) {
        let connection = self.connection.as_mut().expect("it is not dropped yet");
        (connection, &mut self.is_busy)
    }
}

impl Drop for SqliteReader {
    /// Whoever stops waiting for a statement does not stop the statement: its connection is returned when it has ended, so that
    /// abandoned statements never run in greater numbers than there are connections. One that has failed is
    /// replaced.
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take().filter(|_| self.is_busy) else { return };
        let Ok(runtime) = Handle::try_current() else { return drop(Object::take(connection)) };
        runtime.spawn(async move {
            if connection.ping().await.is_err() {
                drop(Object::take(connection));
            }
        });
    }
}
