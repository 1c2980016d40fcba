//! Preempts tasks to make room for others. Each has a grace period to save its work, and returns to its old
//! place in the queue.

use hearth_core::{Reason, Result, TaskId, TaskState};
use hearth_store::{task as row, task_event::Facts};

use crate::{
    App, attempt,
    queue::{Decision, QueueSnapshot},
    task,
};

/// Asks all victims to stop.
pub(super) async fn make_room(app: &App, snapshot: &QueueSnapshot, decisions: &[Decision]) -> Result<()> {
    for (queued, decision) in snapshot.queued().zip(decisions) {
        for victim in &decision.victims {
            tell(app, *victim, queued.row.id).await?;
        }
    }
    Ok(())
}

async fn tell(app: &App, victim: TaskId, other: TaskId) -> Result<()> {
    let now = app.now();
    let mut operation = app.begin().await?;
    let Some(found) = row::find(&mut operation, victim).await? else { return Ok(()) };
    if !row::preempt(&mut operation, victim, now).await? {
        return Ok(());
    }
    let facts = Facts::from([
        ("for".to_owned(), other.to_string()),
        ("grace_seconds".to_owned(), attempt::GRACE_SECONDS.to_string()),
    ]);
    let step = task::Step { reason: Reason::Preempted, source: "queue", facts, actor: None };
    task::transition(&mut operation, &found, TaskState::Stopping, step).await?;
    operation.commit().await?;
    Ok(())
}
