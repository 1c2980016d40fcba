//! Forks: a repository of one's own that begins as another one is now.

use hearth_core::{
    BadName, Conflict, Error, FieldErrors, Kind, OwnerId, Page, PageRequest, Read, RepositoryId,
    RepositoryName, Result, Scope, Unit, UserId, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_git::{BranchName, ObjectId, RefName, StorageId, TagName};
use hearth_store::{
    Meaning as _, fork as row, lfs_object,
    push::{self, NewPush},
    repository::{self, Filter, NewRepository, Repository},
};

use super::{create::reserve, ensure_administrator, git, list, remove_pending};
use crate::{
    Access, App, GitResult as _, Operation, access, jobs::RefreshRepository, lfs_room::Room, organization,
};

/// Forks a repository for a person or an organisation, under its own name or another one. A private repository's forks
/// are private. An owner has one fork of each repository: see [`find_of_owner`].
///
/// As in [`super::create`], a pending row comes first, then the files, then everything else in one transaction.
pub async fn fork(
    app: &App,
    access: &Access<Read>,
    owner: OwnerId,
    name: Option<String>,
) -> Result<Repository> {
    let code = access.enter_unit(Unit::Code)?;
    let (actor, origin) = (code.actor(), code.repository());
    actor.signed_in()?;
    actor.require(Scope::WriteRepository)?;
    let owner = access::creating_for(&mut app.store().read().await?, actor, owner).await?;
    let wanted = name.filter(|name| !name.trim().is_empty());
    let wanted = wanted.unwrap_or_else(|| origin.name.to_string());
    let mut errors = FieldErrors::default();
    let name = errors.take("name", wanted.trim().parse::<RepositoryName>(), BadName::code);
    errors.into_result()?;
    let name = name.ok_or_else(|| Error::internal("bad names make an error"))?;
    if row::find_of_owner(&mut app.store().read().await?, origin.id, owner.id).await?.is_some() {
        return Err(Error::Conflict(Conflict::NameTaken));
    }
    let new = NewRepository {
        owner_id: owner.id,
        kind: origin.kind,
        name,
        description: origin.description.clone(),
        visibility: visibility(app, origin, owner.id).await?,
        default_branch: origin.default_branch.clone(),
        created_at: app.now(),
    };
    let id = reserve(app, actor, &new).await?;
    let made = match git(app, origin).await?.fork_into(&StorageId::from(id.0)).await.map_git() {
        Ok(files) => finish(app, &code, &new, (id, &files)).await,
        Err(error) => Err(error),
    };
    if made.is_err() {
        remove_pending(app, id).await;
    }
    made
}

/// What is private stays so, and what a private organisation has is private.
async fn visibility(app: &App, origin: &Repository, owner: OwnerId) -> Result<Visibility> {
    if origin.visibility.is_private() {
        return Ok(Visibility::Private);
    }
    let mut operation = app.begin().await?;
    match organization::check_visibility(&mut operation, owner, Visibility::Public).await {
        Err(Error::Conflict(Conflict::PrivateOrganization)) => Ok(Visibility::Private),
        checked => checked.map(|()| Visibility::Public),
    }
}

/// A fork of what is private stays private: whoever was let in to read does not publish it.
pub(super) async fn check_visibility(
    operation: &mut Operation,
    fork: &Repository,
    wanted: Visibility,
) -> Result<()> {
    let Some(origin) = fork.fork_of_id.filter(|_| wanted != fork.visibility && !wanted.is_private()) else {
        return Ok(());
    };
    let origin = repository::find(operation, origin).await?;
    if origin.is_some_and(|origin| origin.visibility.is_private()) {
        return Err(Error::field("visibility", "fork-private"));
    }
    Ok(())
}

/// Activates the row together with its origin, its references and the large objects that they name.
async fn finish(
    app: &App,
    code: &Access<Read>,
    new: &NewRepository,
    (id, files): (RepositoryId, &hearth_git::Repository),
) -> Result<Repository> {
    let (actor, origin) = (code.actor(), code.repository());
    let maker = actor.signed_in()?.id;
    let references = files.run(|git| {
        let mut all = git.references(BranchName::PREFIX)?;
        let is_empty = all.is_empty();
        all.extend(git.references(TagName::PREFIX)?);
        Ok((all, is_empty))
    });
    let (references, is_empty) = references.await.map_git()?;
    let mut operation = app.begin().await?;
    // It may have become private while it was copied, as may the organisation.
    let now_private = repository::find(&mut operation, origin.id).await?;
    let now_private = now_private.ok_or(Error::NotFound(Kind::Repository))?.visibility.is_private();
    if now_private && !new.visibility.is_private() {
        return Err(Error::NotFound(Kind::Repository));
    }
    organization::check_visibility(&mut operation, new.owner_id, new.visibility).await?;
    if row::find_of_owner(&mut operation, origin.id, new.owner_id).await?.is_some() {
        return Err(Error::Conflict(Conflict::NameTaken));
    }
    if !repository::finish(&mut operation, id).await.on_taken(Conflict::NameTaken)? {
        return Err(Error::internal("a repository was taken back while it was made"));
    }
    row::set_origin(&mut operation, id, origin.id).await?;
    let room = Room::of(&mut operation, new.owner_id).await?;
    lfs_object::copy_all(&mut operation, origin.id, id, app.now()).await?;
    room.check(app, &mut operation).await?;
    organization::label::add_to(app, &mut operation, new.owner_id, id).await?;
    ensure_administrator(&mut operation, actor, id).await?;
    let created = RepositoryEvent::Created { kind: new.kind, name: new.name.clone() };
    operation.record(Some(maker), Subject::Repository(id), Audience::Repository(id), created).await?;
    note_references(&mut operation, id, maker, references).await?;
    let now = operation.now();
    repository::note_push(&mut operation, id, is_empty, None, now).await?;
    operation.enqueue(&RefreshRepository { repository_id: id }).await?;
    let made = repository::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    Ok(made)
}

/// The references that it begins with are known, as if they had been pushed; but nobody did, so that is no event.
async fn note_references(
    operation: &mut Operation,
    id: RepositoryId,
    maker: UserId,
    references: Vec<(RefName, ObjectId)>,
) -> Result<()> {
    let now = operation.now();
    for (name, commit) in references {
        let new = NewPush {
            repository_id: id,
            pusher_id: Some(maker),
            ref_name: name.to_string(),
            old_id: String::new(),
            new_id: commit.to_string(),
            created_at: now,
        };
        push::insert(operation, &new).await?;
    }
    Ok(())
}

/// The fork that an owner already has, if the actor may see it.
pub async fn find_of_owner(app: &App, access: &Access<Read>, owner: OwnerId) -> Result<Option<Repository>> {
    let mut reader = app.store().read().await?;
    let Some(id) = row::find_of_owner(&mut reader, access.repository().id, owner).await? else {
        return Ok(None);
    };
    let Some(found) = repository::find(&mut reader, id).await? else { return Ok(None) };
    let entered = access::if_seen(access::enter_any(&mut reader, access.actor(), found).await)?;
    Ok(entered.map(|entered| entered.repository().clone()))
}

/// The repository that this one was forked from, if the actor may see it.
pub async fn origin(app: &App, access: &Access<Read>) -> Result<Option<Repository>> {
    let Some(id) = access.repository().fork_of_id else { return Ok(None) };
    let mut reader = app.store().read().await?;
    let Some(found) = repository::find(&mut reader, id).await? else { return Ok(None) };
    let entered = access::if_seen(access::enter_any(&mut reader, access.actor(), found).await)?;
    Ok(entered.map(|entered| entered.repository().clone()))
}

/// The forks that the actor may see.
pub async fn list_forks(app: &App, access: &Access<Read>, request: PageRequest) -> Result<Page<Repository>> {
    let filter = Filter { fork_of: Some(access.repository().id), ..Filter::default() };
    list(app, access.actor(), filter, request).await
}
