use std::collections::BTreeMap;

use hearth_core::{Error, Program, Result};
use hearth_runner::{
    TaskSpec,
    spec::{self, Code, Node, Resources},
};
use hearth_store::{image::Image, repository::Repository, task::Task};

use crate::{App, attempt, queue::Binding};

/// Processes and threads of one task.
const PROCESSES: u32 = 4096;
const MOST_OUTPUT_FILES: u64 = 20_000;

/// What was decided for an attempt.
pub(super) struct AttemptDecision<'a> {
    pub(super) number: i64,
    pub(super) repository: &'a Repository,
    pub(super) image: &'a Image,
    /// The OCI reference and digest of its image, unless it is an interpreter.
    pub(super) reference: (Option<String>, Option<String>),
    pub(super) place: &'a Binding,
    pub(super) shared_memory_bytes: i64,
    pub(super) program: &'a Program,
    /// The patch with unpushed changes.
    pub(super) patch: Option<&'a str>,
}

/// The complete task spec for the agent of an attempt.
pub(super) fn task_spec(app: &App, task: &Task, decision: &AttemptDecision<'_>) -> Result<TaskSpec> {
    let limits = app.limits();
    let unsigned = |number: i64| u64::try_from(number).map_err(Error::internal);
    let small = |number: i64| u32::try_from(number).map_err(Error::internal);
    let interpreter = decision.image.interpreter.clone().filter(|_| decision.place.family.is_none());
    let (reference, digest) = decision.reference.clone();
    let spec = TaskSpec {
        task: task.id,
        attempt: small(decision.number)?,
        kind: task.kind,
        code: Code {
            repository: format!("{}/{}", decision.repository.owner, decision.repository.name),
            commit: task.commit_id.clone(),
            patch_sha256: decision.patch.map(attempt::token_hash),
        },
        program: decision.program.clone(),
        image: spec::Image {
            label: decision.image.label.clone(),
            reference,
            digest,
            python: interpreter.unwrap_or_else(|| "python3".to_owned()),
        },
        resources: Resources {
            cpus: small(task.cpus)?,
            memory_bytes: unsigned(task.memory_bytes)?,
            shared_memory_bytes: unsigned(decision.shared_memory_bytes)?,
            processes: PROCESSES,
            accelerators: decision.place.cards.clone(),
        },
        limits: spec::Limits {
            time_seconds: task.time_limit_seconds.map(unsigned).transpose()?,
            stop_grace_seconds: attempt::GRACE_SECONDS,
            output_bytes: limits.task_output_bytes,
            output_files: MOST_OUTPUT_FILES,
            code_bytes: limits.task_code_bytes,
            disk_bytes: limits.task_disk_bytes,
            disk_files: limits.task_disk_files,
            log_bytes: limits.task_log_bytes,
        },
        network: task.has_network,
        inputs: Vec::new(),
        environment: BTreeMap::new(),
        secrets: BTreeMap::new(),
        node: Node { rank: 0, count: small(task.node_count.max(1))? },
        seed: task.seed,
        resume: task.preempted_at.is_some(),
        requirements_of: task.installs_requirements.then_some(decision.repository.owner_id),
    };
    spec.validate().map_err(Error::internal)?;
    Ok(spec)
}
