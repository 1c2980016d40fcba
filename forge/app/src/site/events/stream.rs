use hearth_core::{Result, Scope};
use hearth_store::event::{self, EventRow};

use crate::{Actor, App, repository};

/// The most events in one answer.
pub const MOST_EVENTS: u64 = 100;

/// The scopes that a token needs.
const NEEDED: [Scope; 5] =
    [Scope::ReadRepository, Scope::ReadIssue, Scope::ReadTask, Scope::ReadUser, Scope::ReadOrganization];

/// How many positions of the stream one answer scans at most, so that an actor who may see little of it does
/// not cause all of it to be read.
const LOOKED_THROUGH: i64 = 10_000;

/// A page of the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    pub events: Vec<EventRow>,
    /// Continue after this position next time. It advances even if the actor could see no events.
    pub next_after: i64,
}

/// The next events after a position that the actor may see, in order, at most `most`.
pub async fn list_after(app: &App, actor: &Actor, after: i64, most: u64) -> Result<Events> {
    actor.signed_in()?;
    // The stream contains events of all kinds.
    for scope in NEEDED {
        actor.require(scope)?;
    }
    let most = most.clamp(1, MOST_EVENTS);
    let mut reader = app.store().read().await?;
    let last = event::last_position(&mut reader).await?;
    let until = last.min(after.saturating_add(LOOKED_THROUGH));
    let events = event::list_after(&mut reader, repository::viewer(actor), (after, until), most).await?;
    let is_full = events.len() as u64 == most;
    let next_after = events.last().filter(|_| is_full).map_or(until.max(after), |event| event.position);
    Ok(Events { events, next_after })
}
