//! How an attempt ends, with or without a final report from its agent.

use hearth_core::{Error, Outcome, Reason, Result, TaskState, Timestamp};
use hearth_runner::{
    engine::Handle,
    protocol::{Appended, Finish},
};
use hearth_store::{
    attempt as row,
    attempt::Attempt,
    card_usage::{self, CardUsage},
    repository, task as task_row,
    task::Task,
    task_event::{self, Facts, NewTaskEvent},
    task_value,
};

use super::{AgentAccess, AgentError, AgentResult};
use crate::{App, Operation, jobs::SealRecord, metrics, queue, task};

impl AgentAccess {
    /// Accepts the agent's final report. Idempotent.
    pub async fn finish(&self, app: &App, finish: &Finish) -> AgentResult<()> {
        self.conclude(app, finish, end_facts(finish)).await
    }

    /// Like [`Self::finish`], with facts for the timeline entry.
    pub(super) async fn conclude(&self, app: &App, finish: &Finish, mut data: Facts) -> AgentResult<()> {
        if self.attempt.ended_at.is_some() {
            return Ok(());
        }
        if !finish.outcome.state.is_terminal() {
            return Err(Error::field("outcome", "unknown-choice").into());
        }
        self.require_all_received(app, 0, finish).await?;
        self.require_outputs(app, finish).await?;
        let finish = &finish.clone().bounded();
        let facts = serde_json::to_value(finish).map_err(Error::internal)?;
        let exit_code = finish.exit_code.map(i64::from);
        let mut outcome = self.outcome(finish.outcome);
        if let Some((reason, detail)) = self.eviction_cause(app, outcome.reason) {
            outcome.reason = reason;
            data.insert("detail".to_owned(), detail);
        }
        outcome.reason = self.failure_cause(app, outcome.reason, &mut data).await;
        end(app, &self.attempt, End { data, exit_code, facts, outcome, finish: Some(finish) }).await?;
        Ok(())
    }

    /// The reported outcome, except that a requested stop takes precedence: the agent may know only of a
    /// preemption while a user has requested a stop since, or the reverse. If its engine killed it before its
    /// heartbeat was answered, it has heard nothing and reports an eviction.
    fn outcome(&self, told: Outcome) -> Outcome {
        let was_stopped = told.state == TaskState::Stopped || told.reason == Reason::RunEvicted;
        match self.task.stop_reason {
            Some(reason) if was_stopped => Outcome { state: TaskState::Stopped, reason },
            _ => told,
        }
    }

    /// Why it was evicted, if its engine knows more than the agent, which saw only a signal.
    fn eviction_cause(&self, app: &App, told: Reason) -> Option<(Reason, String)> {
        let handle = self.attempt.handle.clone().filter(|_| told == Reason::RunEvicted)?;
        let engine = app.engines().iter().find(|engine| engine.name() == self.attempt.engine)?;
        engine.leaving(&Handle(handle))
    }

    /// Checks that everything the agent counted has arrived; otherwise it has to resend the rest.
    pub(super) async fn require_all_received(
        &self,
        app: &App,
        node: u32,
        finish: &Finish,
    ) -> AgentResult<()> {
        let record = self.record(app)?;
        let (log, metrics) = (record.log_path(node), record.metrics_path());
        let here = crate::record::blocking(move || {
            let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |facts| facts.len());
            Ok((size(&log), size(&metrics)))
        })
        .await?;
        let mut reader = app.store().read().await?;
        let now = row::find(&mut reader, self.task.id, self.attempt.number).await?.ok_or(AgentError::Gone)?;
        let events = u64::try_from(now.agent_events).unwrap_or(0);
        for (here, told) in
            [(here.0, finish.log_bytes), (here.1, finish.metrics_bytes), (events, finish.events)]
        {
            if here < told {
                return Err(AgentError::Offset(Appended { next_offset: here }));
            }
        }
        Ok(())
    }
}

/// How many attempts may be lost to machines before the program has started.
const MOST_LOST_BEFORE_BEGIN: i64 = 5;

/// Ends an attempt whose agent is gone. If a stop was requested, it counts as stopped.
pub(crate) async fn abandon_attempt(
    app: &App,
    attempt: &Attempt,
    reason: Reason,
    detail: &str,
) -> Result<bool> {
    let mut reader = app.store().read().await?;
    let task = task_row::find(&mut reader, attempt.task_id).await?;
    drop(reader);
    let outcome = match task.and_then(|task| task.stop_requested_at.and(task.stop_reason)) {
        Some(reason) => Outcome { state: TaskState::Stopped, reason },
        None => Outcome { state: TaskState::Failed, reason },
    };
    let facts = serde_json::json!({ "lost": detail });
    let data = Facts::from([("detail".to_owned(), detail.to_owned())]);
    end(app, attempt, End { outcome, exit_code: None, data, facts, finish: None }).await
}

/// Facts about how a program ended, for the timeline message.
pub(super) fn end_facts(finish: &Finish) -> Facts {
    let mut data = Facts::new();
    data.extend(finish.exit_code.map(|code| ("exit_code".to_owned(), code.to_string())));
    data.extend(finish.clone().bounded().signal.map(|name| ("signal".to_owned(), name)));
    data
}

/// How an attempt ended, and what is known of it.
struct End<'a> {
    outcome: Outcome,
    exit_code: Option<i64>,
    /// For the timeline entry.
    data: Facts,
    /// Stored with the attempt.
    facts: serde_json::Value,
    /// The agent's final report, if there is one.
    finish: Option<&'a Finish>,
}

/// Ends an attempt and its task and enqueues sealing its record, in one transaction. Returns `false` if it
/// had already ended.
async fn end(app: &App, attempt: &Attempt, end: End<'_>) -> Result<bool> {
    let now = app.now();
    let End { outcome, exit_code, data, facts, finish } = end;
    let metrics = metrics::last_values(app, attempt.task_id, attempt.number).await?;
    let mut operation = app.begin().await?;
    let ended = row::End { state: outcome.state, reason: outcome.reason, exit_code, facts, ended_at: now };
    if !row::end(&mut operation, attempt.id, &ended).await? {
        return Ok(false);
    }
    if let Some(task) = task_row::find(&mut operation, attempt.task_id).await? {
        if !metrics.is_empty() {
            task_value::replace_metrics(&mut operation, task.id, &metrics).await?;
        }
        count_use(&mut operation, attempt, &task, now).await?;
        let state = end_task(&mut operation, task.clone(), outcome).await?;
        let source = if finish.is_some() { "agent" } else { "server" };
        let event = NewTaskEvent {
            task_id: task.id,
            attempt_number: attempt.number,
            state,
            reason: outcome.reason,
            source,
            data,
            created_at: now,
        };
        task_event::insert(&mut operation, &event).await?;
    }
    operation.enqueue(&SealRecord { task: attempt.task_id, attempt: attempt.number }).await?;
    operation.commit().await?;
    Ok(true)
}

/// Adds the attempt's card-seconds to its payer's weekly usage.
async fn count_use(operation: &mut Operation, attempt: &Attempt, task: &Task, now: Timestamp) -> Result<()> {
    let spec = super::spec_of(attempt)?;
    let Some(kind) = spec.resources.accelerators.first().map(|card| card.vendor.clone()) else {
        return Ok(());
    };
    let payer = match attempt.payer_id {
        None => repository::find(operation, task.repository_id).await?.map(|row| row.owner_id),
        known => known,
    };
    let Some(payer) = payer else { return Ok(()) };
    let cards = i64::try_from(spec.resources.accelerators.len()).map_err(Error::internal)?;
    for (week_start, seconds) in queue::week_seconds(attempt.created_at, now) {
        let more = CardUsage {
            owner_id: payer,
            accelerator_code: kind.clone(),
            week_start,
            card_seconds: seconds * cards * i64::from(spec.node.count),
        };
        card_usage::add(operation, &more).await?;
    }
    Ok(())
}

/// Moves the task to its final state, retrying if it changes concurrently, for example by a stop request.
/// Returns the resulting state.
pub(crate) async fn end_task(
    operation: &mut Operation,
    mut task: Task,
    outcome: Outcome,
) -> Result<TaskState> {
    loop {
        let state = final_state(&task, outcome);
        if task.state.is_terminal() || !task.state.can_become(state) {
            return Ok(task.state);
        }
        if task::set_state_or_reason(operation, &task, state, outcome.reason, None).await? {
            return Ok(state);
        }
        let Some(moved) = task_row::find(operation, task.id).await? else { return Ok(state) };
        task = moved;
    }
}

/// The reported state, or `Failed` if the current state cannot lead to it. A task that was preempted, by
/// Hearth or by its cluster, goes back to waiting.
fn final_state(task: &Task, outcome: Outcome) -> TaskState {
    let told = outcome.state;
    let was_put_off = task.stop_requested_at.is_none()
        && (outcome.reason == Reason::Preempted || lost_before_it_began(task, outcome.reason));
    if was_put_off && told == TaskState::Failed && task.state.can_become(TaskState::Waiting) {
        return TaskState::Waiting;
    }
    let made_room = task.stop_requested_at.is_some() && task.stop_reason == Some(Reason::Preempted);
    if made_room && told == TaskState::Stopped && task.state.can_become(TaskState::Waiting) {
        return TaskState::Waiting;
    }
    if task.state.can_become(told) { told } else { TaskState::Failed }
}

/// Losing the machine or the cluster's admission before the program has started loses no work: the task waits
/// for another machine, up to [`MOST_LOST_BEFORE_BEGIN`] attempts.
fn lost_before_it_began(task: &Task, reason: Reason) -> bool {
    let is_place = matches!(reason, Reason::RunNodeLost | Reason::RunEvicted | Reason::RunSuspended);
    is_place && task.state == TaskState::Creating && task.attempts < MOST_LOST_BEFORE_BEGIN
}
