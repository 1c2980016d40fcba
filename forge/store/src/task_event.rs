//! The timeline of a task: one row per step, with its reason, time and source.

use std::collections::BTreeMap;

use hearth_core::{Change, Reason, TaskId, TaskState, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

/// Values for the sentence of a reason: `{"exit_code": "3"}`.
pub type Facts = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TaskEvent {
    pub id: i64,
    pub task_id: TaskId,
    /// 0 before the first attempt.
    pub attempt_number: i64,
    /// The state of the task from this step on.
    pub state: TaskState,
    pub reason: Reason,
    /// `user`, `queue`, `engine`, `agent` or `server`.
    pub source: String,
    pub data: Json<Facts>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewTaskEvent {
    pub task_id: TaskId,
    pub attempt_number: i64,
    pub state: TaskState,
    pub reason: Reason,
    pub source: &'static str,
    pub data: Facts,
    pub created_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewTaskEvent) -> Result<i64> {
    writer.changed(Change::Task(new.task_id));
    let (id,): (i64,) = writer
        .query(
            "INSERT INTO task_events (task_id, attempt_number, state, reason, source, data, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(new.task_id)
        .bind(new.attempt_number)
        .bind(new.state)
        .bind(new.reason)
        .bind(new.source)
        .bind(Json(new.data.clone()))
        .bind(new.created_at)
        .fetch_one()
        .await?;
    Ok(id)
}

/// All columns of a [`TaskEvent`].
const SELECT: &str = "SELECT id, task_id, attempt_number, state, reason, source, data, created_at FROM task_events WHERE task_id = $1";

/// The number of steps.
pub async fn count(ask: &mut impl Ask, task: TaskId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM task_events WHERE task_id = $1").bind(task).fetch_count().await
}

/// `most` steps after the first `skipped`.
pub async fn list(ask: &mut impl Ask, task: TaskId, skipped: u64, most: u64) -> Result<Vec<TaskEvent>> {
    ask.query(SELECT).push(" ORDER BY id").bind(task).limit(most).skip(skipped).fetch_all().await
}

/// The first `most` steps of one attempt; attempt 0 means those before the first attempt.
pub async fn list_of_attempt(
    ask: &mut impl Ask,
    task: TaskId,
    attempt_number: i64,
    most: u64,
) -> Result<Vec<TaskEvent>> {
    ask.query(SELECT)
        .push(" AND attempt_number = $2 ORDER BY id")
        .bind(task)
        .bind(attempt_number)
        .limit(most)
        .fetch_all()
        .await
}

/// The last `most` steps, newest first.
pub async fn list_newest(ask: &mut impl Ask, task: TaskId, most: u64) -> Result<Vec<TaskEvent>> {
    ask.query(SELECT).push(" ORDER BY id DESC").bind(task).limit(most).fetch_all().await
}

/// The last step before an attempt.
pub async fn last_before_attempt(
    ask: &mut impl Ask,
    task: TaskId,
    attempt_number: i64,
) -> Result<Option<TaskEvent>> {
    ask.query(SELECT)
        .push(" AND attempt_number < $2 ORDER BY id DESC LIMIT 1")
        .bind(task)
        .bind(attempt_number)
        .fetch_optional()
        .await
}
