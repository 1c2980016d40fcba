//! Numbers counted per repository. Not `MAX + 1`, which loses numbers under concurrency on PostgreSQL.

use hearth_core::RepositoryId;

use crate::{Ask, Result, Writer};

/// The next number, from 1. It is kept only when the transaction is: a rolled-back one leaves no gap.
pub async fn next(writer: &mut Writer, repository: RepositoryId, name: &'static str) -> Result<i64> {
    let (value,): (i64,) = writer
        .query(
            "INSERT INTO counters (repository_id, name, value) VALUES ($1, $2, 1) \
             ON CONFLICT (repository_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        )
        .bind(repository)
        .bind(name)
        .fetch_one()
        .await?;
    Ok(value)
}
