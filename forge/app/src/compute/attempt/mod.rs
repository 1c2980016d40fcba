//! The server side of `hearth_runner::protocol`: what agents report, and what they are told to do.
//!
//! An [`AgentAccess`] proves that a request carries the token of an attempt.

mod end;
mod missing_module;
mod node;
mod output;
mod verification;

use std::io::Write as _;

use data_encoding::HEXLOWER;
use hearth_core::{Error, Limit, OutputPath, Reason, TaskState, Timestamp};
use hearth_git::{StorageId, Streamed, TreePath};
use hearth_runner::{
    Error as RunnerError, TaskSpec,
    engine::Handle,
    protocol::{Appended, Event, EventBatch, Heartbeat, HeartbeatReply, OutputStatus, Phase, ResourceSample},
    record::Record,
};
use hearth_store::{
    attempt as row,
    attempt::Attempt,
    task as task_row,
    task::Task,
    task_event::{self, Facts, NewTaskEvent},
    task_value::{self, TaskMetric},
};
use sha2::{Digest as _, Sha256};

pub(crate) use end::{abandon_attempt, end_task};
pub(crate) use node::count as node_count;
pub(crate) use output::{folder_of, store_from_folder};
pub(crate) use verification::OutputVerifications;

use crate::{
    Actor, App, Change, GitResult as _, Operation,
    code::{self, ArchiveFormat},
    metrics, record, task,
};

/// Maximum timeline entries per attempt. Further ones are counted but not stored: no genuine agent sends as
/// many.
pub(crate) const MOST_EVENTS: u64 = 10_000;

/// Why an agent's request was refused, in addition to the general [`Error`].
#[derive(Debug)]
pub enum AgentError {
    /// The server considers the attempt ended.
    Gone,
    /// The data does not start at the current end, which is given here.
    Offset(Appended),
    /// The output does not continue at this offset; this much has been received.
    Output(OutputStatus),
    /// The bytes do not have the announced hash.
    Mismatch,
    /// The final report names an output whose bytes have not been received.
    NotReceived(OutputPath),
    /// The server cannot read this output itself; the agent has to upload it.
    NotHere,
    /// Other nodes are still running; the agent has to ask again.
    NotYet,
    /// Another process has already claimed this work.
    Taken,
    Other(Error),
}

impl<E: Into<Error>> From<E> for AgentError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

pub type AgentResult<T> = Result<T, AgentError>;

/// Seconds between the graceful and the forced stop.
pub(crate) const GRACE_SECONDS: u64 = 30;
/// Maximum length of the name of a process that works on a node.
const LONGEST_PROCESS: usize = 64;
/// Minimum interval between heartbeats written to the database.
const HEARTBEAT_KEPT_SECONDS: u64 = 4;
/// Interval between updates of the values that tables of tasks show.
const VALUES_KEPT_SECONDS: i64 = 30;

/// The attempt whose token a request carries.
#[derive(Clone, Debug)]
pub struct AgentAccess {
    pub(crate) attempt: Attempt,
    pub(crate) task: Task,
}

/// Whether a process has claimed the work of an attempt.
pub(crate) async fn has_begun(app: &App, attempt: &Attempt) -> hearth_core::Result<bool> {
    let record = record::open(app, attempt.task_id, attempt.number)?;
    let nodes = u32::try_from(node_count(attempt)).unwrap_or(u32::MAX);
    record::blocking(move || Ok((0..nodes).any(|node| record.is_claimed(node)))).await
}

/// The hash of a token; only hashes are stored.
pub(crate) fn token_hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// The actor for the token of a running task, which may read the repository of its code. `None` if the token
/// is unknown or its attempt has ended.
pub async fn authenticate(app: &App, token: &str) -> hearth_core::Result<Option<Actor>> {
    let mut reader = app.store().read().await?;
    let Some(attempt) = row::find_by_token_hash(&mut reader, &token_hash(token)).await? else {
        return Ok(None);
    };
    if attempt.ended_at.is_some() {
        return Ok(None);
    }
    let task = task_row::find(&mut reader, attempt.task_id).await?;
    Ok(task.map(|task| Actor::task(task.id, task.repository_id)))
}

/// Authenticates the agent of an attempt by its token. Ended attempts are accepted as well, but only
/// [`AgentAccess::finish`] answers them.
pub async fn enter(app: &App, token: &str) -> AgentResult<AgentAccess> {
    let mut reader = app.store().read().await?;
    let found = row::find_by_token_hash(&mut reader, &token_hash(token)).await?;
    let attempt = found.ok_or(Error::SignInRequired)?;
    let task = task_row::find(&mut reader, attempt.task_id).await?;
    Ok(AgentAccess { task: task.ok_or(AgentError::Gone)?, attempt })
}

impl AgentAccess {
    pub(crate) fn record(&self, app: &App) -> hearth_core::Result<Record> {
        record::open(app, self.task.id, self.attempt.number)
    }

    pub(crate) fn is_alive(&self) -> AgentResult<()> {
        if self.attempt.ended_at.is_some() { Err(AgentError::Gone) } else { Ok(()) }
    }

    /// The task spec for the agent of a node. Only the first process to ask gets it, as often as it asks.
    pub async fn begin(&self, app: &App, node: u32, process: &str) -> AgentResult<TaskSpec> {
        self.is_alive()?;
        self.is_of_the_attempt(node)?;
        if process.len() > LONGEST_PROCESS || !process.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::field("process", "unknown-choice").into());
        }
        let (record, process) = (self.record(app)?, process.to_owned());
        if !recorded(move || record.claim(node, &process)).await? {
            return Err(AgentError::Taken);
        }
        Ok(spec_of(&self.attempt)?)
    }

    /// The code at the pinned commit, as a tar stream.
    pub async fn code(&self, app: &App) -> AgentResult<Streamed> {
        self.is_alive()?;
        let git = app.git().open(&StorageId::from(self.task.repository_id.0)).await.map_git()?;
        let commit = self.task.commit_id.parse().map_err(Error::internal)?;
        Ok(code::archive(app, &git, commit, ArchiveFormat::Tar, TreePath::root()).await?)
    }

    /// The patch with unpushed changes.
    pub async fn patch(&self, app: &App) -> AgentResult<String> {
        self.is_alive()?;
        let patch = task_row::patch(&mut app.store().read().await?, self.task.id).await?;
        patch.ok_or_else(|| Error::NotFound(hearth_core::Kind::File).into())
    }

    /// Records a heartbeat, and replies whether to continue or stop.
    pub async fn heartbeat(&self, app: &App, heartbeat: &Heartbeat) -> AgentResult<HeartbeatReply> {
        self.is_alive()?;
        let now = app.now();
        let wanted = state_in(heartbeat.phase, &self.task);
        let is_news = self.task.state != wanted && self.task.state.can_become(wanted);
        // A stored time in the future means that the clock has been set back.
        let is_due = self
            .attempt
            .heartbeat_at
            .is_none_or(|last| last > now || now.since(last).as_secs() >= HEARTBEAT_KEPT_SECONDS);
        let kept = (is_news || is_due).then_some(now);
        app.attempt_clocks().heard(self.attempt.id, app.monotonic(), kept);
        if kept.is_some() {
            let values = self.values_to_store(app, now).await?;
            let mut operation = app.begin().await?;
            if !row::heartbeat(&mut operation, self.attempt.id, now).await? {
                return Err(AgentError::Gone);
            }
            if is_news {
                self.move_to(&mut operation, wanted, now).await?;
            }
            if !values.is_empty() {
                task_value::replace_metrics(&mut operation, self.task.id, &values).await?;
            }
            operation.commit().await?;
        }
        Ok(self.reply())
    }

    /// What tables of tasks show of a running attempt; empty except once in [`VALUES_KEPT_SECONDS`].
    async fn values_to_store(&self, app: &App, now: Timestamp) -> AgentResult<Vec<TaskMetric>> {
        let turn = |time: Timestamp| time.as_second().div_euclid(VALUES_KEPT_SECONDS);
        if self.attempt.heartbeat_at.is_none_or(|last| turn(last) == turn(now)) {
            return Ok(Vec::new());
        }
        Ok(metrics::last_values(app, self.task.id, self.attempt.number).await?)
    }

    fn reply(&self) -> HeartbeatReply {
        match self.task.stop_requested_at {
            Some(_) => HeartbeatReply::stop(self.task.stop_reason.unwrap_or(Reason::UserStop), GRACE_SECONDS),
            None => HeartbeatReply::CONTINUE,
        }
    }

    /// A task in state `Unknown` returns to the state its agent reports.
    async fn move_to(
        &self,
        operation: &mut Operation,
        state: TaskState,
        now: Timestamp,
    ) -> hearth_core::Result<()> {
        let reason = match self.task.state {
            TaskState::Unknown => Reason::Adopted,
            _ => Reason::RunStarted,
        };
        if self.task.state == TaskState::Unknown {
            let step = task::Step { reason, source: "agent", facts: [].into(), actor: None };
            task::transition(operation, &self.task, state, step).await?;
        } else {
            task::set_state_or_reason(operation, &self.task, state, reason, None).await?;
        }
        row::set_state(operation, self.attempt.id, state, reason, now).await?;
        Ok(())
    }

    /// Appends timeline entries, which must continue exactly at the current end.
    pub async fn events(&self, app: &App, batch: &EventBatch) -> AgentResult<Appended> {
        self.is_alive()?;
        let first = i64::try_from(batch.first).map_err(Error::internal)?;
        let count = i64::try_from(batch.events.len()).map_err(Error::internal)?;
        let mut operation = app.begin().await?;
        if !row::count_events(&mut operation, self.attempt.id, first, count).await? {
            drop(operation);
            let mut reader = app.store().read().await?;
            let now =
                row::find(&mut reader, self.task.id, self.attempt.number).await?.ok_or(AgentError::Gone)?;
            let next_offset = u64::try_from(now.agent_events).unwrap_or(0);
            return Err(AgentError::Offset(Appended { next_offset }));
        }
        let mut task = task_row::find(&mut operation, self.task.id).await?.ok_or(AgentError::Gone)?;
        for (place, event) in (batch.first..).zip(batch.events.iter().cloned().map(Event::bounded)) {
            let state = match event.reason {
                Reason::RunStarted if task.state.can_become(TaskState::Running) => TaskState::Running,
                _ => task.state,
            };
            let now = app.now();
            // A task that has ended keeps the reason it ended for.
            if !task.state.is_terminal() {
                task::set_state_or_reason(&mut operation, &task, state, event.reason, None).await?;
                row::set_state(&mut operation, self.attempt.id, state, event.reason, now).await?;
            }
            task.state = state;
            let line = NewTaskEvent {
                task_id: task.id,
                attempt_number: self.attempt.number,
                state,
                reason: event.reason,
                source: "agent",
                data: event.data,
                created_at: event.time,
            };
            if place < MOST_EVENTS {
                task_event::insert(&mut operation, &line).await?;
            }
        }
        operation.commit().await?;
        Ok(Appended { next_offset: batch.first + batch.events.len() as u64 })
    }

    /// Appends to a node's log; `offset` must be its current end.
    pub async fn log(&self, app: &App, node: u32, offset: u64, bytes: Vec<u8>) -> AgentResult<Appended> {
        self.is_alive()?;
        self.is_of_the_attempt(node)?;
        bounded(offset, &bytes, app.limits().task_log())?;
        let record = self.record(app)?;
        let appended = recorded(move || record.append_log(node, offset, &bytes)).await?;
        app.store().announce(Change::Log(self.task.id));
        Ok(appended)
    }

    /// Appends to `metrics.jsonl`; `offset` must be its current end.
    pub async fn metrics(&self, app: &App, offset: u64, bytes: Vec<u8>) -> AgentResult<Appended> {
        self.is_alive()?;
        bounded(offset, &bytes, app.limits().task_log())?;
        let record = self.record(app)?;
        let piece_bytes = bytes.len() as u64;
        let appended = recorded(move || record.append_metrics(offset, &bytes)).await?;
        metrics::grew(app, self.task.id, self.attempt.number, appended.next_offset, piece_bytes).await?;
        app.store().announce(Change::Metrics(self.task.id));
        Ok(appended)
    }

    /// Stores resource usage samples. Some may be missing after a failure; each carries its time.
    pub async fn resources(&self, app: &App, samples: &[ResourceSample]) -> AgentResult<()> {
        self.is_alive()?;
        let mut lines = Vec::new();
        for sample in samples {
            serde_json::to_writer(&mut lines, sample).map_err(Error::internal)?;
            lines.push(b'\n');
        }
        let path = self.record(app)?.directory().join(metrics::RESOURCES);
        record::blocking(move || {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
            let has_room = file.metadata()?.len() + lines.len() as u64 <= metrics::MOST_RESOURCE_BYTES;
            if has_room { file.write_all(&lines) } else { Ok(()) }
        })
        .await?;
        app.store().announce(Change::Metrics(self.task.id));
        Ok(())
    }
}

/// The engine's handle for an attempt, which is known before the engine has confirmed it.
pub(crate) fn handle_of(attempt: &Attempt) -> Handle {
    let number = u32::try_from(attempt.number).unwrap_or(u32::MAX);
    Handle(
        attempt.handle.clone().unwrap_or_else(|| hearth_runner::spec::attempt_name(attempt.task_id, number)),
    )
}

pub(crate) fn spec_of(attempt: &Attempt) -> hearth_core::Result<TaskSpec> {
    attempt.spec.read().map_err(Error::internal)
}

/// The state of a task whose agent is in this phase.
fn state_in(phase: Phase, task: &Task) -> TaskState {
    if task.stop_requested_at.is_some() {
        return TaskState::Stopping;
    }
    match phase {
        Phase::Staging => TaskState::Creating,
        Phase::Running | Phase::Stopping | Phase::Collecting => TaskState::Running,
    }
}

fn bounded(offset: u64, bytes: &[u8], limit: Limit) -> AgentResult<()> {
    if offset.saturating_add(bytes.len() as u64) > limit.most {
        return Err(Error::TooLarge(limit).into());
    }
    Ok(())
}

/// Runs blocking work on the record off the request threads.
async fn recorded<T: Send + 'static>(
    work: impl FnOnce() -> hearth_runner::Result<T> + Send + 'static,
) -> AgentResult<T> {
    match tokio::task::spawn_blocking(work).await.map_err(Error::internal)? {
        Ok(value) => Ok(value),
        Err(RunnerError::WrongOffset(end)) => Err(AgentError::Offset(end)),
        Err(RunnerError::HashMismatch { .. }) => Err(AgentError::Mismatch),
        Err(RunnerError::UnsafePath(_)) => Err(Error::field("path", "path").into()),
        Err(other) => Err(record::meaning(other).into()),
    }
}
