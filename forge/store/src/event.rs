//! What happened, for activity lists: one row a fact, written in the fact's own transaction.

use hearth_core::{RepositoryId, Timestamp, UserId};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Event {
    pub id: i64,
    pub actor_id: Option<UserId>,
    pub repository_id: Option<RepositoryId>,
    /// `repository.created`, `push`, `issue.opened`, `task.launched`, …
    pub kind: String,
    pub data: Json<serde_json::Value>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewEvent {
    pub actor_id: Option<UserId>,
    pub repository_id: Option<RepositoryId>,
    pub kind: &'static str,
    pub data: serde_json::Value,
    pub created_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewEvent) -> Result<()> {
    writer
        .query("INSERT INTO events (actor_id, repository_id, kind, data, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(new.actor_id)
        .bind(new.repository_id)
        .bind(new.kind)
        .bind(Json(new.data.clone()))
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// The newest events of one repository.
pub async fn list_of_repository(
    ask: &mut impl Ask,
    repository: RepositoryId,
    most: i64,
) -> Result<Vec<Event>> {
    ask.query(
        "SELECT id, actor_id, repository_id, kind, data, created_at FROM events \
         WHERE repository_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(repository)
    .bind(most)
    .fetch_all()
    .await
}
