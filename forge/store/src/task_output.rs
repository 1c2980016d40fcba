//! Output files of attempts: rows that refer to blobs.

use hearth_core::{OutputPath, PageRequest, TaskId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TaskOutput {
    pub task_id: TaskId,
    pub attempt_number: i64,
    #[sqlx(try_from = "String")]
    pub path: OutputPath,
    pub size_bytes: i64,
    pub sha256: String,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT task_id, attempt_number, path, size_bytes, sha256, created_at FROM task_outputs WHERE task_id = $1 AND attempt_number = $2";

/// Stores one file whose blob exists; it replaces an earlier one with the same path.
pub async fn insert(writer: &mut Writer, output: &TaskOutput) -> Result<()> {
    writer
        .query(
            "INSERT INTO task_outputs (task_id, attempt_number, path, size_bytes, sha256, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (task_id, attempt_number, path) \
             DO UPDATE SET size_bytes = $4, sha256 = $5, created_at = $6",
        )
        .bind(output.task_id)
        .bind(output.attempt_number)
        .bind(output.path.as_str())
        .bind(output.size_bytes)
        .bind(output.sha256.clone())
        .bind(output.created_at)
        .execute()
        .await?;
    Ok(())
}

/// The number of outputs of an attempt, and their total size.
pub async fn total(ask: &mut impl Ask, task: TaskId, attempt_number: i64) -> Result<(i64, i64)> {
    ask.query(
        "SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM task_outputs \
         WHERE task_id = $1 AND attempt_number = $2",
    )
    .bind(task)
    .bind(attempt_number)
    .fetch_one()
    .await
}

/// One page of the outputs of one attempt, by path.
pub async fn page(
    ask: &mut impl Ask,
    task: TaskId,
    attempt_number: i64,
    request: PageRequest,
) -> Result<Vec<TaskOutput>> {
    ask.query(SELECT).push(" ORDER BY path").bind(task).bind(attempt_number).page(request).fetch_all().await
}

/// The outputs of one attempt, by path.
pub async fn list(ask: &mut impl Ask, task: TaskId, attempt_number: i64) -> Result<Vec<TaskOutput>> {
    ask.query(SELECT).push(" ORDER BY path").bind(task).bind(attempt_number).fetch_all().await
}

pub async fn find(
    ask: &mut impl Ask,
    task: TaskId,
    attempt_number: i64,
    path: &OutputPath,
) -> Result<Option<TaskOutput>> {
    ask.query(SELECT)
        .push(" AND path = $3")
        .bind(task)
        .bind(attempt_number)
        .bind(path.as_str())
        .fetch_optional()
        .await
}

/// The number and total size of an attempt's outputs, without this one.
pub async fn sum_beside(
    ask: &mut impl Ask,
    task: TaskId,
    attempt_number: i64,
    path: &OutputPath,
) -> Result<(i64, i64)> {
    ask.query(
        "SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM task_outputs \
         WHERE task_id = $1 AND attempt_number = $2 AND path <> $3",
    )
    .bind(task)
    .bind(attempt_number)
    .bind(path.as_str())
    .fetch_one()
    .await
}

/// An output with this content, if there is one.
pub async fn find_by_hash(ask: &mut impl Ask, sha256: &str) -> Result<Option<TaskOutput>> {
    ask.query(
        "SELECT task_id, attempt_number, path, size_bytes, sha256, created_at FROM task_outputs WHERE sha256 = $1 \
         ORDER BY task_id, attempt_number LIMIT 1",
    )
    .bind(sha256)
    .fetch_optional()
    .await
}
