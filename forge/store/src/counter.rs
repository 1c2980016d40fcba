//! Sequence numbers per container. Not `MAX + 1`, which loses numbers under concurrency on PostgreSQL.

use hearth_core::RepositoryId;

use crate::{Ask, Result, Writer};

/// A container whose contents are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Repository(RepositoryId),
}

impl Container {
    const fn key(self) -> (&'static str, i64) {
        match self {
            Self::Repository(id) => ("repository", id.0),
        }
    }
}

/// The next number, starting at 1. It is stored with the transaction: a rollback leaves no gap.
pub async fn next(writer: &mut Writer, container: Container, name: &'static str) -> Result<i64> {
    let (kind, id) = container.key();
    let (value,): (i64,) = writer
        .query(
            "INSERT INTO counters (container, container_id, name, value) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (container, container_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        )
        .bind(kind)
        .bind(id)
        .bind(name)
        .fetch_one()
        .await?;
    Ok(value)
}

/// Deletes all counters of a deleted container.
pub async fn delete(writer: &mut Writer, container: Container) -> Result<()> {
    let (kind, id) = container.key();
    writer
        .query("DELETE FROM counters WHERE container = $1 AND container_id = $2")
        .bind(kind)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}
