//! The nodes of a multi-node attempt: which machine each one is on, and how it ended.

use hearth_core::{AttemptId, Change, Reason, TaskId, TaskState, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AttemptNode {
    pub attempt_id: AttemptId,
    /// Counted from 0.
    pub rank: i64,
    pub machine: String,
    pub state: TaskState,
    pub reason: Reason,
    pub exit_code: Option<i64>,
    pub heartbeat_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

const SELECT: &str = "SELECT n.attempt_id, n.rank, n.machine, n.state, n.reason, n.exit_code, n.heartbeat_at, n.ended_at \
    FROM attempt_nodes n";

pub async fn insert(writer: &mut Writer, attempt: AttemptId, rank: i64, machine: &str) -> Result<()> {
    writer
        .query("INSERT INTO attempt_nodes (attempt_id, rank, machine, state, reason) VALUES ($1, $2, $3, $4, $5)")
        .bind(attempt)
        .bind(rank)
        .bind(machine)
        .bind(TaskState::Creating)
        .bind(Reason::StageStart)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, attempt: AttemptId, rank: i64) -> Result<Option<AttemptNode>> {
    ask.query(SELECT)
        .push(" WHERE n.attempt_id = $1 AND n.rank = $2")
        .bind(attempt)
        .bind(rank)
        .fetch_optional()
        .await
}

/// The nodes of an attempt, by rank; empty if it runs on a single machine.
pub async fn list(ask: &mut impl Ask, attempt: AttemptId) -> Result<Vec<AttemptNode>> {
    ask.query(SELECT).push(" WHERE n.attempt_id = $1 ORDER BY n.rank").bind(attempt).fetch_all().await
}

/// The nodes of all attempts that have not ended.
pub async fn list_open(ask: &mut impl Ask) -> Result<Vec<AttemptNode>> {
    ask.query(SELECT)
        .push(
            " JOIN attempts a ON a.id = n.attempt_id WHERE a.sealed_at IS NULL AND a.ended_at IS NULL \
             ORDER BY n.attempt_id, n.rank",
        )
        .fetch_all()
        .await
}

/// Stores the machine that a node was placed on.
pub async fn set_machine(writer: &mut Writer, attempt: AttemptId, rank: i64, machine: &str) -> Result<()> {
    writer
        .query("UPDATE attempt_nodes SET machine = $3 WHERE attempt_id = $1 AND rank = $2")
        .bind(attempt)
        .bind(rank)
        .bind(machine)
        .execute()
        .await?;
    announce_task(writer, attempt).await
}

/// Stores the time of a heartbeat. `false`: the node has ended.
pub async fn heartbeat(writer: &mut Writer, attempt: AttemptId, rank: i64, now: Timestamp) -> Result<bool> {
    writer
        .query(
            "UPDATE attempt_nodes SET heartbeat_at = $3 WHERE attempt_id = $1 AND rank = $2 AND ended_at IS NULL",
        )
        .bind(attempt)
        .bind(rank)
        .bind(now)
        .execute_on_one()
        .await
}

/// Sets the state of a node that has not ended.
pub async fn set_state(writer: &mut Writer, attempt: AttemptId, rank: i64, state: TaskState) -> Result<()> {
    let is_changed = writer
        .query(
            "UPDATE attempt_nodes SET state = $3 WHERE attempt_id = $1 AND rank = $2 AND ended_at IS NULL AND state <> $3",
        )
        .bind(attempt)
        .bind(rank)
        .bind(state)
        .execute_on_one()
        .await?;
    if is_changed { announce_task(writer, attempt).await } else { Ok(()) }
}

async fn announce_task(writer: &mut Writer, attempt: AttemptId) -> Result<()> {
    let (task,): (TaskId,) =
        writer.query("SELECT task_id FROM attempts WHERE id = $1").bind(attempt).fetch_one().await?;
    writer.changed(Change::Task(task));
    Ok(())
}

/// How a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeEnd {
    pub state: TaskState,
    pub reason: Reason,
    pub exit_code: Option<i64>,
    pub ended_at: Timestamp,
}

/// Ends a node, only once. `false`: it had already ended.
pub async fn end(writer: &mut Writer, attempt: AttemptId, rank: i64, end: NodeEnd) -> Result<bool> {
    let is_ended = writer
        .query(
            "UPDATE attempt_nodes SET state = $3, reason = $4, exit_code = $5, ended_at = $6 \
             WHERE attempt_id = $1 AND rank = $2 AND ended_at IS NULL",
        )
        .bind(attempt)
        .bind(rank)
        .bind(end.state)
        .bind(end.reason)
        .bind(end.exit_code)
        .bind(end.ended_at)
        .execute_on_one()
        .await?;
    if is_ended {
        announce_task(writer, attempt).await?;
    }
    Ok(is_ended)
}
