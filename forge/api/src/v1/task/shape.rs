//! The shapes of tasks: rows, with addresses and without internal fields.

use std::collections::BTreeMap;

use hearth_app::{
    App, metrics, output,
    queue::{self, QueuePlace},
    repository::Repository,
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
    /// Left out of lists, like the parameters and the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
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
    /// `script` or `command`.
    program: &'static str,
    /// The file of a script; empty for a command.
    boot_file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Vec<Parameter>>,
    /// The words of a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Vec<String>>,
    image: String,
    spec: String,
    cpus: i64,
    memory_bytes: i64,
    /// How many machines; the numbers above and below are per machine.
    nodes: i64,
    priority: i64,
    cards: i64,
    /// At least this much on each card.
    card_memory_bytes: i64,
    accelerator: Option<String>,
    network: bool,
    /// Whether the packages of `requirements.txt` are installed first.
    requirements: bool,
    time_limit_seconds: Option<i64>,
    seed: Option<i64>,
    parent_id: Option<i64>,
    attempts: i64,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    /// The address of its page.
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
            description: None,
            state: task.state.as_str(),
            reason: task.reason.as_str(),
            creator: task.creator.to_string(),
            revision: task.revision.clone(),
            commit: task.commit_id.clone(),
            has_patch: task.has_patch,
            program: task.program_kind.as_str(),
            boot_file: task.script().unwrap_or_default().to_owned(),
            parameters: None,
            command: None,
            image: task.image_code.clone(),
            spec: task.spec_code.clone(),
            cpus: task.cpus,
            memory_bytes: task.memory_bytes,
            nodes: task.node_count,
            priority: task.priority,
            card_memory_bytes: task.card_memory_bytes,
            cards: task.cards,
            accelerator: task.accelerator.clone(),
            network: task.has_network,
            requirements: task.installs_requirements,
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

impl Task {
    /// Adds the texts that users wrote for it.
    pub(super) fn with(self, texts: task::TaskTexts) -> Self {
        let program = texts.program.0;
        let parameter =
            |given: &task::Parameter| Parameter { name: given.name.clone(), value: given.value.clone() };
        Self {
            description: Some(texts.description),
            parameters: Some(program.parameters().iter().map(parameter).collect()),
            command: program.words().map(<[String]>::to_vec),
            ..self
        }
    }
}

/// A task of the caller, wherever its code lies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mine {
    #[serde(flatten)]
    task: Task,
    /// `owner/name` of its code.
    repository: String,
}

impl Mine {
    pub(super) fn new(app: &App, task: &task::Task, repository: &Repository) -> Self {
        let repository = format!("{}/{}", repository.owner, repository.name);
        Self { task: Task::new(app, task), repository }
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
        (access, texts): (&TaskAccess, task::TaskTexts),
        attempts: Vec<task::Attempt>,
        place: Option<QueuePlace>,
    ) -> Self {
        let repository = access.repository();
        Self {
            task: Task::new(app, access.task()).with(texts),
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
    /// Whether its record is complete: `run.json` exists.
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
    /// Tasks that are served before it.
    ahead: usize,
    waiting: usize,
    reason: &'static str,
    /// The numbers and names of the reason: which quota, which pool, its message.
    facts: BTreeMap<String, String>,
    needed: Needed,
    /// Null if no machine is large enough.
    free: Option<Free>,
    /// When it will probably start; null while too little is known.
    eta: Option<Eta>,
    /// Codes of specs with which it would start now.
    switches: Vec<String>,
}

/// What a task needs on each of its machines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Needed {
    cpus: u32,
    memory_bytes: u64,
    cards: u32,
    /// At least this much on each card.
    card_memory_bytes: u64,
    /// `code/model`; null: any that fits.
    accelerator: Option<String>,
    nodes: u32,
}

/// What is free where a task could run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Free {
    /// On the machine with the most free resources, like the next two.
    cpus: u32,
    memory_bytes: u64,
    cards: u32,
    all_cards: u32,
    machines: u32,
}

/// Seconds from now; four out of five tasks start within this span.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Eta {
    low_seconds: u64,
    high_seconds: u64,
}

impl From<queue::Need> for Needed {
    fn from(need: queue::Need) -> Self {
        let queue::Need { cpus, memory_bytes, cards, accelerator, card_memory_bytes, nodes } = need;
        Self { cpus, memory_bytes, cards, card_memory_bytes, accelerator, nodes }
    }
}

impl From<queue::Free> for Free {
    fn from(free: queue::Free) -> Self {
        let queue::Free { cpus, memory_bytes, cards, all_cards, machines } = free;
        Self { cpus, memory_bytes, cards, all_cards, machines }
    }
}

impl From<queue::Eta> for Eta {
    fn from(eta: queue::Eta) -> Self {
        Self { low_seconds: eta.low.as_secs(), high_seconds: eta.high.as_secs() }
    }
}

impl From<QueuePlace> for Queued {
    fn from(place: QueuePlace) -> Self {
        let QueuePlace { place, waiting, reason, facts, need, free, eta, switches } = place;
        Self {
            place,
            ahead: place - 1,
            waiting,
            reason: reason.as_str(),
            facts,
            needed: need.into(),
            free: free.map(Free::from),
            eta: eta.map(Eta::from),
            switches,
        }
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

/// A value of a metric: a number, or one of the strings `NaN`, `Infinity` and `-Infinity`, because JSON has no
/// such numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Value)]
#[serde(transparent)]
pub(crate) struct Measured(#[serde(with = "hearth_runner::metrics::not_finite")] f64);

/// One curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Curve {
    name: String,
    /// How many values there were; long curves are thinned.
    count: usize,
    last: Measured,
    /// Of the finite values.
    least: Measured,
    most: Measured,
    /// The finite values.
    points: Vec<Point>,
    /// Where values were not finite; of very many places, the first.
    not_finite: Vec<Gap>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    step: Option<u64>,
    epoch: Option<f64>,
    time: Option<String>,
    value: f64,
}

/// Equal values in succession that are not finite.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gap {
    value: Measured,
    count: u64,
    first_step: Option<u64>,
    last_step: Option<u64>,
}

impl From<metrics::Series> for Curve {
    fn from(series: metrics::Series) -> Self {
        let metrics::Series { name, count, points, not_finite, last, least, most } = series;
        let point = |point: metrics::SeriesPoint| Point {
            step: point.step,
            epoch: point.epoch,
            time: point.time.map(|time| time.to_string()),
            value: point.value,
        };
        let gap = |gap: metrics::NotFinite| Gap {
            value: Measured(gap.first.value),
            count: gap.count(),
            first_step: gap.first.step,
            last_step: gap.last.step,
        };
        Self {
            name,
            count,
            last: Measured(last),
            least: Measured(least),
            most: Measured(most),
            points: points.into_iter().map(point).collect(),
            not_finite: not_finite.into_iter().map(gap).collect(),
        }
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
        let path = urls::path(row.path.as_str());
        let download = format!("/api/v1/tasks/{}/outputs/{path}?attempt={}", row.task_id, row.attempt_number);
        Self {
            download_url: app.urls().absolute(&download),
            path: row.path.to_string(),
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
    card_memory_bytes: i64,
    /// Would start at once.
    is_free: bool,
    /// Some machine is large enough, and runs the image.
    fits: bool,
    /// Tasks that wait for this spec.
    waiting: u64,
    /// The queue position that it would have; 1 is next.
    place: usize,
    /// What it would wait for.
    reason: Option<&'static str>,
    facts: BTreeMap<String, String>,
    free: Option<Free>,
    eta: Option<Eta>,
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
            card_memory_bytes: choice.spec.card_memory_bytes,
            is_free: choice.reason.is_none(),
            fits: choice.fits,
            waiting: choice.waiting,
            place: choice.place,
            reason: choice.reason.map(hearth_core::Reason::as_str),
            facts: choice.facts,
            free: choice.free.map(Free::from),
            eta: choice.eta.map(Eta::from),
        });
        Self {
            commit: choices.commit,
            boot_files: choices.boot_files,
            images: images.collect(),
            specs: specs.collect(),
        }
    }
}
