//! Repositories together with the account that owns them.

use hearth_core::{Error, Kind, Page, PageRequest, Read, RepositoryKind, Result};
use hearth_store::{
    repository::{Filter, Repository},
    user::{self, User},
};

use super::list;
use crate::{Access, Actor, App, Area, access};

/// A repository that its reader has entered, and whose it is.
#[derive(Clone, Debug)]
pub struct Owned {
    pub access: Access<Read>,
    pub owner: User,
}

/// The account that owns a repository.
pub async fn owner_of<Level>(app: &App, access: &Access<Level>) -> Result<User> {
    let owner = user::find(&mut app.store().read().await?, access.repository().owner_id).await?;
    owner.ok_or(Error::NotFound(Kind::User))
}

/// Enters repositories whose rows were read already, in their order.
pub async fn enter_all(app: &App, actor: &Actor, rows: Vec<Repository>) -> Result<Vec<Owned>> {
    let mut reader = app.store().read().await?;
    let ids: Vec<_> = rows.iter().map(|row| row.owner_id).collect();
    let owners = user::find_all(&mut reader, &ids).await?;
    let mut entered = Vec::with_capacity(rows.len());
    for row in rows {
        let owner = owners.iter().find(|owner| owner.id == row.owner_id).cloned();
        let owner = owner.ok_or(Error::NotFound(Kind::User))?;
        entered
            .push(Owned { access: access::enter(&mut reader, actor, Area::Repository, row).await?, owner });
    }
    Ok(entered)
}

/// The repositories of the account of this name that the actor may see.
pub async fn of_owner(
    app: &App,
    actor: &Actor,
    name: &str,
    kind: Option<RepositoryKind>,
    request: PageRequest,
) -> Result<Page<Repository>> {
    let owner = user::find_by_name(&mut app.store().read().await?, name).await?;
    let owner = owner.ok_or(Error::NotFound(Kind::User))?.id;
    list(app, actor, Filter { owner: Some(owner), kind, ..Filter::default() }, request).await
}
