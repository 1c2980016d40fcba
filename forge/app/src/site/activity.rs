//! What people did, as shown on their pages and those of repositories.

use hearth_core::{Event, EventId, Read, RepositoryKind, Result, Timestamp, UserId};
use hearth_store::activity::{self as row, ActivityScope};

use crate::{Access, Actor, App, repository};

/// How many lines a page shows.
const PAGE_LINES: usize = 20;

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Who did it; none: the account was deleted.
    pub actor: Option<String>,
    /// Where it happened, by its current name.
    pub owner: String,
    pub repository: String,
    pub repository_kind: RepositoryKind,
    pub event: Event,
    pub at: Timestamp,
}

/// A page of a feed, newest entry first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    pub lines: Vec<Activity>,
    /// The cursor for older entries; none: there are none.
    pub older: Option<EventId>,
}

/// What happened in a repository.
pub async fn of_repository(app: &App, access: &Access<Read>, before: Option<EventId>) -> Result<Feed> {
    list(app, access.actor(), ActivityScope::Repository(access.repository().id), before).await
}

/// What a person did, where the actor may see it.
pub async fn of_person(app: &App, actor: &Actor, person: UserId, before: Option<EventId>) -> Result<Feed> {
    list(app, actor, ActivityScope::Actor(person), before).await
}

/// What the actor did, and what happened in repositories that concern them.
pub async fn of_oneself(app: &App, actor: &Actor, before: Option<EventId>) -> Result<Feed> {
    list(app, actor, ActivityScope::Dashboard(actor.signed_in()?.id), before).await
}

async fn list(app: &App, actor: &Actor, scope: ActivityScope, before: Option<EventId>) -> Result<Feed> {
    let most = PAGE_LINES as u64 + 1;
    let mut reader = app.store().read().await?;
    let mut rows = row::list(&mut reader, scope, repository::viewer(actor), before, most).await?;
    let has_more = rows.len() > PAGE_LINES;
    rows.truncate(PAGE_LINES);
    let older = rows.last().filter(|_| has_more).map(|row| row.event_id);
    Ok(Feed { lines: rows.into_iter().filter_map(line).collect(), older })
}

/// None: another version of the program wrote it, and this one cannot read it.
fn line(row: row::Activity) -> Option<Activity> {
    let event = Event::read(&row.kind, row.data.0)
        .inspect_err(|error| {
            tracing::debug!(error = error as &dyn std::error::Error, "an event is left out of a feed");
        })
        .ok()?;
    Some(Activity {
        actor: row.actor,
        owner: row.owner,
        repository: row.repository,
        repository_kind: row.repository_kind,
        event,
        at: row.created_at,
    })
}
