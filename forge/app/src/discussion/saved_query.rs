//! Queries that people keep for lists of issues and pull requests: in one repository, or over all of them.

use hearth_core::{Conflict, Error, Kind, Read, Result, SavedQueryId, Scope, ThreadKind};
pub use hearth_store::saved_query::SavedQuery;
use hearth_store::{Meaning as _, saved_query as row};

use crate::{Access, Actor, App};

const LONGEST_NAME: usize = 50;
const LONGEST_QUERY: usize = 500;

/// The list that a query is kept for.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// None: over all repositories.
    pub repository: Option<&'a Access<Read>>,
    pub kind: ThreadKind,
}

/// Keeps a query under a name.
pub async fn save(app: &App, actor: &Actor, list: List<'_>, name: &str, query: &str) -> Result<SavedQuery> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?.id;
    let (name, query) = (name.trim(), query.trim());
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::field("name", "too-long"));
    }
    if name.contains(char::is_control) {
        return Err(Error::field("name", "characters"));
    }
    if query.chars().count() > LONGEST_QUERY {
        return Err(Error::field("q", "too-long"));
    }
    if query.contains(char::is_control) {
        return Err(Error::field("q", "characters"));
    }
    let repository_id = list.repository.map(|access| access.repository().id);
    let mut operation = app.begin().await?;
    let held = row::list(&mut operation, user, repository_id, list.kind).await?;
    if held.len() as u64 >= app.limits().saved_queries {
        return Err(Error::TooLarge(app.limits().queries_saved()));
    }
    let new = row::NewSavedQuery {
        user_id: user,
        repository_id,
        kind: list.kind,
        name: name.to_owned(),
        query: query.to_owned(),
        created_at: operation.now(),
    };
    let saved = row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    operation.commit().await?;
    Ok(saved)
}

/// Deletes one of the actor's queries.
pub async fn delete(app: &App, actor: &Actor, id: SavedQueryId) -> Result<()> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    if !row::delete(&mut operation, user, id).await? {
        return Err(Error::NotFound(Kind::SavedQuery));
    }
    operation.commit().await
}

/// The actor's queries for a list, by name; none for those who are not signed in.
pub async fn list(app: &App, actor: &Actor, list: List<'_>) -> Result<Vec<SavedQuery>> {
    let Some(user) = actor.user_id() else { return Ok(Vec::new()) };
    let repository = list.repository.map(|access| access.repository().id);
    Ok(row::list(&mut app.store().read().await?, user, repository, list.kind).await?)
}
