//! Follows attempts through their engines, and handles agents that fall silent.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use hearth_core::{Outcome, Reason, Result, TaskId, TaskState};
use hearth_runner::{
    Error as RunnerError,
    engine::{Change as Seen, Handle, Observation},
};
use hearth_store::{
    attempt as row,
    attempt::Attempt,
    attempt_node::{self, AttemptNode},
    task as task_row,
    task::Task,
    task_event::{self, Facts},
};

use super::{
    attempt_clocks::Ages,
    hand_over::{engine_of, hand_over_again},
};
use crate::{
    App,
    attempt::{self, handle_of},
    jobs::SealRecord,
    task, undelivered_outputs,
};

/// Agents send a heartbeat every two seconds; after this long without one the task counts as unknown.
const SILENT_AFTER: Duration = Duration::from_secs(30);
/// After this long without a heartbeat the attempt is given up, whatever the engine reports.
const GIVEN_UP_AFTER: Duration = Duration::from_mins(30);
/// An agent that exceeds its grace period or time limit by this much is killed.
const OVERTIME: Duration = Duration::from_mins(2);
/// An attempt without a handle for longer than this was left by a crash or an unavailable engine.
const HANDED_OVER_AFTER: Duration = Duration::from_secs(10);

/// The same reason with new details, such as a place in a queue, gets another timeline entry after this.
const SAME_REASON_AGAIN: Duration = Duration::from_secs(30);

/// How far back to look for ended attempts that may have left something on their engine.
const LEFT_SINCE: Duration = Duration::from_hours(7 * 24);

/// Finishes what the previous server process could not: unsealed records, folders of ended attempts.
pub(super) async fn tidy(app: &App) -> Result<()> {
    let now = app.now();
    let mut operation = app.begin().await?;
    for attempt in row::list_unsealed(&mut operation).await? {
        let seal = SealRecord { task: attempt.task_id, attempt: attempt.number };
        operation.enqueue(&seal).await?;
    }
    operation.commit().await?;
    let ended = row::list_ended_since(&mut app.store().read().await?, now - LEFT_SINCE).await?;
    for attempt in ended {
        let Some(engine) = engine_of(app, &attempt.engine) else { continue };
        if engine.observe(&handle_of(&attempt)).await.is_ok_and(|seen| seen.is_over())
            && let Err(error) = undelivered_outputs::release(app, &attempt).await
        {
            tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "the outputs that an attempt left behind could not be removed");
        }
    }
    undelivered_outputs::expire(app).await
}

/// Adopts what the previous server process started.
pub(super) async fn adopt(app: &App) -> Result<()> {
    let open = row::list_open(&mut app.store().read().await?).await?;
    let mut by_engine: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    for attempt in &open {
        by_engine.entry(&attempt.engine).or_default().push(attempt);
    }
    for (name, attempts) in by_engine {
        let Some(engine) = engine_of(app, name) else {
            tracing::error!(engine.name = name, "tasks run on an engine that is not configured any more");
            continue;
        };
        let handles: Vec<Handle> = attempts.iter().copied().map(handle_of).collect();
        match engine.adopt(&handles).await {
            Ok(found) => {
                let found: BTreeMap<Handle, Observation> = found.into_iter().collect();
                for attempt in attempts {
                    adopt_one(app, attempt, found.get(&handle_of(attempt))).await?;
                }
            }
            Err(error) => {
                tracing::warn!(
                    engine.name = name,
                    error = &error as &dyn std::error::Error,
                    "the attempts of an engine could not be adopted yet"
                );
            }
        }
    }
    Ok(())
}

async fn adopt_one(app: &App, attempt: &Attempt, seen: Option<&Observation>) -> Result<()> {
    match seen {
        // The engine never took or started it. If it is alive after all, this starts nothing, and the next
        // pass notices.
        None | Some(Observation::Lost { .. }) if attempt.handle.is_none() => {
            let task = task_row::find(&mut app.store().read().await?, attempt.task_id).await?;
            if task.is_some_and(|task| task.stop_requested_at.is_some()) {
                attempt::abandon_attempt(app, attempt, Reason::UserStop, "it was stopped before it began")
                    .await?;
                return Ok(());
            }
            hand_over_again(app, attempt).await
        }
        None => {
            apply(
                app,
                attempt,
                &Observation::Lost {
                    reason: Reason::PlatformFault,
                    detail: "the engine does not know it".into(),
                },
            )
            .await
        }
        Some(seen) => {
            let mut operation = app.begin().await?;
            row::set_handle(&mut operation, attempt.id, &handle_of(attempt).0).await?;
            // Its silence counts from now: the server could not hear it while it was down.
            let now = app.now();
            row::heartbeat(&mut operation, attempt.id, now).await?;
            operation.commit().await?;
            app.attempt_clocks().heard(attempt.id, app.monotonic(), Some(now));
            apply(app, attempt, seen).await
        }
    }
}

/// Applies a change that an engine reported.
pub(super) async fn apply_change(app: &App, engine: &str, change: &Seen) -> Result<()> {
    let mut reader = app.store().read().await?;
    let known = match row::find_by_handle(&mut reader, engine, &change.handle.0).await? {
        Some(attempt) => Some(attempt),
        // The engine reported it before its handle was stored.
        None => match hearth_runner::spec::named_attempt(&change.handle.0) {
            Some((task, number)) => row::find(&mut reader, task, i64::from(number)).await?,
            None => None,
        },
    };
    let Some(attempt) = known.filter(|attempt| attempt.engine == engine) else { return Ok(()) };
    drop(reader);
    apply(app, &attempt, &change.observation).await
}

async fn apply(app: &App, attempt: &Attempt, seen: &Observation) -> Result<()> {
    if attempt.ended_at.is_none() {
        let (reason, detail) = match seen {
            Observation::Pending { reason, detail } => match put_back(app, attempt, *reason, detail).await? {
                Some(reason) => (reason, detail.as_str()),
                None => return note_pending(app, attempt, *reason, detail).await,
            },
            Observation::Running { machine } => {
                note_nodes(app, attempt).await?;
                return note_machine(app, attempt, machine.as_deref()).await;
            }
            Observation::Exited { .. } => (Reason::PlatformFault, "the agent ended without a word"),
            Observation::Lost { reason, detail } => (*reason, detail.as_str()),
        };
        attempt::abandon_attempt(app, attempt, reason, detail).await?;
    } else if !seen.is_over() {
        return Ok(());
    }
    if let Err(error) = undelivered_outputs::release(app, attempt).await {
        tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "the outputs that an attempt left behind could not be removed");
    }
    Ok(())
}

/// Why the attempt is over, if a cluster's queue has evicted it while it was running: the process that
/// claimed its work is gone, and no other process could claim it.
async fn put_back(app: &App, attempt: &Attempt, reason: Reason, detail: &str) -> Result<Option<Reason>> {
    let is_in_queue = matches!(
        reason,
        Reason::Preempted | Reason::QueueCluster | Reason::QueueClusterClosed | Reason::QueueClusterRefused
    );
    // Without a message from the queue there is nothing to conclude.
    if !is_in_queue || detail.is_empty() || !attempt::has_begun(app, attempt).await? {
        return Ok(None);
    }
    Ok(Some(if reason == Reason::Preempted { reason } else { Reason::RunSuspended }))
}

/// Records why an attempt is still pending: one timeline entry for each change.
async fn note_pending(app: &App, attempt: &Attempt, reason: Reason, detail: &str) -> Result<()> {
    let now = app.now();
    let mut operation = app.begin().await?;
    let task = task_row::find(&mut operation, attempt.task_id).await?;
    // Its agent cannot report yet, so the engine's report counts as a heartbeat.
    if let Some(task) = &task
        && app.attempt_clocks().look(attempt, task, app.monotonic()).silent >= SILENT_AFTER
    {
        row::heartbeat(&mut operation, attempt.id, now).await?;
        app.attempt_clocks().heard(attempt.id, app.monotonic(), Some(now));
    }
    let Some(task) = task.filter(|task| is_created(task, attempt)) else {
        return operation.commit().await;
    };
    let last = task_event::list_newest(&mut operation, task.id, 1).await?.pop();
    let is_known = last.as_ref().is_some_and(|last| {
        let same = last.attempt_number == attempt.number && last.reason == reason;
        let told = last.data.0.get("detail").map_or("", String::as_str);
        same && is_already_recorded(told, detail, now.since(last.created_at))
    });
    if !is_known {
        let mut facts = Facts::from([("engine".to_owned(), attempt.engine.clone())]);
        if !detail.is_empty() {
            facts.insert("detail".to_owned(), detail.to_owned());
        }
        let step = task::Step { reason, source: "engine", facts, actor: None };
        task::transition(&mut operation, &task, TaskState::Creating, step).await?;
        row::set_state(&mut operation, attempt.id, TaskState::Creating, reason, now).await?;
    }
    operation.commit().await
}

/// Whether the last timeline entry says enough. A cluster's first message is recorded at once, later ones
/// only now and then; an empty one adds nothing.
fn is_already_recorded(told: &str, detail: &str, age: Duration) -> bool {
    told == detail || detail.is_empty() || (!told.is_empty() && age < SAME_REASON_AGAIN)
}

fn is_created(task: &Task, attempt: &Attempt) -> bool {
    task.state == TaskState::Creating && task.attempts == attempt.number
}

/// Records the machine that a cluster chose, which may differ from the planned one.
async fn note_machine(app: &App, attempt: &Attempt, machine: Option<&str>) -> Result<()> {
    let Some(machine) = machine.filter(|machine| *machine != attempt.machine) else { return Ok(()) };
    let mut operation = app.begin().await?;
    row::set_machine(&mut operation, attempt.id, machine).await?;
    operation.commit().await?;
    Ok(())
}

/// Like [`note_machine`], for each of several nodes.
async fn note_nodes(app: &App, attempt: &Attempt) -> Result<()> {
    let is_alone = attempt::node_count(attempt) == 1;
    let Some(engine) = engine_of(app, &attempt.engine).filter(|_| !is_alone) else { return Ok(()) };
    let machines = engine.machines(&handle_of(attempt));
    let nodes = attempt_node::list(&mut app.store().read().await?, attempt.id).await?;
    let is_moved =
        |(node, machine): &(&AttemptNode, &String)| node.machine != **machine && !machine.is_empty();
    let moved: Vec<_> = nodes.iter().zip(&machines).filter(is_moved).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    for (node, machine) in moved {
        attempt_node::set_machine(&mut operation, attempt.id, node.rank, machine).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// Checks every attempt that has not ended.
pub(super) async fn check(app: &App) -> Result<()> {
    // Once and before anything is read: a pause of this process from here on must not make agents look
    // silent.
    let now = app.monotonic();
    if !app.is_leading() {
        return Ok(());
    }
    let mut reader = app.store().read().await?;
    let open = row::list_open(&mut reader).await?;
    let holding = task_row::list_holding(&mut reader).await?;
    drop(reader);
    app.attempt_clocks().keep(&open);
    let mut holding: HashMap<TaskId, Task> = holding.into_iter().map(|task| (task.id, task)).collect();
    for attempt in &open {
        // Tasks are read after the attempts: one that is missing here has ended meanwhile.
        if let Some(task) = holding.remove(&attempt.task_id) {
            check_one(app, attempt, &task, now).await?;
        }
    }
    for task in holding.into_values() {
        end_with_its_attempt(app, &task).await?;
    }
    Ok(())
}

/// A task cannot hold resources without a live attempt: it ends as its last attempt did.
async fn end_with_its_attempt(app: &App, task: &Task) -> Result<()> {
    let mut operation = app.begin().await?;
    let last = row::find(&mut operation, task.id, task.attempts).await?;
    let Some(last) = last.filter(|last| last.ended_at.is_some()) else { return Ok(()) };
    let now = task_row::find(&mut operation, task.id).await?;
    let Some(now) = now.filter(|now| now.attempts == last.number) else { return Ok(()) };
    if now.state.holds_resources() {
        let outcome = Outcome { state: last.state, reason: last.reason };
        attempt::end_task(&mut operation, now, outcome).await?;
        operation.commit().await?;
    }
    Ok(())
}

async fn check_one(app: &App, attempt: &Attempt, task: &Task, now: Instant) -> Result<()> {
    let ages = app.attempt_clocks().look(attempt, task, now);
    let silence = ages.silent;
    if attempt.handle.is_none() {
        if app.pending_hand_overs().has(attempt.id) {
            return Ok(());
        }
        if silence >= HANDED_OVER_AFTER {
            return ask(app, attempt).await;
        }
        return Ok(());
    }
    if is_overtime(task, ages) || silence >= GIVEN_UP_AFTER {
        return end_by_force(app, attempt, silence).await;
    }
    if task.stop_requested_at.is_some()
        && ages.stopping < Duration::from_secs(attempt::GRACE_SECONDS)
        && let Some(engine) = engine_of(app, &attempt.engine)
    {
        // In addition to the heartbeat reply: an agent that cannot reach the server hears of it as well.
        engine.stop(&handle_of(attempt), Duration::from_secs(attempt::GRACE_SECONDS)).await.ok();
    }
    if silence >= SILENT_AFTER {
        ask(app, attempt).await?;
        if task.state != TaskState::Unknown && task.state != TaskState::Creating {
            let facts = Facts::from([("silent_seconds".to_owned(), silence.as_secs().to_string())]);
            let step = task::Step { reason: Reason::PlatformFault, source: "server", facts, actor: None };
            let mut operation = app.begin().await?;
            task::transition(&mut operation, task, TaskState::Unknown, step).await?;
            operation.commit().await?;
        }
    }
    Ok(())
}

/// Agents enforce their time limits themselves; this is for those that do not end.
fn is_overtime(task: &Task, ages: Ages) -> bool {
    let grace = Duration::from_secs(attempt::GRACE_SECONDS) + OVERTIME;
    let limit = task.time_limit_seconds.and_then(|seconds| u64::try_from(seconds).ok());
    ages.stopping >= grace
        || limit.is_some_and(|seconds| ages.running >= Duration::from_secs(seconds) + grace)
}

async fn end_by_force(app: &App, attempt: &Attempt, silence: Duration) -> Result<()> {
    let Some(engine) = engine_of(app, &attempt.engine) else { return Ok(()) };
    if let Err(error) = engine.kill(&handle_of(attempt)).await {
        tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "an agent cannot be stopped");
    }
    let detail = format!("ended by force, silent for {} s", silence.as_secs());
    attempt::abandon_attempt(app, attempt, Reason::PlatformFault, &detail).await?;
    Ok(())
}

/// Asks the engine for the actual state of an attempt.
async fn ask(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(engine) = engine_of(app, &attempt.engine) else { return Ok(()) };
    match engine.observe(&handle_of(attempt)).await {
        Ok(seen) => apply_or_adopt(app, attempt, &seen).await,
        Err(RunnerError::UnknownHandle(_)) => adopt_one(app, attempt, None).await,
        Err(error) => {
            tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "the engine could not be asked for an attempt");
            Ok(())
        }
    }
}

async fn apply_or_adopt(app: &App, attempt: &Attempt, seen: &Observation) -> Result<()> {
    if attempt.handle.is_none() {
        return adopt_one(app, attempt, Some(seen)).await;
    }
    apply(app, attempt, seen).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_cluster_is_told_at_once_and_others_now_and_then() {
        let (soon, late) = (Duration::from_secs(5), Duration::from_secs(31));
        assert!(!is_already_recorded("", "place 2", soon));
        assert!(is_already_recorded("place 2", "place 1", soon));
        assert!(!is_already_recorded("place 2", "place 1", late));
        assert!(is_already_recorded("place 2", "place 2", late));
        assert!(is_already_recorded("place 2", "", late));
    }
}
