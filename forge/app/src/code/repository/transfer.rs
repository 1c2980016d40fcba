//! Transferring a repository to another owner.
//!
//! Its files, large files, tasks and issues refer to its id, so they follow and nothing is moved on disk.
//! Running attempts continue where they are and count against who paid before; what starts from now on counts
//! towards the new owner's quota.

use hearth_core::{
    Action, Administer, Conflict, Error, Kind, OrganizationId, OwnerKind, Permission, Read, RepositoryId,
    Result, Scope, UserId,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_store::{
    Ask, Meaning as _, grant,
    owner::{self, Owner},
    repository::{self, Repository},
    transfer as row, user,
};

pub use hearth_store::transfer::Transfer;

use crate::{Access, Actor, App, Operation, access, organization};

/// At most this many are shown to the recipient.
const MOST_SHOWN: u64 = 100;

/// The result of a transfer request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The actor may create repositories there, so the transfer is complete.
    Done(Box<Repository>),
    /// The new owner has been asked to accept.
    Asked,
}

/// Transfers a repository, or asks the new owner if the actor may not create repositories there.
pub async fn start(app: &App, access: &Access<Administer>, new_owner: &str) -> Result<Outcome> {
    let id = access.repository().id;
    let mut operation = app.begin().await?;
    let repository = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let owner = target(&mut operation, access.actor(), &repository, new_owner).await?;
    if !access::is_owner(&mut operation, access.actor(), &repository).await? {
        return Err(Error::Forbidden(Action::Transfer));
    }
    if access::may_create_for(&mut operation, access.actor(), &owner).await? {
        let moved = give(app, &mut operation, access.actor(), &repository, &owner).await?;
        operation.commit().await?;
        return Ok(Outcome::Done(Box::new(moved)));
    }
    // Whether the name is free there is checked on acceptance: until then, it is not the requester's
    // business.
    row::put(&mut operation, id, owner.id, access.administrator().id, app.now()).await?;
    let event = RepositoryEvent::TransferAsked { to: owner.name.clone() };
    let audience = Audience::of_owner(owner.id, owner.kind);
    operation.record(access.actor().user_id(), Subject::Repository(id), audience, event).await?;
    operation.commit().await?;
    Ok(Outcome::Asked)
}

/// Reports what is wrong with a new owner, and transfers nothing.
pub async fn check(app: &App, access: &Access<Administer>, new_owner: &str) -> Result<()> {
    let mut reader = app.store().read().await?;
    target(&mut reader, access.actor(), access.repository(), new_owner).await.map(drop)
}

/// Another owner than the present one, whom the actor may see.
async fn target(ask: &mut impl Ask, actor: &Actor, repository: &Repository, name: &str) -> Result<Owner> {
    let unknown = || Error::field("new_owner", "unknown-account");
    let owner = owner::find_by_name(ask, name.trim()).await?.ok_or_else(unknown)?;
    let is_seen = match owner.kind {
        OwnerKind::User => user::find(ask, UserId(owner.id.0)).await?.is_some_and(|user| !user.is_blocked),
        OwnerKind::Organization => organization::is_seen(ask, actor, OrganizationId(owner.id.0)).await?,
    };
    if !is_seen {
        return Err(unknown());
    }
    if owner.id == repository.owner_id {
        return Err(Error::field("new_owner", "owner-already"));
    }
    Ok(owner)
}

/// Moves a locked repository.
async fn give(
    app: &App,
    operation: &mut Operation,
    actor: &Actor,
    repository: &Repository,
    owner: &Owner,
) -> Result<Repository> {
    organization::check_visibility(operation, owner.id, repository.visibility).await?;
    if repository::count_of_owner(operation, owner.id).await? >= app.limits().repositories {
        return Err(Error::TooLarge(app.limits().repositories_of_owner()));
    }
    row::move_to(operation, repository, owner.id, app.now()).await.on_taken(Conflict::NameTaken)?;
    // The owner needs no explicit grant.
    grant::revoke(operation, repository.id, UserId(owner.id.0)).await?;
    super::ensure_administrator(operation, actor, repository.id).await?;
    let (from, to) = (repository.owner.clone(), owner.name.clone());
    let event = RepositoryEvent::Transferred { from, to, name: repository.name.clone() };
    let (subject, audience) = (Subject::Repository(repository.id), Audience::Repository(repository.id));
    operation.record(actor.user_id(), subject, audience, event).await?;
    repository::find(operation, repository.id).await?.ok_or(Error::NotFound(Kind::Repository))
}

/// The pending transfer of a repository, if any. For its administrators, and for those who may accept it.
pub async fn find(app: &App, access: &Access<Read>) -> Result<Option<Transfer>> {
    let mut reader = app.store().read().await?;
    let Some(found) = row::find(&mut reader, access.repository().id).await? else { return Ok(None) };
    let owner = owner::find(&mut reader, found.new_owner_id).await?;
    let is_asked = match &owner {
        Some(owner) => access::may_create_for(&mut reader, access.actor(), owner).await?,
        None => false,
    };
    Ok(Some(found).filter(|_| is_asked || access.can(Permission::Administer)))
}

/// The transfers that the actor may accept, for themselves and for organisations in which they may create
/// repositories.
pub async fn list_mine(app: &App, actor: &Actor) -> Result<Vec<Transfer>> {
    let user = actor.signed_in()?.id;
    actor.require(Scope::ReadRepository)?;
    Ok(row::list_for(&mut app.store().read().await?, user, MOST_SHOWN).await?)
}

/// Accepts a transfer. The actor need not be able to read the repository before.
pub async fn accept(app: &App, actor: &Actor, id: RepositoryId) -> Result<Repository> {
    let (mut operation, repository, owner) = answer(app, actor, id).await?;
    let asked = row::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Transfer))?;
    // The requester may have lost the right since; then the transfer is void.
    let by = match asked.asked_by {
        Some(name) => user::find_by_name(&mut operation, name.as_str()).await?,
        None => None,
    };
    let Some(by) = by.filter(|user| !user.is_blocked) else { return Err(Error::NotFound(Kind::Transfer)) };
    if !by.is_admin && !access::owns(&mut operation, by.id, &repository).await? {
        return Err(Error::NotFound(Kind::Transfer));
    }
    let moved = give(app, &mut operation, actor, &repository, &owner).await?;
    operation.commit().await?;
    Ok(moved)
}

/// Declines a transfer.
pub async fn decline(app: &App, actor: &Actor, id: RepositoryId) -> Result<()> {
    let (operation, repository, owner) = answer(app, actor, id).await?;
    end(operation, actor, &repository, &owner).await
}

/// Withdraws a transfer.
pub async fn withdraw(app: &App, access: &Access<Administer>) -> Result<()> {
    let mut operation = app.begin().await?;
    let id = access.repository().id;
    let repository = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let asked = row::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Transfer))?;
    let owner = owner::find(&mut operation, asked.new_owner_id).await?;
    let owner = owner.ok_or(Error::NotFound(Kind::Transfer))?;
    end(operation, access.actor(), &repository, &owner).await
}

/// The pending transfer for an actor who may answer it, with the repository locked.
async fn answer(app: &App, actor: &Actor, id: RepositoryId) -> Result<(Operation, Repository, Owner)> {
    actor.signed_in()?;
    actor.require(Scope::WriteRepository)?;
    let nothing = || Error::NotFound(Kind::Transfer);
    let mut operation = app.begin().await?;
    let repository = repository::lock(&mut operation, id).await?.ok_or_else(nothing)?;
    let asked = row::find(&mut operation, id).await?.ok_or_else(nothing)?;
    let owner = owner::find(&mut operation, asked.new_owner_id).await?.ok_or_else(nothing)?;
    if !access::may_create_for(&mut operation, actor, &owner).await? {
        return Err(nothing());
    }
    Ok((operation, repository, owner))
}

async fn end(mut operation: Operation, actor: &Actor, repository: &Repository, owner: &Owner) -> Result<()> {
    row::delete(&mut operation, repository.id).await?;
    let event = RepositoryEvent::TransferEnded { to: owner.name.clone() };
    let (subject, audience) = (Subject::Repository(repository.id), Audience::Repository(repository.id));
    operation.record(actor.user_id(), subject, audience, event).await?;
    operation.commit().await
}
