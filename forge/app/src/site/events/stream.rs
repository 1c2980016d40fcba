use hearth_core::{Result, Scope};
use hearth_store::event::{self, EventRow};

use crate::{Actor, App, repository};

/// The most events that are given at once.
pub const MOST_EVENTS: u64 = 100;

/// What a token has to be for.
const NEEDED: [Scope; 5] =
    [Scope::ReadRepository, Scope::ReadIssue, Scope::ReadTask, Scope::ReadUser, Scope::ReadOrganization];

/// How much of the stream is looked through for one answer, so that one who may see little of it does not have all of it read.
const LOOKED_THROUGH: i64 = 10_000;

/// A piece of the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    pub events: Vec<EventRow>,
    /// Ask for what is behind this next time. It goes on also when nothing was for the actor's eyes.
    pub next_after: i64,
}

/// The next events behind a position that the actor may see, in their order, at most `most`.
pub async fn list_after(app: &App, actor: &Actor, after: i64, most: u64) -> Result<Events> {
    actor.signed_in()?;
    // What happens everywhere is in it.
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
