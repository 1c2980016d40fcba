//! Queries that people keep: for the lists of one repository, or for those over all repositories.

use hearth_core::{RepositoryId, SavedQueryId, ThreadKind, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SavedQuery {
    pub id: SavedQueryId,
    pub user_id: UserId,
    /// None: over all repositories.
    pub repository_id: Option<RepositoryId>,
    pub kind: ThreadKind,
    pub name: String,
    pub query: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSavedQuery {
    pub user_id: UserId,
    pub repository_id: Option<RepositoryId>,
    pub kind: ThreadKind,
    pub name: String,
    pub query: String,
    pub created_at: Timestamp,
}

/// Fails with [`crate::Error::Taken`] if the person has a query of this name for the same list, ignoring case.
pub async fn insert(writer: &mut Writer, new: &NewSavedQuery) -> Result<SavedQuery> {
    writer
        .query(
            "INSERT INTO saved_queries (user_id, repository_id, kind, name, name_key, query, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, user_id, repository_id, kind, name, query",
        )
        .bind(new.user_id)
        .bind(new.repository_id)
        .bind(new.kind)
        .bind(new.name.clone())
        .bind(new.name.to_lowercase())
        .bind(new.query.clone())
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Only deletes a query of this person. `false`: they have no such query.
pub async fn delete(writer: &mut Writer, user: UserId, id: SavedQueryId) -> Result<bool> {
    writer
        .query("DELETE FROM saved_queries WHERE user_id = $1 AND id = $2")
        .bind(user)
        .bind(id)
        .execute_on_one()
        .await
}

/// A person's queries for one list, by name.
pub async fn list(
    ask: &mut impl Ask,
    user: UserId,
    repository: Option<RepositoryId>,
    kind: ThreadKind,
) -> Result<Vec<SavedQuery>> {
    let query = ask.query(
        "SELECT q.id, q.user_id, q.repository_id, q.kind, q.name, q.query FROM saved_queries q WHERE q.user_id = $1 AND q.kind = $2",
    );
    of(query.bind(user).bind(kind), repository).push(" ORDER BY q.name_key").fetch_all().await
}

fn of(query: Query<'_>, repository: Option<RepositoryId>) -> Query<'_> {
    match repository {
        Some(id) => query.and("q.repository_id =", Some(id)),
        None => query.push(" AND q.repository_id IS NULL"),
    }
}
