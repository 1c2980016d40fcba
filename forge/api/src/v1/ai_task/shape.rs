//! Tasks in AiForge's shapes: times in seconds since 1970, sizes in GiB, names as its pages expect them.

use hearth_app::{
    repository::Repository,
    task::{Spec, Task, TaskAccess, TaskTexts},
};
use hearth_core::{TaskState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;

/// The result of creating, stopping or restarting a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Made)]
pub(super) struct Made {
    id: i64,
    status: &'static str,
}

impl Made {
    pub(super) fn new(task: &Task) -> Self {
        Self { id: task.id.0, status: words::status(task.state) }
    }
}

/// A task in lists, with its current state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Brief)]
pub(super) struct Brief {
    id: i64,
    job_type: &'static str,
    status: &'static str,
    /// Why it is in this state: the same code that its page explains.
    detailed_status: &'static str,
    display_job_name: String,
    job_name: String,
    job_id: String,
    created_unix: i64,
    /// 0: not yet.
    start_time: i64,
    end_time: i64,
    /// `00:04:31`
    formatted_duration: String,
    cluster: &'static str,
    compute_source: String,
    ai_center: &'static str,
    acc_card_type: String,
    image_id: String,
    image_name: String,
}

impl Brief {
    pub(super) fn new(task: &Task, now: Timestamp) -> Self {
        Self {
            id: task.id.0,
            job_type: words::job_type(task.kind),
            status: words::status(task.state),
            detailed_status: task.reason.as_str(),
            display_job_name: task.name.clone(),
            job_name: format!("task-{}", task.id),
            job_id: task.id.to_string(),
            created_unix: task.created_at.as_second(),
            start_time: task.started_at.map_or(0, Timestamp::as_second),
            end_time: task.ended_at.map_or(0, Timestamp::as_second),
            formatted_duration: duration(task, now),
            cluster: words::CLUSTER,
            compute_source: words::of_task(task),
            ai_center: "",
            acc_card_type: words::card_type(task.accelerator.as_deref()),
            image_id: task.image_code.clone(),
            image_name: task.image_code.clone(),
        }
    }
}

/// From the start of the program to its end, or until now.
fn duration(task: &Task, now: Timestamp) -> String {
    let Some(start) = task.started_at else { return "00:00:00".to_owned() };
    let end = task.ended_at.unwrap_or(now);
    let seconds = (end.as_second() - start.as_second()).max(0);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// One resource specification.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ai_task::Specification)]
pub(super) struct Specification {
    id: i64,
    /// Hearth's own code of the spec.
    source_spec_id: String,
    acc_cards_num: i64,
    acc_card_type: String,
    cpu_cores: i64,
    mem_gi_b: f64,
    gpu_mem_gi_b: f64,
    share_mem_gi_b: f64,
    compute_resource: String,
    /// Always 0: Hearth has no points.
    unit_price: i64,
    cluster: &'static str,
    ai_center_code: &'static str,
    ai_center_name: &'static str,
    /// Always 0 (any): every task may use the network.
    has_internet: i64,
}

impl Specification {
    pub(super) fn new(spec: &Spec) -> Self {
        Self {
            id: spec.id,
            source_spec_id: spec.code.clone(),
            acc_cards_num: spec.cards,
            acc_card_type: words::card_type(spec.accelerator.as_deref()),
            cpu_cores: spec.cpus,
            mem_gi_b: gibibytes(spec.memory_bytes),
            gpu_mem_gi_b: gibibytes(spec.card_memory_bytes),
            share_mem_gi_b: gibibytes(spec.shared_memory_bytes),
            compute_resource: words::of_spec(spec),
            unit_price: 0,
            cluster: words::CLUSTER,
            ai_center_code: "",
            ai_center_name: "",
            has_internet: 0,
        }
    }
}

/// Rounded to two decimal places.
#[expect(clippy::cast_precision_loss, reason = "sizes of memory have far fewer digits than a double")]
pub(super) fn gibibytes(bytes: i64) -> f64 {
    (bytes as f64 / f64::from(1 << 30) * 100.0).round() / 100.0
}

/// A task with everything that AiForge's page of it shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Detail)]
#[expect(clippy::struct_excessive_bools, reason = "AiForge's pages read them by these names")]
pub(super) struct Detail {
    task: Whole,
    /// Earlier versions are tasks of their own here.
    early_version_list: Vec<Made>,
    can_create_version: bool,
    can_download: bool,
    can_modify: bool,
    can_delete: bool,
    can_create_template: bool,
    can_experience: bool,
    is_subscriber: bool,
}

/// The task of a [`Detail`].
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Whole)]
pub(super) struct Whole {
    #[serde(flatten)]
    brief: Brief,
    /// None when an administrator has removed it.
    spec: Option<Specification>,
    work_server_number: i64,
    parameters: Parameters,
    boot_file: String,
    branch_name: String,
    commit_id: String,
    description: String,
    creator_name: String,
    engine_name: String,
    image_url: String,
    failed_reason: &'static str,
    code_path: &'static str,
    dataset_path: &'static str,
    pretrain_model_path: &'static str,
    output_path: &'static str,
    dataset_list: Vec<String>,
    pretrain_model_list: Vec<String>,
    /// 1: without, 2: with.
    has_internet: i64,
    /// In hours, rounded down; -1: none.
    time_limit: i64,
    repo_id: i64,
    repo_name: String,
    repo_alias: String,
    repo_owner_name: String,
    source_id: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Parameters)]
struct Parameters {
    parameter: Vec<Parameter>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Parameter)]
struct Parameter {
    label: String,
    value: String,
}

impl Detail {
    pub(super) fn new(access: &TaskAccess, texts: TaskTexts, spec: Option<&Spec>, now: Timestamp) -> Self {
        let can_change = access.can_change();
        let has_ended = access.task().state.is_terminal();
        Self {
            task: Whole::new(access.task(), texts, access.repository(), spec, now),
            early_version_list: Vec::new(),
            can_create_version: can_change,
            can_download: true,
            can_modify: can_change,
            can_delete: can_change && has_ended,
            can_create_template: false,
            can_experience: false,
            is_subscriber: false,
        }
    }
}

impl Whole {
    fn new(
        task: &Task,
        texts: TaskTexts,
        repository: &Repository,
        spec: Option<&Spec>,
        now: Timestamp,
    ) -> Self {
        let given = texts.program.0.parameters().iter();
        let parameter =
            given.map(|given| Parameter { label: given.name.clone(), value: given.value.clone() });
        let has_failed = matches!(task.state, TaskState::Failed | TaskState::CreatedFailed);
        Self {
            brief: Brief::new(task, now),
            spec: spec.map(Specification::new),
            work_server_number: task.node_count,
            parameters: Parameters { parameter: parameter.collect() },
            boot_file: task.program_label.clone(),
            branch_name: task.revision.clone(),
            commit_id: task.commit_id.clone(),
            description: texts.description,
            creator_name: task.creator.to_string(),
            engine_name: task.image_code.clone(),
            image_url: task.image_code.clone(),
            failed_reason: if has_failed { task.reason.as_str() } else { "" },
            code_path: "/tmp/code",
            dataset_path: "/tmp/dataset",
            pretrain_model_path: "/tmp/pretrainmodel",
            output_path: "/tmp/output",
            dataset_list: Vec::new(),
            pretrain_model_list: Vec::new(),
            has_internet: if task.has_network { 2 } else { 1 },
            time_limit: task.time_limit_seconds.map_or(-1, |seconds| seconds / 3600),
            repo_id: repository.id.0,
            repo_name: repository.name.to_string(),
            repo_alias: repository.name.to_string(),
            repo_owner_name: repository.owner.to_string(),
            source_id: task.parent_id.map_or(0, |id| id.0),
        }
    }
}

/// One task of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Row)]
pub(super) struct Row {
    task: Brief,
    creator: Creator,
    can_modify: bool,
    can_delete: bool,
    repo_id: i64,
    repo_name: String,
    repo_alias: String,
    owner_name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Creator)]
struct Creator {
    id: i64,
    name: String,
}

impl Row {
    pub(super) fn new(task: &Task, repository: &Repository, can_change: bool, now: Timestamp) -> Self {
        Self {
            creator: Creator { id: task.creator_id.0, name: task.creator.to_string() },
            can_modify: can_change,
            can_delete: can_change && task.state.is_terminal(),
            repo_id: repository.id.0,
            repo_name: repository.name.to_string(),
            repo_alias: repository.name.to_string(),
            owner_name: repository.owner.to_string(),
            task: Brief::new(task, now),
        }
    }
}

/// One page of tasks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::List)]
#[expect(clippy::struct_excessive_bools, reason = "AiForge's pages read them by these names")]
pub(super) struct List {
    pub(super) tasks: Vec<Row>,
    pub(super) total: u64,
    pub(super) page: u32,
    pub(super) page_size: u32,
    pub(super) can_create_task: bool,
    pub(super) is_repo_empty: bool,
    pub(super) is_subscriber: bool,
    pub(super) is_admin: bool,
}
