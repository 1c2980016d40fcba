//! A person's start page: what waits for them, what runs, and what ended since they last looked.

use std::time::Duration;

use hearth_core::{PageRequest, Result, Scope, TaskState, Timestamp, UserId};
use hearth_store::{
    dashboard::{self, Visit},
    task::{self, Task},
    task_filter::TaskFilter,
};

pub use hearth_store::dashboard::{AssignedIssue, Turn, TurnReason};

use crate::{Actor, App, repository, task::active_states};

/// Whoever comes back within this time is still looking: what was new stays on the page.
const SAME_LOOK: Duration = Duration::from_mins(30);
/// A look is recorded at most this often.
const RECORD_EVERY: Duration = Duration::from_mins(5);
/// What ended within this time is new to whoever looks for the first time.
const FIRST_LOOK: Duration = Duration::from_hours(7 * 24);
const MOST_ACTIVE: u32 = 20;
const MOST_ENDED: u32 = 10;
const MOST_ASSIGNED: u64 = 10;
const MOST_TURNS: u64 = 10;

/// What concerns the actor alone.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The actor's tasks that will not start unless somebody decides, newest first.
    pub undecided: Vec<Task>,
    /// The others that wait or run.
    pub active: Vec<Task>,
    /// Tasks that ended since [`Dashboard::since`], newest first.
    pub ended: Vec<Task>,
    /// When the actor last looked before.
    pub since: Timestamp,
    /// Open issues that are assigned to the actor.
    pub assigned: Vec<AssignedIssue>,
    /// Open pull requests that wait for the actor.
    pub turns: Vec<Turn>,
}

/// Reads the actor's start page, and remembers that they looked.
pub async fn look(app: &App, actor: &Actor) -> Result<Dashboard> {
    let user = actor.signed_in()?.id;
    actor.require(Scope::ReadTask)?;
    actor.require(Scope::ReadIssue)?;
    actor.require(Scope::ReadRepository)?;
    let viewer = repository::viewer(actor);
    let mut reader = app.store().read().await?;
    let before = dashboard::find_visit(&mut reader, user).await?;
    let (visit, is_to_store) = with_look(before, app.now());
    let filter = TaskFilter { states: active_states(), ..TaskFilter::default() };
    let newest = PageRequest::new(1, MOST_ACTIVE);
    let waiting_or_running = task::list_of_creator(&mut reader, user, viewer, &filter, newest).await?;
    let states = TaskState::ALL.iter().copied().filter(|state| state.is_terminal()).collect();
    let filter = TaskFilter { states, ended_since: Some(visit.news_since), ..TaskFilter::default() };
    let newest = PageRequest::new(1, MOST_ENDED);
    let ended = task::list_of_creator(&mut reader, user, viewer, &filter, newest).await?;
    let assigned = dashboard::list_assigned(&mut reader, user, viewer, MOST_ASSIGNED).await?;
    let turns = dashboard::list_turns(&mut reader, user, viewer, MOST_TURNS).await?;
    drop(reader);
    if is_to_store {
        remember(app, user, visit).await;
    }
    let (undecided, active) = waiting_or_running.into_iter().partition(needs_decision);
    Ok(Dashboard { undecided, active, ended, since: visit.news_since, assigned, turns })
}

fn needs_decision(task: &Task) -> bool {
    task.state == TaskState::Waiting && task.reason.needs_decision()
}

/// The visit as it is with a look now, and whether it has to be stored.
fn with_look(before: Option<Visit>, now: Timestamp) -> (Visit, bool) {
    match before {
        None => (Visit { news_since: now - FIRST_LOOK, seen_at: now }, true),
        Some(visit) if now.since(visit.seen_at) >= SAME_LOOK => {
            (Visit { news_since: visit.seen_at, seen_at: now }, true)
        }
        Some(visit) => {
            let is_due = now.since(visit.seen_at) >= RECORD_EVERY;
            (if is_due { Visit { seen_at: now, ..visit } } else { visit }, is_due)
        }
    }
}

/// A page that was read is shown even if the look cannot be stored.
async fn remember(app: &App, user: UserId, visit: Visit) {
    let stored = async {
        let mut operation = app.begin().await?;
        dashboard::put_visit(&mut operation, user, &visit).await?;
        operation.commit().await
    };
    if let Err(error) = stored.await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a look at the start page was not stored");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_stays_new_while_somebody_keeps_looking_and_is_old_when_they_come_back() {
        let at = |minutes: u64| Timestamp::from_second(1_790_000_000) + Duration::from_mins(minutes);
        let (first, is_stored) = with_look(None, at(0));
        assert_eq!((first.news_since, is_stored), (at(0) - FIRST_LOOK, true));
        assert_eq!(with_look(Some(first), at(4)), (first, false));
        let (same, is_stored) = with_look(Some(first), at(29));
        assert_eq!((same.news_since, same.seen_at, is_stored), (first.news_since, at(29), true));
        let (next, _) = with_look(Some(same), at(59));
        assert_eq!((next.news_since, next.seen_at), (at(29), at(59)));
    }
}
