//! The activity of people and repositories: the events that are shown on their pages, stored by the feed's
//! subscriber.

use hearth_core::{EventId, RepositoryId, RepositoryKind, Timestamp, UserId};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Query, Result, Writer,
    event::EventRow,
    grant::{self, Part, Viewer},
};

/// One line of a feed; names are the current ones.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Activity {
    pub event_id: EventId,
    /// Who did it; none if the account is gone, or nobody did.
    pub actor: Option<String>,
    pub owner: String,
    pub repository: String,
    pub repository_kind: RepositoryKind,
    pub kind: String,
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

/// Adds an event to the feed; repeating it has no effect. `false`: it was there, or belongs to no repository.
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

/// Whose activity is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityScope {
    /// What happened in a repository.
    Repository(RepositoryId),
    /// What a person did.
    Actor(UserId),
    /// What a person did, and what happened in repositories they have access to.
    Dashboard(UserId),
}

/// The columns of a line; `v` is its row, `e` the event's, `r` the repository's.
const LINE: &str = "SELECT v.event_id, a.name AS actor, o.name AS owner, r.name AS repository, r.kind AS repository_kind, \
    e.kind, e.data, v.created_at";
const JOINED: &str = " JOIN events e ON e.id = v.event_id JOIN repositories r ON r.id = v.repository_id";
const NAMED: &str = " JOIN owners o ON o.id = r.owner_id LEFT JOIN owners a ON a.id = v.actor_id";
const NEWEST_FIRST: &str = " ORDER BY v.event_id DESC";

/// The newest `most` lines before the given event that the viewer may see; no event: the newest of all.
pub async fn list(
    ask: &mut impl Ask,
    scope: ActivityScope,
    viewer: Viewer,
    before: Option<EventId>,
    most: u64,
) -> Result<Vec<Activity>> {
    let query = ask.query(LINE).push(" FROM ");
    match scope {
        ActivityScope::Repository(id) => {
            let query = seen(query.push("activities v"), NAMED, viewer, before);
            query.push(" AND v.repository_id = ").push_bind(id)
        }
        ActivityScope::Actor(id) => {
            let query = seen(query.push("activities v"), NAMED, viewer, before);
            query.push(" AND v.actor_id = ").push_bind(id)
        }
        ActivityScope::Dashboard(id) => {
            let query = query.push("(SELECT found.event_id FROM (");
            let query = own(query, id, viewer, before, most).push(" UNION ");
            let query =
                around(query, id, before, most).push(") found ORDER BY found.event_id DESC").limit(most);
            let query = query.push(") newest JOIN activities v ON v.event_id = newest.event_id");
            query.push(JOINED).push(NAMED)
        }
    }
    .push(NEWEST_FIRST)
    .limit(most)
    .fetch_all()
    .await
}

/// Joins the rows `v` and restricts them to those before an event that the viewer may see.
fn seen<'c>(query: Query<'c>, names: &'static str, viewer: Viewer, before: Option<EventId>) -> Query<'c> {
    let query = query.push(JOINED).push(names).push(" WHERE r.is_pending = ").push_bind(false);
    grant::seen_when_it_happened(query, viewer, Part::OfEvent, "v.was_public").and("v.event_id <", before)
}

/// The newest events of what a person did.
fn own(query: Query<'_>, person: UserId, viewer: Viewer, before: Option<EventId>, most: u64) -> Query<'_> {
    let query = query.push("SELECT own.event_id FROM (SELECT v.event_id FROM activities v");
    let query = seen(query, "", viewer, before).push(" AND v.actor_id = ").push_bind(person);
    query.push(NEWEST_FIRST).limit(most).push(") own")
}

/// The newest events in repositories that a person has access to, and some more. An event among the newest
/// `most` overall is among the newest `most` of its repository, and that repository is among the `most` with
/// the latest activity; so an index finds them all, however much happened elsewhere.
fn around(query: Query<'_>, person: UserId, before: Option<EventId>, most: u64) -> Query<'_> {
    let query = query.push("SELECT v.event_id FROM (SELECT part.id, COALESCE((");
    let query = in_one(query, "part.id", person, before).limit(1);
    let query = query
        .push("), 0) AS newest FROM (SELECT r.id FROM repositories r WHERE r.is_pending = ")
        .push_bind(false);
    let query = grant::is_granted(query.push(" AND "), person, Part::Any);
    let query = query.push(") part ORDER BY newest DESC").limit(most);
    let query =
        query.push(") here JOIN activities v ON v.repository_id = here.id AND v.event_id >= COALESCE((");
    let query = in_one(query, "here.id", person, before).limit(1).skip(most.saturating_sub(1));
    let query = query.push("), 0)").push(JOINED).push(" WHERE ");
    grant::is_granted(query, person, Part::OfEvent).and("v.event_id <", before)
}

/// What happened in one repository that a person has access to, newest first. Whether they may see each line
/// is checked on the line, because it may depend on the event.
fn in_one<'c>(
    query: Query<'c>,
    repository: &'static str,
    person: UserId,
    before: Option<EventId>,
) -> Query<'c> {
    let query = query.push("SELECT v.event_id FROM activities v").push(JOINED);
    let query = query.push(" WHERE v.repository_id = ").push(repository).push(" AND ");
    grant::is_granted(query, person, Part::OfEvent).and("v.event_id <", before).push(NEWEST_FIRST)
}
