//! The shapes of tasks: rows, with addresses and without what is nobody's business.

use std::collections::BTreeMap;

use hearth_app::{
    App, metrics, output,
    queue::QueuePlace,
    task::{self, TaskAccess, TaskEvent},
};
use hearth_core::urls;
use serde::Serialize;
use utoipa::ToSchema;

/// A computing task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    id: i64,
    kind: &'static str,
    name: String,
    description: String,
    /// `WAITING`, `RUNNING`, `SUCCEEDED`, …
    state: &'static str,
    /// Why it is in this state.
    reason: &'static str,
    creator: String,
    /// What was chosen, and the commit that it was pinned to.
    #[serde(rename = "ref")]
    revision: String,
    commit: String,
    has_patch: bool,
    boot_file: String,
    parameters: Vec<Parameter>,
    image: String,
    spec: String,
    cpus: i64,
    memory_bytes: i64,
    cards: i64,
    accelerator: Option<String>,
    network: bool,
    time_limit_seconds: Option<i64>,
    seed: Option<i64>,
    parent_id: Option<i64>,
    attempts: i64,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// Its page.
    html_url: String,
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Parameter {
    name: String,
    value: String,
}

impl Task {
    pub(super) fn new(app: &App, task: &task::Task) -> Self {
        Self {
            id: task.id.0,
            kind: task.kind.as_str(),
            name: task.name.clone(),
            description: task.description.clone(),
            state: task.state.as_str(),
            reason: task.reason.as_str(),
            creator: task.creator.to_string(),
            revision: task.revision.clone(),
            commit: task.commit_id.clone(),
            has_patch: task.patch.is_some(),
            boot_file: task.boot_file.clone(),
            parameters: task
                .parameters
                .0
                .iter()
                .map(|given| Parameter { name: given.name.clone(), value: given.value.clone() })
                .collect(),
            image: task.image_code.clone(),
            spec: task.spec_code.clone(),
            cpus: task.cpus,
            memory_bytes: task.memory_bytes,
            cards: task.cards,
            accelerator: task.accelerator.clone(),
            network: task.has_network,
            time_limit_seconds: task.time_limit_seconds,
            seed: task.seed,
            parent_id: task.parent_id.map(|id| id.0),
            attempts: task.attempts,
            created_at: task.created_at.to_string(),
            started_at: task.started_at.map(|time| time.to_string()),
            ended_at: task.ended_at.map(|time| time.to_string()),
            html_url: app.urls().absolute(&urls::task(task.id)),
            url: app.urls().absolute(&format!("/api/v1/tasks/{}", task.id)),
        }
    }
}

/// A task with everything around it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detail {
    #[serde(flatten)]
    task: Task,
    /// `owner/name` of its code.
    repository: String,
    runs: Vec<Attempt>,
    queue: Option<Queued>,
}

impl Detail {
    pub(super) fn new(
        app: &App,
        access: &TaskAccess,
        attempts: Vec<task::Attempt>,
        place: Option<QueuePlace>,
    ) -> Self {
        let repository = access.repository();
        Self {
            task: Task::new(app, access.task()),
            repository: format!("{}/{}", repository.owner, repository.name),
            runs: attempts.into_iter().map(Attempt::from).collect(),
            queue: place.map(Queued::from),
        }
    }
}

/// One run of a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attempt {
    number: i64,
    engine: String,
    machine: String,
    state: &'static str,
    reason: &'static str,
    exit_code: Option<i64>,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// Its record is closed: `run.json` is there.
    is_sealed: bool,
}

impl From<task::Attempt> for Attempt {
    fn from(row: task::Attempt) -> Self {
        Self {
            number: row.number,
            engine: row.engine,
            machine: row.machine,
            state: row.state.as_str(),
            reason: row.reason.as_str(),
            exit_code: row.exit_code,
            started_at: row.started_at.map(|time| time.to_string()),
            ended_at: row.ended_at.map(|time| time.to_string()),
            is_sealed: row.sealed_at.is_some(),
        }
    }
}

/// Where a waiting task stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queued {
    /// 1 is next.
    place: usize,
    waiting: usize,
    reason: &'static str,
    needed: Room,
    /// None where no machine could ever hold it.
    free: Option<Room>,
}

/// Room on a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Room {
    cpus: u32,
    memory_bytes: u64,
    cards: usize,
}

impl From<QueuePlace> for Queued {
    fn from(place: QueuePlace) -> Self {
        let QueuePlace { place, waiting, reason, need, free } = place;
        let needed = Room { cpus: need.cpus, memory_bytes: need.memory_bytes, cards: need.cards as usize };
        let free = free.map(|free| Room {
            cpus: free.cpus,
            memory_bytes: free.memory_bytes,
            cards: free.cards.len(),
        });
        Self { place, waiting, reason: reason.as_str(), needed, free }
    }
}

/// One line of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Step {
    time: String,
    attempt: i64,
    state: &'static str,
    reason: &'static str,
    source: String,
    data: BTreeMap<String, String>,
}

impl From<TaskEvent> for Step {
    fn from(event: TaskEvent) -> Self {
        Self {
            time: event.created_at.to_string(),
            attempt: event.attempt_number,
            state: event.state.as_str(),
            reason: event.reason.as_str(),
            source: event.source,
            data: event.data.0,
        }
    }
}

/// One curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Curve {
    name: String,
    /// How many values there were; long curves are thinned.
    count: usize,
    last: f64,
    least: f64,
    most: f64,
    points: Vec<Point>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    step: Option<u64>,
    epoch: Option<f64>,
    value: f64,
}

impl From<metrics::Series> for Curve {
    fn from(series: metrics::Series) -> Self {
        let metrics::Series { name, count, points, last, least, most } = series;
        let points = points.into_iter().map(|point| Point {
            step: point.step,
            epoch: point.epoch,
            value: point.value,
        });
        Self { name, count, last, least, most, points: points.collect() }
    }
}

/// One file that a task made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Output {
    path: String,
    size_bytes: i64,
    sha256: String,
    download_url: String,
}

impl Output {
    pub(super) fn new(app: &App, row: output::TaskOutput) -> Self {
        let path = urls::path(&row.path);
        let download = format!("/api/v1/tasks/{}/outputs/{path}?attempt={}", row.task_id, row.attempt_number);
        Self {
            download_url: app.urls().absolute(&download),
            path: row.path,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
        }
    }
}

/// What a task can be launched with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Choices {
    commit: Option<String>,
    boot_files: Vec<String>,
    images: Vec<Image>,
    specs: Vec<Spec>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Image {
    code: String,
    label: String,
    framework: String,
    python: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Spec {
    code: String,
    cpus: i64,
    memory_bytes: i64,
    cards: i64,
    accelerator: Option<String>,
    /// Would start at once.
    is_free: bool,
    /// Some machine is large enough.
    fits: bool,
    waiting: u64,
}

impl From<task::Choices> for Choices {
    fn from(choices: task::Choices) -> Self {
        let images = choices.images.into_iter().map(|image| Image {
            code: image.code,
            label: image.label,
            framework: image.framework,
            python: image.python_version,
        });
        let specs = choices.specs.into_iter().map(|choice| Spec {
            code: choice.spec.code,
            cpus: choice.spec.cpus,
            memory_bytes: choice.spec.memory_bytes,
            cards: choice.spec.cards,
            accelerator: choice.spec.accelerator,
            is_free: choice.is_free,
            fits: choice.fits,
            waiting: choice.waiting,
        });
        Self {
            commit: choices.commit,
            boot_files: choices.boot_files,
            images: images.collect(),
            specs: specs.collect(),
        }
    }
}
