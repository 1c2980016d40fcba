//! Computing tasks: launching them, finding them, stopping them, running them again.

mod check;
mod choices;
mod launch;
mod pin;
mod rerun;
mod transitions;
mod values;

use std::collections::{HashMap, hash_map::Entry};

use hearth_core::{
    Conflict, Error, Kind, Page, PageRequest, Permission, Read, Reason, RepositoryId, Result, Scope, TaskId,
    TaskState, Write,
    event::{self, Subject},
};
use hearth_store::{
    Meaning as _, attempt, attempt_node,
    repository::{self as repository_row, Repository},
    task as row, task_event,
    task_event::Facts,
};

pub use check::LARGEST_PATCH;
pub use choices::{Choices, OfferQuery, Offers, RequirementsOffer, choices, choices_for, offers};
pub use hearth_core::{Parameter, Program};
pub use hearth_runner::packages::{PackageSupport, PackagesOff};
pub use hearth_store::{
    attempt::Attempt,
    attempt_node::AttemptNode,
    image::Image,
    spec::Spec,
    task::{Task, TaskTexts},
    task_event::TaskEvent,
    task_filter::{Comparison, TaskFilter, TaskOrder, ValueCondition, ValueKind},
    task_value::{TaskMetric, TaskParameter},
};
pub(crate) use launch::{MOST_PRIORITY, launch_retraining, launch_with_priority};
pub use launch::{NewTask, check_launch, launch};
pub use rerun::{BranchTip, CodeChoice, CommitTitle, RerunCode, clone_of, rerun, rerun_code};
pub(crate) use transitions::{Step, admit, set_state_or_reason, transition};
pub use values::{TaskValues, values_of};

use crate::{Access, Actor, App, Operation, Unit, access, repository, retraining, undelivered_outputs};

/// A task, with the proof that its actor may see it.
#[derive(Clone, Debug)]
pub struct TaskAccess {
    task: Task,
    access: Access<Read>,
}

impl TaskAccess {
    pub const fn task(&self) -> &Task {
        &self.task
    }

    pub const fn id(&self) -> TaskId {
        self.task.id
    }

    /// The repository its code comes from.
    pub const fn repository(&self) -> &Repository {
        self.access.repository()
    }

    pub const fn access(&self) -> &Access<Read> {
        &self.access
    }

    /// Whether to show the buttons that change it.
    pub fn can_change(&self) -> bool {
        self.access.can(Permission::Write)
    }

    pub(crate) fn write(&self) -> Result<Access<Write>> {
        self.access.write()
    }
}

/// Finds a task by the number in its URL. One in a repository that the actor may not see is `NotFound`.
pub async fn find(app: &App, actor: &Actor, id: TaskId) -> Result<TaskAccess> {
    let mut reader = app.store().read().await?;
    let task = row::find(&mut reader, id).await?.ok_or(Error::NotFound(Kind::Task))?;
    drop(reader);
    match access::open_by_id(app, actor, Unit::Tasks, task.repository_id).await {
        Ok(access) => Ok(TaskAccess { task, access }),
        Err(Error::NotFound(_)) => Err(Error::NotFound(Kind::Task)),
        Err(other) => Err(other),
    }
}

/// The long texts of a task, which lists leave out.
pub async fn texts(app: &App, task: &TaskAccess) -> Result<TaskTexts> {
    row::texts(&mut app.store().read().await?, task.id()).await.or_not_found(Kind::Task)
}

/// The patch with unpushed changes that it was launched with.
pub async fn patch(app: &App, task: &TaskAccess) -> Result<Option<String>> {
    if !task.task().has_patch {
        return Ok(None);
    }
    Ok(row::patch(&mut app.store().read().await?, task.id()).await?)
}

/// The tasks of one repository, the newest first.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Page<Task>> {
    let mut reader = app.store().read().await?;
    let repository = access.repository().id;
    let items = row::list_of_repository(&mut reader, repository, filter, request).await?;
    Ok(Page::of(items, request, row::count_of_repository(&mut reader, repository, filter)).await?)
}

/// The newest tasks of a repository.
pub async fn list_newest(app: &App, access: &Access<Read>, most: u32) -> Result<Vec<Task>> {
    let (filter, request) = (TaskFilter::default(), PageRequest::new(1, most));
    let mut reader = app.store().read().await?;
    Ok(row::list_of_repository(&mut reader, access.repository().id, &filter, request).await?)
}

/// The number of waiting and running tasks of a repository: shown in its tab.
pub async fn count_active(app: &App, access: &Access<Read>) -> Result<u64> {
    let filter = TaskFilter { states: active_states(), ..TaskFilter::default() };
    let mut reader = app.store().read().await?;
    Ok(row::count_of_repository(&mut reader, access.repository().id, &filter).await?)
}

/// The tasks that the actor launched in repositories they may still see, newest first.
pub async fn list_mine(
    app: &App,
    actor: &Actor,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Vec<Task>> {
    actor.require(Scope::ReadTask)?;
    let mut reader = app.store().read().await?;
    let viewer = repository::viewer(actor);
    Ok(row::list_of_creator(&mut reader, actor.signed_in()?.id, viewer, filter, request).await?)
}

/// Like [`list_mine`], with the total.
pub async fn page_mine(
    app: &App,
    actor: &Actor,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Page<Task>> {
    let items = list_mine(app, actor, filter, request).await?;
    let mut reader = app.store().read().await?;
    let viewer = repository::viewer(actor);
    Ok(Page::of(items, request, row::count_of_creator(&mut reader, actor.signed_in()?.id, viewer, filter))
        .await?)
}

/// Like [`page_mine`], each with the repository of its code.
pub async fn page_mine_with_repositories(
    app: &App,
    actor: &Actor,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Page<(Task, Repository)>> {
    with_repositories(app, actor, page_mine(app, actor, filter, request).await?).await
}

/// The tasks of all repositories that the actor may see, newest first, each with the repository of its code.
pub async fn page_visible_with_repositories(
    app: &App,
    actor: &Actor,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Page<(Task, Repository)>> {
    let viewer = repository::viewer(actor);
    let mut reader = app.store().read().await?;
    let items = row::list_visible(&mut reader, viewer, filter, request).await?;
    let found = Page::of(items, request, row::count_visible(&mut reader, viewer, filter)).await?;
    drop(reader);
    with_repositories(app, actor, found).await
}

async fn with_repositories(app: &App, actor: &Actor, found: Page<Task>) -> Result<Page<(Task, Repository)>> {
    let mut reader = app.store().read().await?;
    let ids: Vec<_> = found.items.iter().map(|task| task.repository_id).collect();
    // Read again with what the actor may see now, which may have changed since.
    let repositories = repository_row::find_visible(&mut reader, &ids, repository::viewer(actor)).await?;
    let find = |id| repositories.iter().find(|row| row.id == id).cloned();
    let with = |task: Task| find(task.repository_id).map(|row| (task, row));
    let items = found.items.into_iter().filter_map(with).collect();
    Ok(Page { items, total: found.total, request: found.request })
}

/// How many tasks of the actor wait or run.
pub async fn count_mine_active(app: &App, actor: &Actor) -> Result<u64> {
    actor.require(Scope::ReadTask)?;
    let filter = TaskFilter { states: active_states(), ..TaskFilter::default() };
    let mut reader = app.store().read().await?;
    let viewer = repository::viewer(actor);
    Ok(row::count_of_creator(&mut reader, actor.signed_in()?.id, viewer, &filter).await?)
}

/// Every task of the site: for administrators.
pub async fn list_all(
    app: &App,
    actor: &Actor,
    filter: &TaskFilter,
    request: PageRequest,
) -> Result<Vec<Task>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    Ok(row::list_all(&mut reader, filter, request).await?)
}

/// States of tasks that wait or run.
pub fn active_states() -> Vec<TaskState> {
    TaskState::ALL.iter().copied().filter(|state| !state.is_terminal()).collect()
}

/// Maximum steps that are read at once.
pub const MOST_STEPS: u64 = 1_000;

/// The steps of a task, oldest first, at most [`MOST_STEPS`].
pub async fn timeline(app: &App, task: &TaskAccess) -> Result<Vec<TaskEvent>> {
    Ok(history(app, task, 0, MOST_STEPS).await?.steps)
}

/// Consecutive steps of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The total number of steps.
    pub total: u64,
    /// The number of steps before these.
    pub skipped: u64,
    pub steps: Vec<TaskEvent>,
}

impl History {
    /// The number of steps up to and including the last of these.
    pub fn end(&self) -> u64 {
        self.skipped + self.steps.len() as u64
    }
}

/// `most` steps of a task after the first `skipped`.
pub async fn history(app: &App, task: &TaskAccess, skipped: u64, most: u64) -> Result<History> {
    let mut reader = app.store().read().await?;
    let total = task_event::count(&mut reader, task.id()).await?;
    let steps = task_event::list(&mut reader, task.id(), skipped, most.min(MOST_STEPS)).await?;
    Ok(History { total, skipped, steps })
}

/// The `most` steps before step `end`; `None` means the last ones.
pub async fn history_before(app: &App, task: &TaskAccess, end: Option<u64>, most: u64) -> Result<History> {
    let mut reader = app.store().read().await?;
    let total = task_event::count(&mut reader, task.id()).await?;
    let end = end.map_or(total, |end| end.min(total));
    let skipped = end.saturating_sub(most.min(MOST_STEPS));
    let steps = task_event::list(&mut reader, task.id(), skipped, end - skipped).await?;
    Ok(History { total, skipped, steps })
}

/// The steps of one attempt, and the latest ones of its task.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// The last step before the attempt; `None` for the first one, which waits from its launch on.
    pub before: Option<TaskEvent>,
    /// The steps of the attempt in order, at most [`MOST_STEPS`].
    pub of_attempt: Vec<TaskEvent>,
    /// The latest steps of the task, newest first.
    pub newest: Vec<TaskEvent>,
}

/// Enough of the latest steps to find why a task is in its state.
const NEWEST_STEPS: u64 = 50;

/// The steps of an attempt; 0 is before the first one.
pub async fn steps(app: &App, task: &TaskAccess, attempt: i64) -> Result<Steps> {
    let mut reader = app.store().read().await?;
    let before = if attempt > 1 {
        task_event::last_before_attempt(&mut reader, task.id(), attempt).await?
    } else {
        None
    };
    Ok(Steps {
        before,
        of_attempt: task_event::list_of_attempt(&mut reader, task.id(), attempt, MOST_STEPS).await?,
        newest: task_event::list_newest(&mut reader, task.id(), NEWEST_STEPS).await?,
    })
}

/// The attempts of a task, oldest first.
pub async fn attempts(app: &App, task: &TaskAccess) -> Result<Vec<Attempt>> {
    let mut reader = app.store().read().await?;
    Ok(attempt::list_of_task(&mut reader, task.id()).await?)
}

/// The machines of an attempt with several nodes, by rank; empty if it has one.
pub async fn nodes(app: &App, task: &TaskAccess, attempt: i64) -> Result<Vec<AttemptNode>> {
    if task.task.node_count < 2 {
        return Ok(Vec::new());
    }
    let mut reader = app.store().read().await?;
    let Some(found) = attempt::find(&mut reader, task.id(), attempt).await? else { return Ok(Vec::new()) };
    Ok(attempt_node::list(&mut reader, found.id).await?)
}

/// Requests that a task stop. A waiting one ends at once; a running one has a grace period to save its work.
/// Repeated or late requests change nothing.
pub async fn stop(app: &App, task: &TaskAccess) -> Result<Task> {
    let access = task.write()?;
    let person = access.writer();
    let is_foreign = person.is_admin && person.id != task.task.creator_id;
    let reason = if is_foreign { Reason::AdminStop } else { Reason::UserStop };
    let now = app.now();
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, task.id()).await?.ok_or(Error::NotFound(Kind::Task))?;
    // A request to stop overrides a preemption.
    let stops = found.stop_requested_at.is_some() && found.stop_reason != Some(Reason::Preempted);
    if found.state.is_terminal() || stops {
        return Ok(found);
    }
    row::request_stop(&mut operation, found.id, Some(person.id), reason, now).await?;
    let next = match found.state {
        TaskState::Preparing | TaskState::Waiting => TaskState::Stopped,
        _ => TaskState::Stopping,
    };
    let facts = Facts::from([("by".to_owned(), person.name.to_string())]);
    let step = Step { reason, source: "user", facts, actor: Some(person.id) };
    if !transition(&mut operation, &found, next, step).await? {
        return Err(Error::Conflict(Conflict::State));
    }
    let stopped = row::find(&mut operation, task.id()).await?.ok_or(Error::NotFound(Kind::Task))?;
    operation.commit().await?;
    Ok(stopped)
}

/// Deletes an ended task and its record. What was published from it stays.
pub async fn delete(app: &App, task: &TaskAccess) -> Result<()> {
    let access = task.write()?;
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, task.id()).await?.ok_or(Error::NotFound(Kind::Task))?;
    if !found.state.is_terminal() {
        return Err(Error::Conflict(Conflict::State));
    }
    let attempts = attempt::list_of_task(&mut operation, found.id).await?;
    record_deletion(&mut operation, &access, &found).await?;
    row::delete(&mut operation, found.id).await?;
    operation.commit().await?;
    undelivered_outputs::discard_all(app, &attempts).await;
    remove_folder(app, found.id).await
}

/// Deletes those of these tasks that have ended and that the actor may change; returns the ids of the others.
pub async fn delete_several(app: &App, actor: &Actor, ids: &[TaskId]) -> Result<Vec<TaskId>> {
    if ids.len() as u64 > app.limits().batch_items {
        return Err(Error::TooLarge(app.limits().batch()));
    }
    let mut entered: HashMap<RepositoryId, Option<Access<Write>>> = HashMap::new();
    for task in row::find_all(&mut app.store().read().await?, ids).await? {
        if let Entry::Vacant(place) = entered.entry(task.repository_id) {
            place.insert(enter_for_change(app, actor, task.repository_id).await?);
        }
    }
    let mut operation = app.begin().await?;
    let (mut gone, mut attempts) = (Vec::new(), Vec::new());
    for task in row::find_all(&mut operation, ids).await? {
        let access = entered.get(&task.repository_id).and_then(Option::as_ref);
        if let Some(access) = access.filter(|_| task.state.is_terminal()) {
            record_deletion(&mut operation, access, &task).await?;
            attempts.extend(attempt::list_of_task(&mut operation, task.id).await?);
            gone.push(task.id);
        }
    }
    row::delete_all(&mut operation, &gone).await?;
    operation.commit().await?;
    undelivered_outputs::discard_all(app, &attempts).await;
    for id in &gone {
        remove_folder(app, *id).await?;
    }
    Ok(ids.iter().filter(|id| !gone.contains(id)).copied().collect())
}

/// `None` if the actor may not change tasks, or may not see the repository.
async fn enter_for_change(app: &App, actor: &Actor, id: RepositoryId) -> Result<Option<Access<Write>>> {
    access::if_seen(access::open_by_id(app, actor, Unit::Tasks, id).await.and_then(|access| access.write()))
}

/// Records a deletion before it is made.
async fn record_deletion(operation: &mut Operation, access: &Access<Write>, task: &Task) -> Result<()> {
    retraining::note(operation, task.id).await?;
    let deleted = event::TaskEvent::Deleted { task: task.id, name: task.name.clone() };
    operation.record_in(access, Subject::Task(task.id), deleted).await?;
    Ok(())
}

async fn remove_folder(app: &App, id: TaskId) -> Result<()> {
    let folder = app.tasks_directory().join(id.to_string());
    match tokio::fs::remove_dir_all(&folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::internal(error)),
        _ => Ok(()),
    }
}
