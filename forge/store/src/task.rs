//! Computing tasks: what was requested, the pinned commit, and the current state.

use hearth_core::{
    Change, PageRequest, Program, ProgramKind, Reason, RepositoryId, TaskId, TaskKind, TaskState, Timestamp,
    Unit, UserId, UserName,
};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Query, Result, Writer,
    grant::{self, Part, Viewer},
    task_filter::{TaskFilter, filtered, ordered},
    task_value,
};

/// A task without its texts, which may be large: see [`texts`] and [`patch`].
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Task {
    pub id: TaskId,
    pub repository_id: RepositoryId,
    pub creator_id: UserId,
    /// The creator's current name.
    pub creator: UserName,
    pub kind: TaskKind,
    pub name: String,
    pub state: TaskState,
    /// Why it is in this state.
    pub reason: Reason,
    pub priority: i64,
    /// What the creator chose: a branch, a tag or a commit.
    pub revision: String,
    /// The commit that the revision was pinned to.
    pub commit_id: String,
    /// Whether it includes changes of an unpushed working tree: see [`patch`].
    pub has_patch: bool,
    pub program_kind: ProgramKind,
    /// See [`Program::label`]: the file of a script, or the line of a command.
    pub program_label: String,
    pub image_code: String,
    pub spec_code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    /// At least this much memory per card.
    pub card_memory_bytes: i64,
    /// The number of machines it runs on at once; the numbers above are per machine.
    pub node_count: i64,
    pub has_network: bool,
    /// Whether the packages of `requirements.txt` are installed before the program starts.
    pub installs_requirements: bool,
    pub time_limit_seconds: Option<i64>,
    pub seed: Option<i64>,
    /// The task that this one repeats or modifies.
    pub parent_id: Option<TaskId>,
    /// The number of attempts, and thus of the latest one.
    pub attempts: i64,
    pub stop_requested_by: Option<UserId>,
    pub stop_requested_at: Option<Timestamp>,
    pub stop_reason: Option<Reason>,
    /// When it was last preempted by another task.
    pub preempted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub queued_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

/// The texts that the creator wrote.
#[derive(Clone, Debug, Default, PartialEq, FromRow)]
pub struct TaskTexts {
    pub description: String,
    pub program: Json<Program>,
}

/// A task to be queued.
#[derive(Clone, Debug)]
pub struct NewTask {
    pub repository_id: RepositoryId,
    pub creator_id: UserId,
    pub kind: TaskKind,
    pub name: String,
    pub description: String,
    pub priority: i64,
    pub revision: String,
    pub commit_id: String,
    pub patch: Option<String>,
    pub program: Program,
    pub image_code: String,
    pub spec_code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
    pub card_memory_bytes: i64,
    pub node_count: i64,
    pub has_network: bool,
    /// Whether the packages of `requirements.txt` are installed before the program starts.
    pub installs_requirements: bool,
    pub time_limit_seconds: Option<i64>,
    pub seed: Option<i64>,
    /// Launching twice with the same key creates only one task.
    pub request_key: Option<String>,
    pub parent_id: Option<TaskId>,
    pub created_at: Timestamp,
}

const COLUMNS: &str = "SELECT t.id, t.repository_id, t.creator_id, u.name AS creator, t.kind, t.name, t.state, \
    t.reason, t.priority, t.revision, t.commit_id, t.patch IS NOT NULL AS has_patch, t.program_kind, t.program_label, t.image_code, t.spec_code, \
    t.accelerator, t.cards, t.cpus, t.memory_bytes, t.card_memory_bytes, t.node_count, t.has_network, t.installs_requirements, \
    t.time_limit_seconds, t.seed, t.parent_id, t.attempts, t.stop_requested_by, t.stop_requested_at, t.stop_reason, \
    t.preempted_at, t.created_at, t.queued_at, t.started_at, t.ended_at, \
    t.updated_at FROM tasks t JOIN owners u ON u.id = t.creator_id";

impl Task {
    /// The file of the script that it runs, if it runs one.
    pub fn script(&self) -> Option<&str> {
        (self.program_kind == ProgramKind::Script).then_some(self.program_label.as_str())
    }
}

/// Queues a task. Fails with [`crate::Error::Taken`] if its creator has used this request key before.
pub async fn insert(writer: &mut Writer, new: &NewTask) -> Result<TaskId> {
    let (id,): (TaskId,) = writer
        .query(
            "INSERT INTO tasks (repository_id, creator_id, kind, name, description, state, reason, priority, revision, \
             commit_id, patch, program_kind, program_label, program, image_code, spec_code, accelerator, cards, cpus, \
             memory_bytes, has_network, time_limit_seconds, seed, request_key, parent_id, card_memory_bytes, node_count, \
             installs_requirements, attempts, created_at, queued_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
             $23, $24, $25, $26, $27, $28, 0, $29, $29, $29) RETURNING id",
        )
        .bind(new.repository_id)
        .bind(new.creator_id)
        .bind(new.kind)
        .bind(new.name.clone())
        .bind(new.description.clone())
        .bind(TaskState::Waiting)
        .bind(Reason::QueueFirst)
        .bind(new.priority)
        .bind(new.revision.clone())
        .bind(new.commit_id.clone())
        .bind(new.patch.clone())
        .bind(new.program.kind())
        .bind(new.program.label())
        .bind(Json(new.program.clone()))
        .bind(new.image_code.clone())
        .bind(new.spec_code.clone())
        .bind(new.accelerator.clone())
        .bind(new.cards)
        .bind(new.cpus)
        .bind(new.memory_bytes)
        .bind(new.has_network)
        .bind(new.time_limit_seconds)
        .bind(new.seed)
        .bind(new.request_key.clone())
        .bind(new.parent_id)
        .bind(new.card_memory_bytes)
        .bind(new.node_count)
        .bind(new.installs_requirements)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    task_value::insert_parameters(writer, id, new.program.parameters()).await?;
    writer.changed(Change::Task(id));
    Ok(id)
}

pub async fn find(ask: &mut impl Ask, id: TaskId) -> Result<Option<Task>> {
    ask.query(COLUMNS).push(" WHERE t.id = $1").bind(id).fetch_optional().await
}

/// The existing ones among these tasks, by id.
pub async fn find_all(ask: &mut impl Ask, ids: &[TaskId]) -> Result<Vec<Task>> {
    ask.query(COLUMNS).push(" WHERE t.id").is_any_of(ids).push(" ORDER BY t.id").fetch_all().await
}

/// The ones among these tasks in repositories whose tasks the viewer may see.
pub async fn find_visible(ask: &mut impl Ask, ids: &[TaskId], viewer: Viewer) -> Result<Vec<Task>> {
    let query = ask.query(COLUMNS).push(" WHERE t.id").is_any_of(ids);
    seen_by(query, viewer).fetch_all().await
}

pub async fn texts(ask: &mut impl Ask, id: TaskId) -> Result<TaskTexts> {
    ask.query("SELECT description, program FROM tasks WHERE id = $1").bind(id).fetch_one().await
}

/// The changes of an unpushed working tree, which may be large.
pub async fn patch(ask: &mut impl Ask, id: TaskId) -> Result<Option<String>> {
    let found =
        ask.query("SELECT patch FROM tasks WHERE id = $1").bind(id).fetch_optional::<(Option<String>,)>();
    Ok(found.await?.and_then(|(patch,)| patch))
}

/// The task that this person already launched with this key.
pub async fn find_by_request_key(ask: &mut impl Ask, creator: UserId, key: &str) -> Result<Option<Task>> {
    ask.query(COLUMNS)
        .push(" WHERE t.creator_id = $1 AND t.request_key = $2")
        .bind(creator)
        .bind(key)
        .fetch_optional()
        .await
}

/// The tasks of one repository, in the order of the filter.
pub async fn list_of_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &TaskFilter,
    page: PageRequest,
) -> Result<Vec<Task>> {
    let query = ask.query(COLUMNS).push(" WHERE t.repository_id = $1").bind(repository);
    ordered(filtered(query, filter), filter).page(page).fetch_all().await
}

pub async fn count_of_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &TaskFilter,
) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM tasks t WHERE t.repository_id = $1").bind(repository);
    filtered(query, filter).fetch_count().await
}

/// Excludes tasks in repositories that the person may no longer see.
fn seen_by(query: Query<'_>, viewer: Viewer) -> Query<'_> {
    let query = query.push(" AND EXISTS (SELECT 1 FROM repositories r WHERE r.id = t.repository_id");
    grant::visible_to(query, viewer, Part::Unit(Unit::Tasks)).push(")")
}

/// The tasks that a person launched in repositories that the viewer may see.
pub async fn list_of_creator(
    ask: &mut impl Ask,
    creator: UserId,
    viewer: Viewer,
    filter: &TaskFilter,
    page: PageRequest,
) -> Result<Vec<Task>> {
    let query = ask.query(COLUMNS).push(" WHERE t.creator_id = $1").bind(creator);
    ordered(filtered(seen_by(query, viewer), filter), filter).page(page).fetch_all().await
}

pub async fn count_of_creator(
    ask: &mut impl Ask,
    creator: UserId,
    viewer: Viewer,
    filter: &TaskFilter,
) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM tasks t WHERE t.creator_id = $1").bind(creator);
    filtered(seen_by(query, viewer), filter).fetch_count().await
}

/// The tasks in repositories that the viewer may see, newest first.
pub async fn list_visible(
    ask: &mut impl Ask,
    viewer: Viewer,
    filter: &TaskFilter,
    page: PageRequest,
) -> Result<Vec<Task>> {
    let query = ask.query(COLUMNS).push(" WHERE t.id > $1").bind(TaskId(0));
    filtered(seen_by(query, viewer), filter).push(" ORDER BY t.id DESC").page(page).fetch_all().await
}

/// How many there are, counted up to [`MOST_COUNTED`].
pub async fn count_visible(ask: &mut impl Ask, viewer: Viewer, filter: &TaskFilter) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM (SELECT t.id FROM tasks t WHERE t.id > $1").bind(TaskId(0));
    let query = filtered(seen_by(query, viewer), filter).push(" LIMIT ").push_bind(MOST_COUNTED);
    query.push(") AS visible").fetch_count().await
}

/// Tasks of the whole site that a list counts: nobody turns so many pages.
const MOST_COUNTED: i64 = 10_000;

/// All tasks of the site, newest first: for administrators.
pub async fn list_all(ask: &mut impl Ask, filter: &TaskFilter, page: PageRequest) -> Result<Vec<Task>> {
    let query = ask.query(COLUMNS).push(" WHERE t.id > $1").bind(TaskId(0));
    ordered(filtered(query, filter), filter).page(page).fetch_all().await
}

/// Tasks that hold slots.
pub async fn list_holding(ask: &mut impl Ask) -> Result<Vec<Task>> {
    let states = TaskState::ALL.iter().copied().filter(|state| state.holds_resources());
    ask.query(COLUMNS).push(" WHERE t.state").is_one_of(states).push(" ORDER BY t.id").fetch_all().await
}

/// Moves a task from one state to another, or changes the reason within a state. `false`: it was no longer in
/// `from`.
pub async fn transition(
    writer: &mut Writer,
    id: TaskId,
    from: TaskState,
    to: TaskState,
    reason: Reason,
    now: Timestamp,
) -> Result<bool> {
    writer.changed(Change::Task(id));
    let started = matches!(to, TaskState::Running).then_some(now);
    let ended = to.is_terminal().then_some(now);
    let touched = writer
        .query(
            "UPDATE tasks SET state = $3, reason = $4, updated_at = $5, started_at = COALESCE(started_at, $6), \
             ended_at = COALESCE(ended_at, $7) WHERE id = $1 AND state = $2",
        )
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(reason)
        .bind(now)
        .bind(started)
        .bind(ended)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Takes a waiting task out of the queue and returns the number of its new attempt. `None`: it is no longer
/// waiting.
pub async fn admit(writer: &mut Writer, id: TaskId, now: Timestamp) -> Result<Option<i64>> {
    writer.changed(Change::Task(id));
    let row: Option<(i64,)> = writer
        .query(
            "UPDATE tasks SET state = $2, reason = $3, attempts = attempts + 1, updated_at = $4 \
             WHERE id = $1 AND state = $5 RETURNING attempts",
        )
        .bind(id)
        .bind(TaskState::Creating)
        .bind(Reason::StageStart)
        .bind(now)
        .bind(TaskState::Waiting)
        .fetch_optional()
        .await?;
    Ok(row.map(|(number,)| number))
}

/// Puts a preempted task back into the queue, at its old place. `false`: it was no longer in `from`.
pub async fn requeue(
    writer: &mut Writer,
    id: TaskId,
    from: TaskState,
    reason: Reason,
    now: Timestamp,
) -> Result<bool> {
    writer.changed(Change::Task(id));
    let touched = writer
        .query(
            "UPDATE tasks SET state = $3, reason = $4, updated_at = $5, stop_requested_by = NULL, \
             stop_requested_at = NULL, stop_reason = NULL WHERE id = $1 AND state = $2",
        )
        .bind(id)
        .bind(from)
        .bind(TaskState::Waiting)
        .bind(reason)
        .bind(now)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Asks a task to stop for preemption. `false`: it is already stopping, or holds no resources.
pub async fn preempt(writer: &mut Writer, id: TaskId, now: Timestamp) -> Result<bool> {
    writer.changed(Change::Task(id));
    let touched = writer
        .query(
            "UPDATE tasks SET stop_reason = $2, stop_requested_at = $3, preempted_at = $3, updated_at = $3 \
             WHERE id = $1 AND stop_requested_at IS NULL AND state",
        )
        .bind(id)
        .bind(Reason::Preempted)
        .bind(now)
        .is_one_of(TaskState::ALL.iter().copied().filter(|state| state.holds_resources()))
        .execute()
        .await?;
    Ok(touched == 1)
}

/// The resources that a task requests through its spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRequest {
    pub spec_code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    pub card_memory_bytes: i64,
    pub cpus: i64,
    pub memory_bytes: i64,
}

/// Changes the resources that a waiting task requests; it keeps its place. `false`: it is no longer waiting.
pub async fn change_resources(
    writer: &mut Writer,
    id: TaskId,
    request: &ResourceRequest,
    now: Timestamp,
) -> Result<bool> {
    writer.changed(Change::Task(id));
    let touched = writer
        .query(
            "UPDATE tasks SET spec_code = $3, accelerator = $4, cards = $5, card_memory_bytes = $6, cpus = $7, \
             memory_bytes = $8, updated_at = $9 WHERE id = $1 AND state = $2",
        )
        .bind(id)
        .bind(TaskState::Waiting)
        .bind(request.spec_code.clone())
        .bind(request.accelerator.clone())
        .bind(request.cards)
        .bind(request.card_memory_bytes)
        .bind(request.cpus)
        .bind(request.memory_bytes)
        .bind(now)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// Changes the priority of a waiting task. `false`: it is no longer waiting.
pub async fn set_priority(writer: &mut Writer, id: TaskId, priority: i64, now: Timestamp) -> Result<bool> {
    writer.changed(Change::Task(id));
    let touched = writer
        .query("UPDATE tasks SET priority = $3, updated_at = $4 WHERE id = $1 AND state = $2")
        .bind(id)
        .bind(TaskState::Waiting)
        .bind(priority)
        .bind(now)
        .execute()
        .await?;
    Ok(touched == 1)
}

/// How many tasks of at least this priority are waiting.
pub async fn count_waiting(ask: &mut impl Ask, priority: i64) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM tasks t WHERE t.state = $1 AND t.priority >= $2")
        .bind(TaskState::Waiting)
        .bind(priority)
        .fetch_count()
        .await
}

/// Records a request to stop a task. The first request is kept, unless it was only for preemption.
pub async fn request_stop(
    writer: &mut Writer,
    id: TaskId,
    by: Option<UserId>,
    reason: Reason,
    now: Timestamp,
) -> Result<()> {
    writer.changed(Change::Task(id));
    writer
        .query(
            "UPDATE tasks SET stop_requested_by = $2, stop_reason = $3, stop_requested_at = $4, updated_at = $4 \
             WHERE id = $1 AND (stop_requested_at IS NULL OR stop_reason = $5)",
        )
        .bind(id)
        .bind(by)
        .bind(reason)
        .bind(now)
        .bind(Reason::Preempted)
        .execute()
        .await?;
    Ok(())
}

pub async fn delete(writer: &mut Writer, id: TaskId) -> Result<()> {
    delete_all(writer, &[id]).await
}

/// Deletes tasks with everything that belongs to them.
pub async fn delete_all(writer: &mut Writer, ids: &[TaskId]) -> Result<()> {
    for id in ids {
        writer.changed(Change::Task(*id));
    }
    writer.query("DELETE FROM tasks WHERE id").is_any_of(ids).execute().await?;
    Ok(())
}

/// The existing ones among these tasks, in no order.
pub async fn filter_existing(ask: &mut impl Ask, ids: &[TaskId]) -> Result<Vec<TaskId>> {
    let found: Vec<(TaskId,)> = ask.query("SELECT id FROM tasks WHERE id").is_any_of(ids).fetch_all().await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The next `most` tasks after `after` that have a sealed record.
pub async fn list_recorded_after(ask: &mut impl Ask, after: TaskId, most: u32) -> Result<Vec<TaskId>> {
    let rows: Vec<(TaskId,)> = ask
        .query(
            "SELECT DISTINCT task_id FROM attempts WHERE sealed_at IS NOT NULL AND task_id > $1 ORDER BY task_id LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(most))
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
