//! What happened to a thread between its comments.

use hearth_core::{ThreadEventKind, ThreadId, Timestamp, UserId, UserName};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ThreadEvent {
    pub id: i64,
    pub thread_id: ThreadId,
    pub actor_id: Option<UserId>,
    pub actor: Option<UserName>,
    pub kind: ThreadEventKind,
    /// Depends on the kind: `from` and `to` of a new title, `name` and `color` of a label, `name` of a
    /// person, `reason` of a lock, `number` of an issue; for the others see [`ThreadEventKind`].
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

impl ThreadEvent {
    /// A text field of the data, empty if it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

/// Without an actor, the server itself did it.
pub async fn insert(
    writer: &mut Writer,
    thread: ThreadId,
    actor: impl Into<Option<UserId>>,
    kind: ThreadEventKind,
    data: serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    writer
        .query("INSERT INTO thread_events (thread_id, actor_id, kind, data, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(thread)
        .bind(actor.into())
        .bind(kind)
        .bind(Json(data))
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// The ones among these ids that belong to the thread, oldest first.
pub async fn find_all(ask: &mut impl Ask, thread: ThreadId, ids: &[i64]) -> Result<Vec<ThreadEvent>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(
        "SELECT e.id, e.thread_id, e.actor_id, u.name AS actor, e.kind, e.data, e.created_at \
         FROM thread_events e LEFT JOIN owners u ON u.id = e.actor_id WHERE e.thread_id = $1 AND e.id",
    )
    .bind(thread)
    .is_any_of(ids)
    .push(" ORDER BY e.id")
    .fetch_all()
    .await
}

/// The newest events of one kind in a thread, newest first.
pub async fn list_of_kind(
    ask: &mut impl Ask,
    thread: ThreadId,
    kind: ThreadEventKind,
    most: u64,
) -> Result<Vec<ThreadEvent>> {
    ask.query(
        "SELECT e.id, e.thread_id, e.actor_id, u.name AS actor, e.kind, e.data, e.created_at \
         FROM thread_events e LEFT JOIN owners u ON u.id = e.actor_id WHERE e.thread_id = $1 AND e.kind = $2 ORDER BY e.id DESC",
    )
    .bind(thread)
    .bind(kind)
    .limit(most)
    .fetch_all()
    .await
}
