//! Starring and watching repositories.

use std::collections::HashMap;

use hearth_core::{
    Interest, Page, PageRequest, Read, RepositoryId, Result, Scope, Timestamp, UserId, WatchChoice,
};
use hearth_store::{interest as row, repository_facts, user};
pub use hearth_store::{interest::Standing, repository_facts::Facts};

use crate::{Access, Actor, App, user::User};

/// Stars or watches a repository, or no longer. `false` if nothing changed.
pub async fn set(app: &App, access: &Access<Read>, interest: Interest, is_set: bool) -> Result<bool> {
    let user = access.actor().signed_in()?.id;
    access.actor().require(Scope::WriteUser)?;
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let now = operation.now();
    let is_changed = if is_set {
        row::add(&mut operation, repository, user, interest, now).await?
    } else {
        row::remove(&mut operation, repository, user, interest).await?
    };
    operation.commit().await?;
    Ok(is_changed)
}

/// Watches a repository for what the actor chooses, from now on.
pub async fn watch(app: &App, access: &Access<Read>, choice: &WatchChoice) -> Result<()> {
    let user = access.actor().signed_in()?.id;
    access.actor().require(Scope::WriteUser)?;
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let now = operation.now();
    row::add(&mut operation, repository, user, Interest::Watch, now).await?;
    row::choose(&mut operation, repository, user, choice).await?;
    operation.commit().await
}

/// Since when the actor stars or watches it; none: they do not.
pub async fn since(app: &App, access: &Access<Read>, interest: Interest) -> Result<Option<Timestamp>> {
    let user = access.actor().signed_in()?.id;
    access.actor().require(Scope::ReadUser)?;
    Ok(row::find(&mut app.store().read().await?, access.repository().id, user, interest).await?)
}

/// The people who star or watch it, in the order in which they began.
pub async fn people(
    app: &App,
    access: &Access<Read>,
    interest: Interest,
    request: PageRequest,
) -> Result<Page<User>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let total = row::count(&mut reader, repository, interest).await?;
    let ids = row::list(&mut reader, repository, interest, request).await?;
    let mut people = user::find_all(&mut reader, &ids).await?;
    people.sort_by_key(|person| ids.iter().position(|id| *id == person.id));
    Ok(Page { items: people, total, request })
}

/// The repositories that a person stars or watches and that the actor may see.
pub async fn of_person(
    app: &App,
    actor: &Actor,
    person: UserId,
    interest: Interest,
    request: PageRequest,
) -> Result<Page<super::Repository>> {
    actor.require(Scope::ReadUser)?;
    let filter = super::Filter { interested: Some((person, interest)), ..super::Filter::default() };
    super::list(app, actor, filter, request).await
}

/// The facts of several repositories. One without any is left out.
pub async fn facts(app: &App, ids: &[RepositoryId]) -> Result<HashMap<RepositoryId, Facts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(repository_facts::list(&mut app.store().read().await?, ids).await?)
}
