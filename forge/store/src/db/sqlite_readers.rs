//! SQLite's connections for reading.
//!
//! The pool of the driver tests a connection whenever it is returned. A connection to a file does not break, and the test wakes
//! its thread as often as a small query does: a page that reads five times would pay for ten.

use std::time::Duration;

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult},
};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

/// A connection is tested once in so many uses, so that one whose thread has died is soon replaced.
const USES_PER_TEST: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct SqliteReaders {
    pool: managed::Pool<Connector>,
    connections: usize,
}

pub(super) type SqliteReader = Object<Connector>;

#[derive(Debug)]
pub(super) struct Connector(SqliteConnectOptions);

impl managed::Manager for Connector {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<SqliteConnection> {
        self.0.connect().await
    }

    async fn recycle(
        &self,
        connection: &mut SqliteConnection,
        metrics: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        if metrics.recycle_count % USES_PER_TEST == USES_PER_TEST - 1 {
            connection.ping().await.map_err(RecycleError::Backend)?;
        }
        Ok(())
    }
}

impl SqliteReaders {
    /// Connects when a connection is first needed, to at most so many.
    pub(super) fn new(options: SqliteConnectOptions, connections: usize, patience: Duration) -> Self {
        let pool = managed::Pool::builder(Connector(options))
            .max_size(connections)
            // The one that was used last knows most statements and pages.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(patience))
            .runtime(Runtime::Tokio1)
            .build()
            .expect("a pool with a time limit has a runtime");
        Self { pool, connections }
    }

    pub(super) async fn acquire(&self) -> sqlx::Result<SqliteReader> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => sqlx::Error::PoolClosed,
            PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                sqlx::Error::PoolTimedOut
            }
        })
    }

    /// Closes every connection, once it is no longer in use.
    pub(super) async fn close(&self) {
        let mut all = Vec::new();
        for _ in 0..self.connections {
            all.extend(self.pool.get().await.ok());
        }
        self.pool.close();
        for connection in all {
            let closed = Object::take(connection).close().await;
            if let Err(error) = closed {
                tracing::debug!(error = &error as &dyn std::error::Error, "a connection was not closed");
            }
        }
    }
}
