//! The pull requests that wait for somebody: for their review, for their changes, for their merge.

use hearth_core::{Result, Scope};
use hearth_store::dashboard;
pub use hearth_store::dashboard::{Turn, TurnReason};

use crate::{Actor, App, repository::viewer};

/// The most that are listed.
const MOST_TURNS: u64 = 20;

/// What waits for the actor, the last changed first.
pub async fn turns(app: &App, actor: &Actor) -> Result<Vec<Turn>> {
    let user = actor.signed_in()?.id;
    actor.require(Scope::ReadRepository)?;
    let mut reader = app.store().read().await?;
    Ok(dashboard::list_turns(&mut reader, user, viewer(actor), MOST_TURNS).await?)
}
