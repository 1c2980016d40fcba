//! Attempts: each is one run of a task, bound to an engine and a machine.

use hearth_core::{AttemptId, Change, OwnerId, Reason, TaskId, TaskState, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Document, Result, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Attempt {
    pub id: AttemptId,
    pub task_id: TaskId,
    /// Counted from 1 within the task.
    pub number: i64,
    pub engine: String,
    pub machine: String,
    /// The pool it was bound to; empty for attempts older than pools.
    pub pool_code: String,
    /// The complete placement; `null` for those attempts.
    pub placement: Option<Document>,
    /// Whose quota and turns it counts against; `None`: the repository's owner.
    pub payer_id: Option<OwnerId>,
    /// The engine's handle for it, once the engine has accepted it.
    pub handle: Option<String>,
    /// The complete specification given to the agent.
    pub spec: Document,
    pub state: TaskState,
    pub reason: Reason,
    pub exit_code: Option<i64>,
    /// What the agent reported at the end; `null` before.
    pub facts: Document,
    /// How many of the agent's events are stored.
    pub agent_events: i64,
    pub heartbeat_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// When its record was sealed.
    pub sealed_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewAttempt {
    pub task_id: TaskId,
    pub number: i64,
    pub engine: String,
    pub machine: String,
    pub pool_code: String,
    pub payer_id: OwnerId,
    pub placement: serde_json::Value,
    pub spec: serde_json::Value,
    pub token_hash: String,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT id, task_id, number, engine, machine, pool_code, payer_id, placement, handle, spec, state, reason, \
    exit_code, facts, agent_events, heartbeat_at, started_at, ended_at, sealed_at, created_at FROM attempts";

/// Fails with [`crate::Error::Taken`] if the task already has an attempt of this number.
pub async fn insert(writer: &mut Writer, new: &NewAttempt) -> Result<AttemptId> {
    let (id,): (AttemptId,) = writer
        .query(
            "INSERT INTO attempts (task_id, number, engine, machine, spec, token_hash, state, reason, facts, agent_events, \
             created_at, pool_code, placement, payer_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13) RETURNING id",
        )
        .bind(new.task_id)
        .bind(new.number)
        .bind(new.engine.clone())
        .bind(new.machine.clone())
        .bind(Json(new.spec.clone()))
        .bind(new.token_hash.clone())
        .bind(TaskState::Creating)
        .bind(Reason::StageStart)
        .bind(Json(serde_json::Value::Null))
        .bind(new.created_at)
        .bind(new.pool_code.clone())
        .bind(Json(new.placement.clone()))
        .bind(new.payer_id)
        .fetch_one()
        .await?;
    Ok(id)
}

pub async fn find(ask: &mut impl Ask, task: TaskId, number: i64) -> Result<Option<Attempt>> {
    ask.query(SELECT)
        .push(" WHERE task_id = $1 AND number = $2")
        .bind(task)
        .bind(number)
        .fetch_optional()
        .await
}

pub async fn find_by_token_hash(ask: &mut impl Ask, token_hash: &str) -> Result<Option<Attempt>> {
    ask.query(SELECT).push(" WHERE token_hash = $1").bind(token_hash).fetch_optional().await
}

pub async fn find_by_handle(ask: &mut impl Ask, engine: &str, handle: &str) -> Result<Option<Attempt>> {
    ask.query(SELECT)
        .push(" WHERE engine = $1 AND handle = $2 ORDER BY id DESC LIMIT 1")
        .bind(engine)
        .bind(handle)
        .fetch_optional()
        .await
}

/// The attempts of a task, oldest first.
pub async fn list_of_task(ask: &mut impl Ask, task: TaskId) -> Result<Vec<Attempt>> {
    ask.query(SELECT).push(" WHERE task_id = $1 ORDER BY number").bind(task).fetch_all().await
}

/// Attempts that have not ended: they hold slots.
pub async fn list_open(ask: &mut impl Ask) -> Result<Vec<Attempt>> {
    ask.query(SELECT).push(" WHERE ended_at IS NULL ORDER BY id").fetch_all().await
}

/// Ended attempts whose record was not sealed, because the server stopped in between.
pub async fn list_unsealed(ask: &mut impl Ask) -> Result<Vec<Attempt>> {
    ask.query(SELECT).push(" WHERE sealed_at IS NULL AND ended_at IS NOT NULL ORDER BY id").fetch_all().await
}

/// Attempts that ended at this time or later.
pub async fn list_ended_since(ask: &mut impl Ask, since: Timestamp) -> Result<Vec<Attempt>> {
    ask.query(SELECT).push(" WHERE ended_at >= $1 ORDER BY id").bind(since).fetch_all().await
}

pub async fn set_handle(writer: &mut Writer, id: AttemptId, handle: &str) -> Result<()> {
    writer.query("UPDATE attempts SET handle = $2 WHERE id = $1").bind(id).bind(handle).execute().await?;
    Ok(())
}

/// Stores the machine that the engine chose.
pub async fn set_machine(writer: &mut Writer, id: AttemptId, machine: &str) -> Result<()> {
    let query = writer
        .query("UPDATE attempts SET machine = $2 WHERE id = $1 RETURNING task_id")
        .bind(id)
        .bind(machine);
    let changed = query.fetch_optional().await?;
    announce_task(writer, changed);
    Ok(())
}

/// Replaces the token of an attempt that no engine has accepted.
pub async fn set_token_hash(writer: &mut Writer, id: AttemptId, token_hash: &str) -> Result<()> {
    writer
        .query("UPDATE attempts SET token_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(token_hash)
        .execute()
        .await?;
    Ok(())
}

/// Stores the time of a heartbeat. `false`: the attempt has ended.
pub async fn heartbeat(writer: &mut Writer, id: AttemptId, now: Timestamp) -> Result<bool> {
    let touched = writer
        .query("UPDATE attempts SET heartbeat_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Sets the state of an attempt that has not ended.
pub async fn set_state(
    writer: &mut Writer,
    id: AttemptId,
    state: TaskState,
    reason: Reason,
    now: Timestamp,
) -> Result<()> {
    let started = matches!(state, TaskState::Running).then_some(now);
    writer
        .query(
            "UPDATE attempts SET state = $2, reason = $3, started_at = COALESCE(started_at, $4) \
             WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(id)
        .bind(state)
        .bind(reason)
        .bind(started)
        .execute()
        .await?;
    Ok(())
}

/// Counts `more` events of the agent if exactly `first` are stored. `false`: the number differs.
pub async fn count_events(writer: &mut Writer, id: AttemptId, first: i64, more: i64) -> Result<bool> {
    let touched = writer
        .query("UPDATE attempts SET agent_events = agent_events + $3 WHERE id = $1 AND agent_events = $2")
        .bind(id)
        .bind(first)
        .bind(more)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct End {
    pub state: TaskState,
    pub reason: Reason,
    pub exit_code: Option<i64>,
    pub facts: serde_json::Value,
    pub ended_at: Timestamp,
}

/// Ends an attempt, only once. `false`: it had already ended.
pub async fn end(writer: &mut Writer, id: AttemptId, end: &End) -> Result<bool> {
    let changed = writer
        .query(
            "UPDATE attempts SET state = $2, reason = $3, exit_code = $4, facts = $5, ended_at = $6 \
             WHERE id = $1 AND ended_at IS NULL RETURNING task_id",
        )
        .bind(id)
        .bind(end.state)
        .bind(end.reason)
        .bind(end.exit_code)
        .bind(Json(end.facts.clone()))
        .bind(end.ended_at)
        .fetch_optional()
        .await?;
    Ok(announce_task(writer, changed))
}

/// Marks the record of an attempt as sealed.
pub async fn seal(writer: &mut Writer, id: AttemptId, now: Timestamp) -> Result<()> {
    let query =
        writer.query("UPDATE attempts SET sealed_at = $2 WHERE id = $1 RETURNING task_id").bind(id).bind(now);
    let changed = query.fetch_optional().await?;
    announce_task(writer, changed);
    Ok(())
}

/// Unseals the record of an attempt, because something was added to it.
pub async fn unseal(writer: &mut Writer, id: AttemptId) -> Result<()> {
    writer.query("UPDATE attempts SET sealed_at = NULL WHERE id = $1").bind(id).execute().await?;
    Ok(())
}

/// Returns whether a row changed, and if so announces a change of its task.
fn announce_task(writer: &mut Writer, changed: Option<(TaskId,)>) -> bool {
    let task = changed.map(|(task,)| task);
    task.inspect(|task| writer.changed(Change::Task(*task))).is_some()
}
