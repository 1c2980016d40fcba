//! The activity of people and repositories: those events that are shown on their pages, kept by the feed's subscriber.

use hearth_core::{EventId, RepositoryId, RepositoryKind, Timestamp, UserId};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Query, Result, Writer,
    event::EventRow,
    grant::{self, Part, Viewer},
};

/// One line of a feed, with where it happened as that is called now.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Activity {
    pub event_id: EventId,
    /// Who did it; none: the account is gone, or nobody did.
    pub actor: Option<String>,
    pub owner: String,
    pub repository: String,
    pub repository_kind: RepositoryKind,
    pub kind: String,
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

/// Shows an event; doing it twice changes nothing. `false`: it was shown, or happened in no repository.
pub async fn insert(writer: &mut Writer, event: &EventRow) -> Result<bool> {
    let rows = writer
        .query(
            "INSERT INTO activities (event_id, actor_id, repository_id, was_public, created_at) \
             SELECT id, actor_id, repository_id, was_public, created_at FROM events \
             WHERE id = $1 AND repository_id IS NOT NULL ON CONFLICT (event_id) DO NOTHING",
        )
        .bind(event.id)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Whose activity is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// What happened in a repository.
    Repository(RepositoryId),
    /// What a person did.
    Actor(UserId),
    /// What a person did, and what happened where they take part.
    Dashboard(UserId),
}

/// What is told of a line; `v` is its row, `e` the event's, `r` the repository's.
const LINE: &str = "SELECT v.event_id, a.name AS actor, o.name AS owner, r.name AS repository, r.kind AS repository_kind, \
    e.kind, e.data, v.created_at";
const JOINED: &str = " JOIN events e ON e.id = v.event_id JOIN repositories r ON r.id = v.repository_id";
const NAMED: &str = " JOIN owners o ON o.id = r.owner_id LEFT JOIN owners a ON a.id = v.actor_id";
const NEWEST_FIRST: &str = " ORDER BY v.event_id DESC";

/// The newest `most` lines before an event that the viewer may see; none: the newest of all.
pub async fn list(
    ask: &mut impl Ask,
    of: Of,
    viewer: Viewer,
    before: Option<EventId>,
    most: u64,
) -> Result<Vec<Activity>> {
    let query = ask.query(LINE).then(" FROM ");
    match of {
        Of::Repository(id) => {
            let query = seen(query.then("activities v"), NAMED, viewer, before);
            query.then(" AND v.repository_id = ").place(id)
        }
        Of::Actor(id) => {
            let query = seen(query.then("activities v"), NAMED, viewer, before);
            query.then(" AND v.actor_id = ").place(id)
        }
        Of::Dashboard(id) => {
            let query = query.then("(SELECT found.event_id FROM (");
            let query = own(query, id, viewer, before, most).then(" UNION ");
            let query =
                around(query, id, before, most).then(") found ORDER BY found.event_id DESC").limit(most);
            let query = query.then(") newest JOIN activities v ON v.event_id = newest.event_id");
            query.then(JOINED).then(NAMED)
        }
    }
    .then(NEWEST_FIRST)
    .limit(most)
    .fetch_all()
    .await
}

/// Goes on from the rows `v`: those before an event that the viewer may see.
fn seen<'c>(query: Query<'c>, names: &'static str, viewer: Viewer, before: Option<EventId>) -> Query<'c> {
    let query = query.then(JOINED).then(names).then(" WHERE r.is_pending = ").place(false);
    grant::seen_when_it_happened(query, viewer, Part::OfEvent, "v.was_public").and("v.event_id <", before)
}

/// The newest of what a person did.
fn own(query: Query<'_>, person: UserId, viewer: Viewer, before: Option<EventId>, most: u64) -> Query<'_> {
    let query = query.then("SELECT own.event_id FROM (SELECT v.event_id FROM activities v");
    let query = seen(query, "", viewer, before).then(" AND v.actor_id = ").place(person);
    query.then(NEWEST_FIRST).limit(most).then(") own")
}

/// The newest of what happened where a person takes part, and some more. Whatever is among the newest `most` of all is so in its
/// repository, and that repository is one of the `most` that something happened in last; so an index leads to all of it, however
/// much happened elsewhere.
fn around(query: Query<'_>, person: UserId, before: Option<EventId>, most: u64) -> Query<'_> {
    let query = query.then("SELECT v.event_id FROM (SELECT part.id, COALESCE((");
    let query = in_one(query, "part.id", person, before).limit(1);
    let query = query
        .then("), 0) AS newest FROM (SELECT r.id FROM repositories r WHERE r.is_pending = ")
        .place(false);
    let query = grant::is_granted(query.then(" AND "), person, Part::Any);
    let query = query.then(") part ORDER BY newest DESC").limit(most);
    let query =
        query.then(") here JOIN activities v ON v.repository_id = here.id AND v.event_id >= COALESCE((");
    let query = in_one(query, "here.id", person, before).limit(1).skip(most.saturating_sub(1));
    let query = query.then("), 0)").then(JOINED).then(" WHERE ");
    grant::is_granted(query, person, Part::OfEvent).and("v.event_id <", before)
}

/// What happened in one repository where a person takes part, the newest first. What they may see of it is said by the line, because it
/// may depend on what happened.
fn in_one<'c>(
    query: Query<'c>,
    repository: &'static str,
    person: UserId,
    before: Option<EventId>,
) -> Query<'c> {
    let query = query.then("SELECT v.event_id FROM activities v").then(JOINED);
    let query = query.then(" WHERE v.repository_id = ").then(repository).then(" AND ");
    grant::is_granted(query, person, Part::OfEvent).and("v.event_id <", before).then(NEWEST_FIRST)
}
