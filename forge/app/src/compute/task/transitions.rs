//! The only place where tasks change state. Every transition records its event.

use hearth_core::{
    Reason, Result, TaskState, UserId,
    event::{Audience, Subject, TaskEvent},
};
use hearth_store::{
    task as row,
    task::Task,
    task_event::{self, Facts, NewTaskEvent},
};

use crate::{Operation, image, retraining};

/// One step of a timeline.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) reason: Reason,
    /// `user`, `queue`, `engine`, `agent` or `server`.
    pub(crate) source: &'static str,
    pub(crate) facts: Facts,
    /// The user who caused it.
    pub(crate) actor: Option<UserId>,
}

/// Moves a task to another state, or changes its reason. Returns `false` if its state has changed since it
/// was read, or the transition is not allowed.
pub(crate) async fn set_state_or_reason(
    operation: &mut Operation,
    task: &Task,
    to: TaskState,
    reason: Reason,
    actor: Option<UserId>,
) -> Result<bool> {
    if !task.state.can_become(to) {
        return Ok(false);
    }
    let now = operation.now();
    let is_put_back = to == TaskState::Waiting && task.state.holds_resources();
    let is_moved = if is_put_back {
        row::requeue(operation, task.id, task.state, reason, now).await?
    } else {
        row::transition(operation, task.id, task.state, to, reason, now).await?
    };
    if is_moved {
        record_event(operation, task, to, reason, actor).await?;
    }
    Ok(is_moved)
}

/// Like [`set_state_or_reason`], with a timeline entry.
pub(crate) async fn transition(
    operation: &mut Operation,
    task: &Task,
    to: TaskState,
    step: Step,
) -> Result<bool> {
    let Step { reason, source, facts, actor } = step;
    if !set_state_or_reason(operation, task, to, reason, actor).await? {
        return Ok(false);
    }
    let line = NewTaskEvent {
        task_id: task.id,
        attempt_number: task.attempts,
        state: to,
        reason,
        source,
        data: facts,
        created_at: operation.now(),
    };
    task_event::insert(operation, &line).await?;
    Ok(true)
}

/// Takes a waiting task out of the queue, and returns the number of its new attempt. `None` if it no longer
/// waits.
pub(crate) async fn admit(operation: &mut Operation, waiting: &Task) -> Result<Option<i64>> {
    let now = operation.now();
    let admitted = row::admit(operation, waiting.id, now).await?;
    if admitted.is_some() {
        record_event(operation, waiting, TaskState::Creating, Reason::StageStart, None).await?;
    }
    Ok(admitted)
}

async fn record_event(
    operation: &mut Operation,
    task: &Task,
    to: TaskState,
    reason: Reason,
    actor: Option<UserId>,
) -> Result<()> {
    if to == task.state {
        return Ok(());
    }
    let (id, name, from) = (task.id, task.name.clone(), task.state);
    let event = if to.is_terminal() {
        TaskEvent::Ended { task: id, name, state: to, reason }
    } else {
        TaskEvent::Moved { task: id, name, from, to, reason }
    };
    // An end that no user caused is attributed to whoever launched the task.
    let actor = actor.or_else(|| to.is_terminal().then_some(task.creator_id));
    operation.record(actor, Subject::Task(id), Audience::Repository(task.repository_id), event).await?;
    image::smoke::note_end(operation, id, to).await?;
    retraining::note(operation, id).await
}
