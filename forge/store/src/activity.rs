//! The activity of people and repositories: those events that are shown on their pages, kept by the feed's subscriber.

use hearth_core::{EventId, RepositoryId, RepositoryKind, Timestamp, UserId};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Query, Result, Writer,
    event::EventRow,
    repository::{self, Viewer},
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

/// The newest `most` lines before an event that the viewer may see; none: the newest of all.
pub async fn list(
    ask: &mut impl Ask,
    of: Of,
    viewer: Viewer,
    before: Option<EventId>,
    most: u64,
) -> Result<Vec<Activity>> {
    let query = ask.query(
        "SELECT v.event_id, a.name AS actor, o.name AS owner, r.name AS repository, r.kind AS repository_kind, e.kind, e.data, \
         v.created_at FROM activities v JOIN events e ON e.id = v.event_id JOIN repositories r ON r.id = v.repository_id \
         JOIN users o ON o.id = r.owner_id LEFT JOIN users a ON a.id = v.actor_id WHERE r.is_pending = ",
    );
    let query = seen_in(query.place(false), of);
    let query = repository::seen_when_it_happened(query, viewer, "v.was_public").and("v.event_id <", before);
    query.then(" ORDER BY v.event_id DESC").limit(most).fetch_all().await
}

fn seen_in(query: Query<'_>, of: Of) -> Query<'_> {
    match of {
        Of::Repository(id) => query.then(" AND v.repository_id = ").place(id),
        Of::Actor(id) => query.then(" AND v.actor_id = ").place(id),
        Of::Dashboard(id) => {
            let query = query.then(" AND (v.actor_id = ").place(id).then(" OR ");
            repository::is_member(query, id).then(")")
        }
    }
}
