//! The scheduler's view of tasks and attempts: only the columns needed to decide about a thousand of them.

use hearth_core::{
    AttemptId, Change, OwnerId, Reason, RepositoryId, TaskId, TaskKind, TaskState, Timestamp, UserId,
};
use sqlx::FromRow;

use crate::{Ask, Document, Result, Sql, Writer};

/// Whose quota and turns a task `t` in a repository `r` counts against: the owner of the repository. A person
/// could found any number of organisations, so an organisation has a share of its own only where an administrator
/// gave it a quota; its other tasks count against whoever launched them.
pub(crate) const PAYER: &str = "CASE WHEN n.id IS NULL OR EXISTS (SELECT 1 FROM quotas q WHERE q.owner_id = n.id) THEN r.owner_id \
    ELSE t.creator_id END";
/// The organisation `n` that owns the repository `r`, which [`PAYER`] needs.
pub(crate) const OWNING_ORGANIZATION: &str = "LEFT JOIN organizations n ON n.id = r.owner_id";

/// A waiting task.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Waiting {
    pub id: TaskId,
    pub repository_id: RepositoryId,
    /// The owner of its repository.
    pub owner_id: OwnerId,
    /// Whose quota and turns it counts against.
    pub payer_id: OwnerId,
    pub kind: TaskKind,
    pub priority: i64,
    pub reason: Reason,
    pub image_code: String,
    pub spec_code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    pub card_memory_bytes: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub node_count: i64,
    pub queued_at: Timestamp,
}

/// Waiting tasks by priority, then by age.
pub async fn list_waiting(ask: &mut impl Ask) -> Result<Vec<Waiting>> {
    ask.query("SELECT t.id, t.repository_id, r.owner_id, ")
        .push(PAYER)
        .push(
            " AS payer_id, t.kind, t.priority, t.reason, t.image_code, t.spec_code, t.accelerator, t.cards, \
             t.card_memory_bytes, t.cpus, t.memory_bytes, t.node_count, COALESCE(t.queued_at, t.created_at) AS queued_at \
             FROM tasks t JOIN repositories r ON r.id = t.repository_id ",
        )
        .push(OWNING_ORGANIZATION)
        .push(" WHERE t.state = $1 ORDER BY t.priority DESC, t.queued_at, t.id")
        .bind(TaskState::Waiting)
        .fetch_all()
        .await
}

/// Whose quota and turns a task would count against that this person launches in a repository of this owner.
pub async fn find_payer(ask: &mut impl Ask, owner: OwnerId, launcher: UserId) -> Result<OwnerId> {
    let (payer,): (OwnerId,) = ask
        .query("SELECT ")
        .push(PAYER)
        .push(" FROM (SELECT CAST($1 AS BIGINT) AS owner_id) r CROSS JOIN (SELECT CAST($2 AS BIGINT) AS creator_id) t ")
        .push(OWNING_ORGANIZATION)
        .bind(owner)
        .bind(launcher)
        .fetch_one()
        .await?;
    Ok(payer)
}

/// Whether any task is waiting: called far more often than [`list_waiting`].
pub async fn has_waiting(ask: &mut impl Ask) -> Result<bool> {
    let one: Option<(TaskId,)> = ask
        .query("SELECT id FROM tasks WHERE state = $1 LIMIT 1")
        .bind(TaskState::Waiting)
        .fetch_optional()
        .await?;
    Ok(one.is_some())
}

/// An attempt that holds resources.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ActiveAttempt {
    pub attempt_id: AttemptId,
    pub task_id: TaskId,
    /// Whose quota and turns it counts against.
    pub payer_id: OwnerId,
    pub priority: i64,
    pub engine: String,
    pub machine: String,
    pub pool_code: String,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub node_count: i64,
    /// The cards on each of its machines.
    pub cards: Document,
    pub stop_requested_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// Attempts that have not ended.
pub async fn list_holding(ask: &mut impl Ask) -> Result<Vec<ActiveAttempt>> {
    const FROM: Sql = Sql {
        sqlite: "SELECT a.id AS attempt_id, a.task_id, COALESCE(a.payer_id, r.owner_id) AS payer_id, t.priority, a.engine, a.machine, a.pool_code, t.cpus, \
            t.memory_bytes, t.node_count, json_extract(a.spec, '$.resources.accelerators') AS cards, \
            t.stop_requested_at, a.created_at FROM attempts a JOIN tasks t ON t.id = a.task_id \
            JOIN repositories r ON r.id = t.repository_id WHERE a.sealed_at IS NULL AND a.ended_at IS NULL",
        postgres: "SELECT a.id AS attempt_id, a.task_id, COALESCE(a.payer_id, r.owner_id) AS payer_id, t.priority, a.engine, a.machine, a.pool_code, t.cpus, \
            t.memory_bytes, t.node_count, a.spec #> '{resources,accelerators}' AS cards, \
            t.stop_requested_at, a.created_at FROM attempts a JOIN tasks t ON t.id = a.task_id \
            JOIN repositories r ON r.id = t.repository_id WHERE a.sealed_at IS NULL AND a.ended_at IS NULL",
    };
    ask.query(FROM).push(" ORDER BY a.id").fetch_all().await
}

/// The number of admissions so far. Anything read after this includes all of them.
pub async fn count_admissions(ask: &mut impl Ask) -> Result<i64> {
    let (count,): (i64,) = ask.query("SELECT count FROM admissions WHERE id = 1").fetch_one().await?;
    Ok(count)
}

/// Begins an admission: nobody else can admit until this transaction ends. `false`: somebody has since
/// `known` was read, so the plan may be out of date.
pub async fn begin_admission(writer: &mut Writer, known: i64) -> Result<bool> {
    let touched = writer
        .query("UPDATE admissions SET count = count + 1 WHERE id = 1 AND count = $1")
        .bind(known)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Sets the reason of those of the tasks that are still waiting.
pub async fn set_reason(writer: &mut Writer, tasks: &[TaskId], reason: Reason, now: Timestamp) -> Result<()> {
    let waiting: Vec<(TaskId,)> = writer
        .query("UPDATE tasks SET reason = $1, updated_at = $2 WHERE state = $3 AND id")
        .bind(reason)
        .bind(now)
        .bind(TaskState::Waiting)
        .is_any_of(tasks)
        .push(" RETURNING id")
        .fetch_all()
        .await?;
    for (task,) in waiting {
        writer.changed(Change::Task(task));
    }
    Ok(())
}
