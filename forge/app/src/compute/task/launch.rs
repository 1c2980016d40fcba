//! Launching a task: everything is checked and pinned before a row is inserted.

use std::sync::Arc;

use hearth_core::{
    Action, Conflict, Dependency, EngineState, Error, FieldErrors, Permission, Quota, Result, Scope,
    TaskDefinition, TaskId, TaskKind, TaskState, Unit, Write,
    event::{Subject, TaskEvent},
};
use hearth_runner::engine::Engine;
use hearth_store::{
    Error as StoreError, Meaning as _, image as image_row,
    image::Image,
    repository::Viewer,
    retraining::{self as retraining_row, NewRetrainingRun},
    spec as spec_row,
    spec::Spec,
    task as row,
    task_event::{self, NewTaskEvent},
    task_link::{self, Direction, NewTaskLink},
};

use super::{
    Program, Task, TaskFilter, active_states,
    check::{self, check},
    pin::pin,
};
use crate::{Access, App, Operation, queue, retraining};

/// A request to launch a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTask {
    /// `None` means train.
    pub kind: Option<TaskKind>,
    /// Empty means the name of the file or of the command.
    pub name: String,
    pub description: String,
    /// A branch, a tag or a commit; empty means the default branch.
    pub revision: String,
    /// The file of a script must exist at that revision, and end in `.py`.
    pub program: Program,
    /// An image's code; empty means the first usable one.
    pub image: String,
    /// A spec's code; empty means the smallest one.
    pub spec: String,
    /// Number of machines that it runs on at once; 0 means one.
    pub nodes: u32,
    /// Usually 0. Lower yields to others; only administrators may set it higher.
    pub priority: i64,
    /// `None` means the most that the site allows.
    pub time_limit_seconds: Option<u64>,
    pub network: bool,
    /// Starts without installing the packages of `requirements.txt`.
    pub skip_requirements: bool,
    /// Unpushed changes, as `git diff` writes them.
    pub patch: Option<String>,
    pub seed: Option<i64>,
    /// The task this one repeats or changes.
    pub parent: Option<TaskId>,
    /// Launches with the same key create one task.
    pub request_key: Option<String>,
}

impl NewTask {
    /// A script without parameters, and defaults for everything else.
    pub fn script(file: &str) -> Self {
        Self { program: Program::script(file, Vec::new()), ..Self::default() }
    }

    /// What it does, without the code that it does it with.
    pub(crate) fn definition(&self) -> TaskDefinition {
        TaskDefinition {
            kind: self.kind,
            program: self.program.clone(),
            image: self.image.clone(),
            spec: self.spec.clone(),
            nodes: self.nodes,
            time_limit_seconds: self.time_limit_seconds,
            network: self.network,
            skip_requirements: self.skip_requirements,
            seed: self.seed,
        }
    }
}

/// The limit for users' tasks, in both directions; tasks of the server itself may be lower.
pub(crate) const MOST_PRIORITY: i64 = 100;
/// The engine of this machine, which refuses tasks if it has no sandbox, unless the operator allows that.
const LOCAL: &str = "local";

/// Validates, pins and queues a task. The same request key again returns the task that it created.
pub async fn launch(app: &App, access: &Access<Write>, new: NewTask) -> Result<Task> {
    let terms = Terms::of(&new, access);
    launch_within(app, access, new, terms).await
}

/// Like [`launch`], because a rule for a branch asks for it; refused if the rule does not any more, or if the same run is
/// under way.
pub(crate) async fn launch_retraining(
    app: &App,
    access: &Access<Write>,
    new: NewTask,
    run: NewRetrainingRun,
) -> Result<Task> {
    let terms = Terms { cause: Cause::Asked(run), ..Terms::of(&new, access) };
    launch_within(app, access, new, terms).await
}

/// Like [`launch`], without limits on the priority.
pub(crate) async fn launch_with_priority(
    app: &App,
    access: &Access<Write>,
    new: NewTask,
    priority: i64,
) -> Result<Task> {
    launch_within(app, access, new, Terms { priority, most_priority: None, cause: Cause::Own }).await
}

/// Reports everything that would prevent this launch, and launches nothing.
pub async fn check_launch(app: &App, access: &Access<Write>, new: &NewTask) -> Result<()> {
    check_code(access)?;
    can_run_more(app)?;
    examine(app, access, new, Some(most_priority(access))).await.map(drop)
}

/// The most priority that the creator may give.
fn most_priority(access: &Access<Write>) -> i64 {
    if access.writer().is_admin { MOST_PRIORITY } else { 0 }
}

/// What a launch is allowed, and why it is made.
struct Terms {
    priority: i64,
    /// `None`: no limit.
    most_priority: Option<i64>,
    cause: Cause,
}

/// Why a task is launched.
enum Cause {
    /// Somebody wants it.
    Own,
    /// A rule for a branch asks for it; refused if it does not any more.
    Asked(NewRetrainingRun),
    /// Somebody repeats, unchanged, what a rule asked for: it counts if the rule still asks for it.
    Repeated(NewRetrainingRun),
}

impl Terms {
    fn of(new: &NewTask, access: &Access<Write>) -> Self {
        Self { priority: new.priority, most_priority: Some(most_priority(access)), cause: Cause::Own }
    }
}

async fn launch_within(app: &App, access: &Access<Write>, new: NewTask, terms: Terms) -> Result<Task> {
    check_code(access)?;
    let creator = access.writer();
    if let Some(key) = &new.request_key {
        let mut reader = app.store().read().await?;
        if let Some(task) = row::find_by_request_key(&mut reader, creator.id, key).await? {
            return Ok(task);
        }
    }
    can_run_more(app)?;
    let Pinning { commit, image, spec } = examine(app, access, &new, terms.most_priority).await?;
    let cause = match terms.cause {
        Cause::Own => match retraining::repeated(app, &new, &commit).await? {
            Some(run) => Cause::Repeated(run),
            None => Cause::Own,
        },
        asked => asked,
    };
    let row = to_row(app, access, new, commit, &image, &spec);
    store(app, access, row::NewTask { priority: terms.priority, ..row }, cause).await
}

/// Fails if no task can be launched now, whatever it is.
fn can_run_more(app: &App) -> Result<()> {
    can_run(app)?;
    app.disk().check_room_for(0)
}

/// What a valid task is pinned to.
struct Pinning {
    commit: String,
    image: Image,
    spec: Spec,
}

/// Validates a task and pins it; all errors in its fields are reported together.
async fn examine(
    app: &App,
    access: &Access<Write>,
    new: &NewTask,
    most_priority: Option<i64>,
) -> Result<Pinning> {
    let mut errors = FieldErrors::default();
    match most_priority {
        Some(most) if new.priority > most => errors.add("priority", "too-large"),
        Some(_) if new.priority < -MOST_PRIORITY => errors.add("priority", "too-small"),
        _ => {}
    }
    check(new, app.limits(), &mut errors)?;
    check_parent(app, access, new, &mut errors).await?;
    let commit = pin(app, access, new, &mut errors).await?;
    let mut reader = app.store().read().await?;
    let image = choose_image(image_row::list_usable(&mut reader).await?, &new.image, &mut errors);
    let spec = choose_spec(spec_row::list_on_shelf(&mut reader).await?, &new.spec, &mut errors);
    drop(reader);
    if let (Some(image), Some(spec)) = (&image, &spec)
        && let Some((field, code)) = clash(app, access, new, image, spec).await?
    {
        errors.add(field, code);
    }
    errors.into_result()?;
    let (Some(commit), Some(image), Some(spec)) = (commit, image, spec) else {
        return Err(Error::internal("a task without a pin had no field error"));
    };
    Ok(Pinning { commit, image, spec })
}

/// A task shows the code that it runs: whoever launches one may read it, and so may their token where the
/// repository is private.
pub(super) fn check_code<Level>(access: &Access<Level>) -> Result<()> {
    if !access.can_in(Unit::Code, Permission::Read) {
        return Err(Error::Forbidden(Action::Read));
    }
    if access.repository().visibility.is_private() {
        access.actor().require(Scope::ReadRepository)?;
    }
    Ok(())
}

/// The parent task must be visible to the creator.
async fn check_parent(
    app: &App,
    access: &Access<Write>,
    new: &NewTask,
    errors: &mut FieldErrors,
) -> Result<()> {
    let Some(parent) = new.parent else { return Ok(()) };
    match super::find(app, access.actor(), parent).await {
        Ok(_) => {}
        Err(Error::NotFound(_)) => errors.add("parent_id", "unknown-task"),
        Err(other) => return Err(other),
    }
    Ok(())
}

/// Why this image and this spec can never run together here, as a form field error.
async fn clash(
    app: &App,
    access: &Access<Write>,
    new: &NewTask,
    image: &Image,
    spec: &Spec,
) -> Result<Option<(&'static str, &'static str)>> {
    let (owner, kind) = (access.repository().owner_id, new.kind.unwrap_or(TaskKind::Train));
    let nodes = i64::from(new.nodes.max(1));
    let never = queue::permanent_obstacle(app, owner, kind, &image.code, spec, nodes).await?;
    Ok(never.map(|obstacle| obstacle.field_error()))
}

/// Fails if no task can run here at all, so that none waits in vain.
fn can_run(app: &App) -> Result<()> {
    let is_usable = |engine: &Arc<dyn Engine>| engine.health().state != EngineState::BadConfiguration;
    match app.engines() {
        engines if engines.iter().any(is_usable) => Ok(()),
        [only] if only.name() == LOCAL => Err(Error::Forbidden(Action::RunUnsandboxed)),
        _ => Err(Error::Unavailable(Dependency::Engine)),
    }
}

pub(super) fn or_default(revision: &str, default: &str) -> String {
    if revision.is_empty() { default.to_owned() } else { revision.to_owned() }
}

/// The default name of a task: its file without folder and extension, or the program of its command.
fn name_of(program: &Program) -> String {
    let label = program.label();
    let named = program.file().unwrap_or_else(|| label.split_whitespace().next().unwrap_or_default());
    let stem = named.rsplit('/').next().unwrap_or_default().trim_end_matches(".py");
    let letters = stem.chars().filter(|letter| check::is_name_letter(*letter));
    let name: String = letters.take(check::LONGEST_NAME).collect();
    if name.is_empty() { program.kind().to_string() } else { name }
}

fn choose_image(usable: Vec<Image>, code: &str, errors: &mut FieldErrors) -> Option<Image> {
    let found = usable.into_iter().find(|image| code.is_empty() || image.code == code);
    if found.is_none() {
        errors.add("image", "unknown-choice");
    }
    found
}

fn choose_spec(on_shelf: Vec<Spec>, code: &str, errors: &mut FieldErrors) -> Option<Spec> {
    let found = on_shelf.into_iter().find(|spec| code.is_empty() || spec.code == code);
    if found.is_none() {
        errors.add("spec", "unknown-choice");
    }
    found
}

fn to_row(
    app: &App,
    access: &Access<Write>,
    new: NewTask,
    commit_id: String,
    image: &Image,
    spec: &Spec,
) -> row::NewTask {
    let name = if new.name.trim().is_empty() { name_of(&new.program) } else { new.name.trim().to_owned() };
    let seconds = new.time_limit_seconds.unwrap_or(app.limits().task_seconds);
    row::NewTask {
        repository_id: access.repository().id,
        creator_id: access.writer().id,
        kind: new.kind.unwrap_or(TaskKind::Train),
        name,
        description: new.description,
        priority: 0,
        revision: or_default(&new.revision, &access.repository().default_branch),
        commit_id,
        patch: new.patch.filter(|patch| !patch.is_empty()),
        program: new.program,
        image_code: image.code.clone(),
        spec_code: spec.code.clone(),
        accelerator: spec.accelerator.clone(),
        cards: spec.cards,
        cpus: spec.cpus,
        memory_bytes: spec.memory_bytes,
        card_memory_bytes: spec.card_memory_bytes,
        node_count: i64::from(new.nodes.max(1)),
        has_network: new.network,
        installs_requirements: !new.skip_requirements,
        time_limit_seconds: i64::try_from(seconds).ok(),
        seed: new.seed,
        request_key: new.request_key,
        parent_id: new.parent,
        created_at: app.now(),
    }
}

/// Inserts the task, its first step, the link to its code and the event, in one transaction.
async fn store(app: &App, access: &Access<Write>, new: row::NewTask, cause: Cause) -> Result<Task> {
    // Read before the transaction begins: concurrent launches wait for it.
    let past = queue::past_waits(&mut app.store().read().await?, &new.spec_code).await?;
    let mut operation = app.begin().await?;
    let mine = TaskFilter { states: active_states(), ..TaskFilter::default() };
    let used = row::count_of_creator(&mut operation, new.creator_id, Viewer::Administrator, &mine).await?;
    let most = app.limits().active_tasks;
    if used >= most {
        return Err(Error::QuotaSpent(Quota { name: "active-tasks", used, most }));
    }
    let run = claimed(&mut operation, &new, cause).await?;
    let id = match row::insert(&mut operation, &new).await {
        // The same request arrived twice concurrently.
        Err(StoreError::Taken) => return same_request(app, operation, &new).await,
        // The parent task was removed meanwhile.
        Err(StoreError::Dangling) => return Err(Error::field("parent_id", "unknown-task")),
        other => other.on_taken(Conflict::State)?,
    };
    let step = NewTaskEvent {
        task_id: id,
        attempt_number: 0,
        state: TaskState::Waiting,
        reason: hearth_core::Reason::Submitted,
        source: "user",
        data: [("by".to_owned(), access.writer().name.to_string())].into(),
        created_at: new.created_at,
    };
    task_event::insert(&mut operation, &step).await?;
    let link = NewTaskLink {
        task_id: id,
        direction: Direction::Input,
        repository_id: new.repository_id,
        commit_id: new.commit_id.clone(),
        version: None,
        created_at: new.created_at,
    };
    task_link::insert(&mut operation, &link).await?;
    let launched = TaskEvent::Launched { task: id, name: new.name.clone(), kind: new.kind };
    operation.record_in(access, Subject::Task(id), launched).await?;
    if let Some(run) = &run {
        retraining_row::insert(&mut operation, id, run).await?;
        retraining::note(&mut operation, id).await?;
    }
    let place = row::count_waiting(&mut operation, new.priority).await?;
    queue::keep_forecast(&mut operation, id, &new.spec_code, &past, place, new.created_at).await?;
    let task = row::find(&mut operation, id).await?.ok_or_else(|| Error::internal("a task vanished"))?;
    operation.commit().await?;
    Ok(task)
}

/// The run that the task is, if a rule for a branch still asks for it.
async fn claimed(
    operation: &mut Operation,
    new: &row::NewTask,
    cause: Cause,
) -> Result<Option<NewRetrainingRun>> {
    let (run, is_repeated) = match cause {
        Cause::Own => return Ok(None),
        Cause::Asked(run) => (run, false),
        Cause::Repeated(run) => (run, true),
    };
    match retraining::claim(operation, (new.repository_id, &new.commit_id), &run).await {
        Ok(()) => Ok(Some(run)),
        Err(Error::NotFound(_) | Error::Conflict(_)) if is_repeated => Ok(None),
        Err(other) => Err(other),
    }
}

async fn same_request(app: &App, operation: Operation, new: &row::NewTask) -> Result<Task> {
    drop(operation);
    let key = new.request_key.as_deref().unwrap_or_default();
    let mut reader = app.store().read().await?;
    row::find_by_request_key(&mut reader, new.creator_id, key).await?.ok_or(Error::Conflict(Conflict::State))
}
