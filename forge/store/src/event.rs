//! Events: one row per event, written in the same transaction as the change, with a row in the outbox until
//! it is dispatched to subscribers.
//!
//! Positions are assigned by the dispatcher, one transaction at a time, so a reader who has seen position 7
//! has seen every visible event up to 7. Row ids lack this property: transactions commit in a different order
//! than they take their ids.

use hearth_core::{
    Event, EventId, OwnerId, RepositoryId, Timestamp, UserId,
    event::{Audience, Subject},
};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Result, Writer,
    grant::{self, OF_SETTINGS, Part, Viewer},
};

/// An event as stored. Rows of earlier versions may hold kinds and data that [`Event::read`] does not know.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct EventRow {
    pub id: EventId,
    /// Its position in the stream.
    pub position: i64,
    pub actor_id: Option<UserId>,
    /// The actor's current name.
    pub actor: Option<String>,
    pub repository_id: Option<RepositoryId>,
    /// The current names of the repository's owner and of the repository.
    pub owner: Option<String>,
    pub repository: Option<String>,
    /// The noun that it is about, and its id.
    pub subject: String,
    pub subject_id: i64,
    pub kind: String,
    pub version: i64,
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

/// An event to be stored.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Who did it; none: Hearth itself, or its operator.
    pub actor_id: Option<UserId>,
    pub subject: Subject,
    pub audience: Audience,
    pub event: Event,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT e.id, COALESCE(e.position, 0) AS position, e.actor_id, a.name AS actor, e.repository_id, \
    o.name AS owner, n.name AS repository, e.subject, e.subject_id, e.kind, e.version, e.data, e.created_at FROM events e \
    LEFT JOIN owners a ON a.id = e.actor_id LEFT JOIN repositories n ON n.id = e.repository_id \
    LEFT JOIN owners o ON o.id = n.owner_id";

/// Stores an event, and its row in the outbox.
pub async fn insert(writer: &mut Writer, new: &NewEvent) -> Result<EventId> {
    let (audience, repository, account) = match new.audience {
        Audience::Repository(id) => ("repository", Some(id), None),
        Audience::Account(id) => ("account", None, Some(OwnerId::from(id))),
        Audience::Organization(id) => ("organization", None, Some(OwnerId::from(id))),
        Audience::Administrators => ("administrators", None, None),
    };
    let (id,): (EventId,) = writer
        .query(
            "INSERT INTO events (actor_id, repository_id, kind, version, data, subject, subject_id, audience, account_id, \
             created_at, was_public) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
             COALESCE((SELECT visibility = 'public' FROM repositories WHERE id = $2), FALSE) AND $3 NOT IN ",
        )
        .push(OF_SETTINGS)
        .push(") RETURNING id")
        .bind(new.actor_id)
        .bind(repository)
        .bind(new.event.kind())
        .bind(Event::VERSION)
        .bind(Json(new.event.data()))
        .bind(new.subject.noun())
        .bind(new.subject.number())
        .bind(audience)
        .bind(account)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query("INSERT INTO event_outbox (event_id) VALUES ($1)").bind(id).execute().await?;
    writer.changed(hearth_core::Change::Events);
    Ok(id)
}

pub async fn find(ask: &mut impl Ask, id: EventId) -> Result<Option<EventRow>> {
    ask.query(SELECT).push(" WHERE e.id = $1").bind(id).fetch_optional().await
}

/// Whether [`dispatch`] would find anything: uses a reader, so that an idle dispatcher writes nothing.
pub async fn is_any_undispatched(ask: &mut impl Ask) -> Result<bool> {
    Ok(ask.query("SELECT COUNT(*) FROM (SELECT 1 FROM event_outbox LIMIT 1) one").fetch_count().await? > 0)
}

/// How many events are waiting to be dispatched.
pub async fn count_undispatched(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM event_outbox").fetch_count().await
}

/// Takes at most `most` events from the outbox and assigns each a position. The counter's row is locked, so
/// only one transaction dispatches at a time and positions become visible in order.
pub async fn dispatch(writer: &mut Writer, most: u64) -> Result<Vec<(EventId, String)>> {
    let (mut last,): (i64,) =
        writer.query("UPDATE event_position SET last = last WHERE id = 1 RETURNING last").fetch_one().await?;
    let waiting: Vec<(EventId, String)> = writer
        .query("SELECT e.id, e.kind FROM event_outbox o JOIN events e ON e.id = o.event_id ORDER BY e.id")
        .limit(most)
        .fetch_all()
        .await?;
    for (id, _) in &waiting {
        last += 1;
        writer.query("UPDATE events SET position = $2 WHERE id = $1").bind(*id).bind(last).execute().await?;
    }
    let ids: Vec<EventId> = waiting.iter().map(|(id, _)| *id).collect();
    writer.query("DELETE FROM event_outbox WHERE event_id").is_any_of(ids.as_slice()).execute().await?;
    writer.query("UPDATE event_position SET last = $1 WHERE id = 1").bind(last).execute().await?;
    Ok(waiting)
}

/// The next `most` events after position `after`, up to `until`, that the viewer may see. An event of a
/// repository is visible to those who can read the repository now; to everybody only if it also was public
/// when it happened.
pub async fn list_after(
    ask: &mut impl Ask,
    viewer: Viewer,
    (after, until): (i64, i64),
    most: u64,
) -> Result<Vec<EventRow>> {
    let query = ask.query(SELECT).push(" WHERE e.position > $1 AND e.position <= $2 AND (");
    let query = query.bind(after).bind(until);
    let query = match viewer {
        Viewer::Anybody => query,
        Viewer::Person(user) => query
            .push("(e.audience = 'account' AND e.account_id = ")
            .push_bind(user)
            .push(
                ") OR (e.audience = 'organization' AND e.account_id IN (SELECT organization_id FROM organization_members \
                 WHERE user_id = ",
            )
            .push_bind(user)
            .push(")) OR "),
        Viewer::Administrator => query.push("e.audience <> 'repository' OR "),
    };
    let query = query.push(
        "(e.audience = 'repository' AND EXISTS (SELECT 1 FROM repositories r WHERE r.id = e.repository_id \
         AND r.is_pending = ",
    );
    let query = grant::seen_when_it_happened(query.push_bind(false), viewer, Part::OfEvent, "e.was_public");
    query.push("))) ORDER BY e.position").limit(most).fetch_all().await
}

/// The position of the last dispatched event; 0 before the first.
pub async fn last_position(ask: &mut impl Ask) -> Result<i64> {
    let (last,): (i64,) = ask.query("SELECT last FROM event_position WHERE id = 1").fetch_one().await?;
    Ok(last)
}
