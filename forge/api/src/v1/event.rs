//! The event stream, for programs that follow it.

use axum::{
    Json,
    extract::{Query, State},
};
use hearth_app::{
    App,
    events::{self, EventRow, MOST_EVENTS},
};
use hearth_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table.get(
        "/events",
        list,
        describe("List the events that you can see, in the order in which they became visible")
            .response::<Events>()
            .query("after", "the position behind which to begin; 0 when left out")
            .query("limit", "events at once, at most 100"),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventQuery {
    after: i64,
    limit: Option<u64>,
}

/// A page of the event stream.
#[derive(Serialize, ToSchema)]
pub(crate) struct Events {
    events: Vec<Event>,
    /// `after` of the next request. It advances even when no event was visible to the caller.
    next_after: i64,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    id: i64,
    /// Its place in the stream. Events that become visible later have higher ones.
    position: i64,
    /// `push`, `issue.opened`, `task.ended`, … A released name stays as it is.
    kind: String,
    /// The version of the shape of `data`.
    version: i64,
    /// Who did it; null: the program itself, its operator, or a deleted account.
    actor: Option<String>,
    subject: Subject,
    /// Owner and name, as they are now; null where it happened in no repository.
    repository: Option<String>,
    #[schema(value_type = Object)]
    data: serde_json::Value,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

/// What it is about.
#[derive(Serialize, ToSchema)]
pub(crate) struct Subject {
    /// `account`, `organization`, `repository`, `issue` or `task`.
    r#type: String,
    id: i64,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        let repository = row.owner.zip(row.repository).map(|(owner, name)| format!("{owner}/{name}"));
        Self {
            id: row.id.0,
            position: row.position,
            kind: row.kind,
            version: row.version,
            actor: row.actor,
            subject: Subject { r#type: row.subject, id: row.subject_id },
            repository,
            data: row.data.0,
            created_at: row.created_at,
        }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<EventQuery>,
) -> ApiResult<Json<Events>> {
    let found = events::list_after(&app, &actor, query.after, query.limit.unwrap_or(MOST_EVENTS)).await?;
    let events = found.events.into_iter().map(Event::from).collect();
    Ok(Json(Events { events, next_after: found.next_after }))
}
