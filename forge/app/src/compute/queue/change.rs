//! Changing a waiting task: the resources it requests, and its priority.

use std::ops::RangeInclusive;

use hearth_core::{Action, Conflict, Error, Kind, Reason, Result, TaskState};
use hearth_store::{
    spec as spec_row,
    spec::Spec,
    task as row,
    task::{ResourceRequest, Task},
    task_event::{self, Facts, NewTaskEvent},
    wait_forecast,
};

use super::explain::permanent_obstacle;
use crate::{
    App,
    task::{MOST_PRIORITY, TaskAccess},
};

/// The requested changes; everything else stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The code of a spec.
    pub spec: Option<String>,
    pub priority: Option<i64>,
}

/// The priorities that a task may be given: administrators choose freely, others may only make it less
/// urgent.
pub const fn priorities(is_admin: bool, now: i64) -> RangeInclusive<i64> {
    let most = if is_admin {
        MOST_PRIORITY
    } else if now < 0 {
        now
    } else {
        0
    };
    -MOST_PRIORITY..=most
}

/// Changes a waiting task, atomically; among tasks of equal priority it keeps its place.
pub async fn change(app: &App, task: &TaskAccess, changes: &Changes) -> Result<Task> {
    let access = task.write()?;
    let writer = access.writer();
    let spec = match &changes.spec {
        Some(code) => Some(fitting(app, task, code).await?),
        None => None,
    };
    let now = app.now();
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, task.id()).await?.ok_or(Error::NotFound(Kind::Task))?;
    if found.state != TaskState::Waiting {
        return Err(Error::Conflict(Conflict::State));
    }
    let mut steps = Vec::new();
    let is_more = spec.as_ref().is_some_and(|spec| spec.cards > found.cards);
    if is_more && writer.id != found.creator_id && !writer.is_admin {
        return Err(Error::Forbidden(Action::MoreCards));
    }
    if let Some(spec) = spec.filter(|spec| spec.code != found.spec_code) {
        if !row::change_resources(&mut operation, found.id, &resource_request(&spec), now).await? {
            return Err(Error::Conflict(Conflict::State));
        }
        steps.push((Reason::QueueSwitched, found.spec_code.clone(), spec.code));
    }
    if let Some(priority) = changes.priority.filter(|priority| *priority != found.priority) {
        let allowed = priorities(writer.is_admin, found.priority);
        if !allowed.contains(&priority) {
            let code = if priority < *allowed.start() { "too-small" } else { "too-large" };
            return Err(Error::field("priority", code));
        }
        if !row::set_priority(&mut operation, found.id, priority, now).await? {
            return Err(Error::Conflict(Conflict::State));
        }
        steps.push((Reason::QueuePriority, found.priority.to_string(), priority.to_string()));
    }
    if steps.is_empty() {
        return Ok(found);
    }
    for (reason, from, to) in steps {
        let step = NewTaskEvent {
            task_id: found.id,
            attempt_number: found.attempts,
            state: TaskState::Waiting,
            reason,
            source: "user",
            data: Facts::from([
                ("by".to_owned(), access.writer().name.to_string()),
                ("from".to_owned(), from),
                ("to".to_owned(), to),
            ]),
            created_at: now,
        };
        task_event::insert(&mut operation, &step).await?;
    }
    // The forecast was for another spec or place.
    wait_forecast::forget(&mut operation, found.id).await?;
    let changed = row::find(&mut operation, task.id()).await?.ok_or(Error::NotFound(Kind::Task))?;
    operation.commit().await?;
    Ok(changed)
}

/// An offered spec with which the task, in its image, can start at some point.
async fn fitting(app: &App, task: &TaskAccess, code: &str) -> Result<Spec> {
    let mut reader = app.store().read().await?;
    let spec = spec_row::find_by_code(&mut reader, code).await?.filter(|spec| spec.is_on_shelf);
    drop(reader);
    let spec = spec.ok_or_else(|| Error::field("spec", "unknown-choice"))?;
    let (owner, asked) = (task.repository().owner_id, task.task());
    let never =
        permanent_obstacle(app, owner, asked.kind, &asked.image_code, &spec, asked.node_count).await?;
    match never.map(|obstacle| obstacle.field_error()) {
        Some((field, code)) => Err(Error::field(field, code)),
        None => Ok(spec),
    }
}

fn resource_request(spec: &Spec) -> ResourceRequest {
    ResourceRequest {
        spec_code: spec.code.clone(),
        accelerator: spec.accelerator.clone(),
        cards: spec.cards,
        card_memory_bytes: spec.card_memory_bytes,
        cpus: spec.cpus,
        memory_bytes: spec.memory_bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_administrators_make_a_task_more_urgent() {
        assert_eq!(priorities(true, -5), -100..=100);
        assert_eq!(priorities(false, 0), -100..=0);
        assert_eq!(priorities(false, 50), -100..=0);
        assert_eq!(priorities(false, -5), -100..=-5);
    }
}
