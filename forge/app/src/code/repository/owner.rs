//! Repositories together with their owners.

use hearth_core::{Error, Kind, OwnerId, Page, PageRequest, Read, RepositoryKind, Result};
use hearth_store::repository::{Filter, Repository};

use super::list;
use crate::{
    Access, Actor, App, access,
    owner::{self, Account},
};

/// A repository that the actor has entered, and its owner.
#[derive(Clone, Debug)]
pub struct Owned {
    pub access: Access<Read>,
    pub owner: Account,
}

/// The owner of a repository.
pub async fn owner_of<Level>(app: &App, access: &Access<Level>) -> Result<Account> {
    let id = access.repository().owner_id;
    if let Some(actor) = access.actor().user().filter(|user| OwnerId::from(user.id) == id) {
        return Ok(Account::Person(actor.clone()));
    }
    let found = owner::find_all(app, &[id]).await?.pop();
    found.ok_or(Error::NotFound(Kind::User))
}

/// Enters repositories whose rows were already read, in their order: through their code if the actor may read
/// it, else through a unit that they may read.
pub async fn enter_all(app: &App, actor: &Actor, rows: Vec<Repository>) -> Result<Vec<Owned>> {
    let ids: Vec<_> = rows.iter().map(|row| row.owner_id).collect();
    let owners = owner::find_all(app, &ids).await?;
    let mut reader = app.store().read().await?;
    let mut entered = Vec::with_capacity(rows.len());
    for row in rows {
        let owner = owners.iter().find(|owner| owner.id() == row.owner_id).cloned();
        let owner = owner.ok_or(Error::NotFound(Kind::User))?;
        let access = access::enter_any(&mut reader, actor, row).await?;
        entered.push(Owned { access, owner });
    }
    Ok(entered)
}

/// The repositories of the owner of this name that the actor may see.
pub async fn of_owner(
    app: &App,
    actor: &Actor,
    name: &str,
    kind: Option<RepositoryKind>,
    request: PageRequest,
) -> Result<Page<Repository>> {
    let owner = owner::find_id(app, actor, name).await?;
    list(app, actor, Filter { owner: Some(owner), kind, ..Filter::default() }, request).await
}
