//! The timeline of a task: one row a step, with its reason, time and source.

use std::collections::BTreeMap;

use hearth_core::{Reason, TaskId, TaskState, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

/// Facts for the sentence of a reason: `{"exit_code": "3"}`.
pub type Facts = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TaskEvent {
    pub id: i64,
    pub task_id: TaskId,
    /// 0 before the first attempt.
    pub attempt_number: i64,
    /// The state the task had from this step on.
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

/// The timeline, from the first step on.
pub async fn list_of_task(ask: &mut impl Ask, task: TaskId) -> Result<Vec<TaskEvent>> {
    ask.query(
        "SELECT id, task_id, attempt_number, state, reason, source, data, created_at FROM task_events \
         WHERE task_id = $1 ORDER BY id",
    )
    .bind(task)
    .fetch_all()
    .await
}

/// The step that a task is at.
pub async fn last_of_task(ask: &mut impl Ask, task: TaskId) -> Result<Option<TaskEvent>> {
    ask.query(
        "SELECT id, task_id, attempt_number, state, reason, source, data, created_at FROM task_events \
         WHERE task_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(task)
    .fetch_optional()
    .await
}
