//! Out of the queue: the attempt's row first, then the engine. A stop in between leaves a row without a handle, which is
//! started again; the engine knows an attempt by its name, so nothing starts twice.

use std::{collections::BTreeMap, sync::Arc};

use data_encoding::HEXLOWER;
use hearth_core::{Error, Reason, Result, TaskState};
use hearth_runner::{
    Error as RunnerError, Secret, TaskSpec,
    engine::{AgentLaunch, Engine, Placement},
    spec::{self, Code, Node, Resources},
};
use hearth_store::{
    attempt as row,
    attempt::{Attempt, NewAttempt},
    image::{self, Image},
    repository::{self, Repository},
    spec as spec_row, task as task_row,
    task::Task,
    task_event::Facts,
};

use crate::{
    App, Change, attempt, queue,
    queue::{Place, Verdict},
    record, task,
};

/// Processes and threads of one task.
const PROCESSES: u32 = 4096;
const MOST_OUTPUT_FILES: u64 = 20_000;

/// Starts everything that fits, in the order of the queue, and notes why the rest waits.
pub(super) async fn admit(app: &App) -> Result<()> {
    let outlook = queue::outlook(app).await?;
    if outlook.waiting.is_empty() {
        return Ok(());
    }
    let verdicts = queue::plan(&outlook.machines, &outlook.waiting);
    for (task, (verdict, _)) in outlook.waiting.iter().zip(verdicts) {
        match verdict {
            Verdict::Start(place) => bind(app, task, &place).await?,
            Verdict::Wait(reason) if reason != task.reason => note_reason(app, task, reason).await?,
            Verdict::Wait(_) => {}
        }
    }
    Ok(())
}

async fn note_reason(app: &App, waiting: &Task, reason: Reason) -> Result<()> {
    let mut writer = app.store().write().await?;
    let waits = TaskState::Waiting;
    let is_noted = task_row::transition(&mut writer, waiting.id, waits, waits, reason, app.now()).await?;
    writer.commit().await?;
    if is_noted {
        app.live().tell(Change::Task(waiting.id));
    }
    Ok(())
}

/// Makes the attempt of a task whose turn it is, and hands it to its engine.
async fn bind(app: &App, waiting: &Task, place: &Place) -> Result<()> {
    let now = app.now();
    let mut reader = app.store().read().await?;
    let repository = repository::find(&mut reader, waiting.repository_id).await?;
    let image = image::find_by_code(&mut reader, &waiting.image_code).await?;
    let shelf = spec_row::find_by_code(&mut reader, &waiting.spec_code).await?;
    drop(reader);
    let (Some(repository), Some(image)) = (repository, image.filter(|image| image.is_available)) else {
        return fail_creation(app, waiting, Reason::ImageMissing).await;
    };
    let shared_memory_bytes = shelf.map_or(waiting.memory_bytes / 2, |spec| spec.shared_memory_bytes);
    let number = u32::try_from(waiting.attempts + 1).map_err(Error::internal)?;
    let spec = spec_for(app, waiting, number, &repository, &image, place, shared_memory_bytes)?;
    let token = new_token(app);
    let mut writer = app.store().write().await?;
    let Some(counted) = task_row::admit(&mut writer, waiting.id, now).await? else { return Ok(()) };
    if counted != i64::from(number) {
        return Ok(());
    }
    let new = NewAttempt {
        task_id: waiting.id,
        number: counted,
        engine: place.engine.clone(),
        machine: place.machine.clone(),
        spec: serde_json::to_value(&spec).map_err(Error::internal)?,
        token_hash: attempt::token_hash(&token),
        created_at: now,
    };
    let id = row::insert(&mut writer, &new).await?;
    let admitted = Task { state: TaskState::Creating, attempts: counted, ..waiting.clone() };
    let facts = Facts::from([
        ("engine".to_owned(), place.engine.clone()),
        ("machine".to_owned(), place.machine.clone()),
        ("attempt".to_owned(), counted.to_string()),
    ]);
    let step = task::Step { reason: Reason::StageStart, source: "queue", facts, at: now };
    task::advance(&mut writer, &admitted, TaskState::Creating, step).await?;
    let made = row::find(&mut writer, waiting.id, counted).await?;
    writer.commit().await?;
    app.live().tell(Change::Task(waiting.id));
    let made = made.filter(|made| made.id == id).ok_or_else(|| Error::internal("an attempt vanished"))?;
    hand_over(app, &made, spec, token).await
}

/// Starts an attempt that no engine has taken: after a stop between row and engine, or after an engine that was away.
pub(super) async fn hand_over_again(app: &App, made: &Attempt) -> Result<()> {
    let spec = attempt::spec_of(made)?;
    let token = new_token(app);
    let mut writer = app.store().write().await?;
    row::set_token_hash(&mut writer, made.id, &attempt::token_hash(&token)).await?;
    writer.commit().await?;
    hand_over(app, made, spec, token).await
}

async fn hand_over(app: &App, made: &Attempt, spec: TaskSpec, token: String) -> Result<()> {
    let record = record::open(app, made.task_id, made.number)?;
    let mut reader = app.store().read().await?;
    let patch = task_row::find(&mut reader, made.task_id).await?.and_then(|task| task.patch);
    drop(reader);
    if let Some(patch) = patch {
        record.write_patch(patch.as_bytes()).map_err(record::meaning)?;
    }
    let Some(engine) = engine_of(app, &made.engine) else {
        let detail = format!("there is no engine {:?}", made.engine);
        attempt::lose(app, made, Reason::PlatformFault, &detail).await?;
        return Ok(());
    };
    let server = app.agent_urls().root().parse().map_err(Error::internal)?;
    let owner = spec.code.repository.split('/').next().unwrap_or_default().to_owned();
    let placement = Placement { owner, machines: vec![made.machine.clone()], ..Placement::default() };
    match engine.start(AgentLaunch { spec, server, token: Secret::new(token), placement }).await {
        Ok(handle) => {
            let mut writer = app.store().write().await?;
            row::set_handle(&mut writer, made.id, &handle.0).await?;
            writer.commit().await?;
            Ok(())
        }
        // The tick tries again.
        Err(RunnerError::Unreachable(detail)) => {
            tracing::warn!(task.id = %made.task_id, engine.name = made.engine, detail, "the engine is away");
            Ok(())
        }
        Err(RunnerError::SandboxRefused(detail)) => {
            attempt::lose(app, made, Reason::SandboxRefused, &detail).await?;
            Ok(())
        }
        Err(RunnerError::Refused(detail)) => {
            attempt::lose(app, made, Reason::QueueClusterRefused, &detail).await?;
            Ok(())
        }
        Err(error) => {
            tracing::error!(task.id = %made.task_id, error = &error as &dyn std::error::Error, "an attempt cannot be started");
            attempt::lose(app, made, Reason::PlatformFault, &error.to_string()).await?;
            Ok(())
        }
    }
}

pub(super) fn engine_of<'a>(app: &'a App, name: &str) -> Option<&'a Arc<dyn Engine>> {
    app.engines().iter().find(|engine| engine.name() == name)
}

async fn fail_creation(app: &App, waiting: &Task, reason: Reason) -> Result<()> {
    let mut writer = app.store().write().await?;
    let step = task::Step { reason, source: "queue", facts: Facts::new(), at: app.now() };
    task::advance(&mut writer, waiting, TaskState::CreatedFailed, step).await?;
    writer.commit().await?;
    app.live().tell(Change::Task(waiting.id));
    Ok(())
}

/// 256 random bits.
fn new_token(app: &App) -> String {
    let mut bytes = [0; 32];
    app.chance().fill(&mut bytes);
    HEXLOWER.encode(&bytes)
}

fn spec_for(
    app: &App,
    task: &Task,
    attempt: u32,
    repository: &Repository,
    image: &Image,
    place: &Place,
    shared_memory_bytes: i64,
) -> Result<TaskSpec> {
    let limits = app.limits();
    let unsigned = |number: i64| u64::try_from(number).map_err(Error::internal);
    let python = image.interpreter.clone().unwrap_or_else(|| "python3".to_owned());
    let spec = TaskSpec {
        task: task.id,
        attempt,
        kind: task.kind,
        code: Code {
            repository: format!("{}/{}", repository.owner, repository.name),
            commit: task.commit_id.clone(),
            patch_sha256: task.patch.as_deref().map(attempt::token_hash),
        },
        boot_file: task.boot_file.clone(),
        parameters: task
            .parameters
            .0
            .iter()
            .map(|given| spec::Parameter { name: given.name.clone(), value: given.value.clone() })
            .collect(),
        image: spec::Image {
            label: image.label.clone(),
            reference: image.reference.clone(),
            digest: image.digest.clone(),
            python,
        },
        resources: Resources {
            cpus: u32::try_from(task.cpus).map_err(Error::internal)?,
            memory_bytes: unsigned(task.memory_bytes)?,
            shared_memory_bytes: unsigned(shared_memory_bytes)?,
            processes: PROCESSES,
            accelerators: place.cards.clone(),
        },
        limits: spec::Limits {
            time_seconds: task.time_limit_seconds.map(unsigned).transpose()?,
            stop_grace_seconds: attempt::GRACE_SECONDS,
            output_bytes: limits.task_output_bytes,
            output_files: MOST_OUTPUT_FILES,
            log_bytes: limits.task_log_bytes,
        },
        network: task.has_network,
        inputs: Vec::new(),
        environment: BTreeMap::new(),
        secrets: BTreeMap::new(),
        node: Node::SINGLE,
        seed: task.seed,
        resume: false,
    };
    spec.validate().map_err(Error::internal)?;
    Ok(spec)
}
