//! People who were granted roles in a single repository.

use hearth_core::{
    Action, Administer, Error, FieldErrors, Kind, Permission, Read, RepositoryId, RepositoryKind, Result,
    Roles, Unit, UserName,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_store::{
    grant,
    repository::{self, Repository},
    user::{self, User},
};
use serde_json::{Value, json};

pub use hearth_store::grant::Collaborator;

use crate::{
    Access, Actor, App, Operation,
    audit::{self, Fact},
};

/// Collaborators of the repository itself, by name. Visible to those who may write to it.
pub async fn list(app: &App, access: &Access<Read>) -> Result<Vec<Collaborator>> {
    if access.roles().most() < Some(Permission::Write) {
        return Err(Error::Forbidden(Action::Write));
    }
    Ok(grant::list_collaborators(&mut app.store().read().await?, access.repository().id).await?)
}

/// A person's roles in the repository, from all sources; empty: no more than everybody. Visible to those who
/// administer it, and to the person.
pub async fn roles_of(app: &App, access: &Access<Read>, name: &str) -> Result<Roles> {
    let mut reader = app.store().read().await?;
    let person = user::find_by_name(&mut reader, name).await?.ok_or(Error::NotFound(Kind::User))?;
    if access.actor().user_id() != Some(person.id) && !access.can(Permission::Administer) {
        return Err(Error::Forbidden(Action::Administer));
    }
    let mut roles = grant::find_roles(&mut reader, access.repository().id, person.id).await?;
    if !access.repository().visibility.is_private() {
        roles.add(None, Permission::Read);
    }
    Ok(roles)
}

/// Grants a person these roles, replacing earlier ones.
pub async fn put(app: &App, access: &Access<Administer>, name: &str, roles: &Roles) -> Result<UserName> {
    let mut errors = FieldErrors::default();
    if roles.is_empty() {
        errors.add("roles", "required");
    }
    // Nobody gives more than they have.
    if Unit::ALL.iter().any(|unit| roles.of(*unit) > access.roles().of(*unit)) {
        return Err(Error::Forbidden(Action::Administer));
    }
    let id = access.repository().id;
    let mut operation = app.begin().await?;
    let row = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let found = user::find_by_name(&mut operation, name.trim()).await?;
    let person = found.filter(|person| !person.is_blocked);
    match &person {
        None => errors.add("name", "unknown-person"),
        Some(person) if row.owner_id == person.id => errors.add("name", "owner-already"),
        Some(_) => {}
    }
    errors.into_result()?;
    let person = person.ok_or_else(|| Error::internal("a missing person makes an error"))?;
    let before = grant::find_direct_roles(&mut operation, id, person.id).await?;
    let limits = app.limits();
    if before.is_empty() && grant::count_collaborators(&mut operation, id).await? >= limits.collaborators {
        return Err(Error::TooLarge(limits.collaborators_of_repository()));
    }
    if before != *roles {
        grant::set_roles(&mut operation, id, person.id, roles, app.now()).await?;
        let was = (!before.is_empty()).then(|| json!({ "roles": before }));
        let is = json!({ "user": person.name, "roles": roles });
        note(&mut operation, access.actor(), &row, "changed", (was, Some(is))).await?;
        let user = person.name.clone();
        let event = RepositoryEvent::CollaboratorChanged { user, roles: roles.clone() };
        operation.record_in(access, Subject::Repository(id), event).await?;
    }
    operation.commit().await?;
    Ok(person.name)
}

/// Removes a person as a collaborator. Roles they have through a team stay.
pub async fn remove(app: &App, access: &Access<Administer>, name: &str) -> Result<()> {
    let found = user::find_by_name(&mut app.store().read().await?, name).await?;
    let person = found.ok_or(Error::NotFound(Kind::User))?;
    take(app, access.actor(), access.repository().id, &person).await
}

/// The repository of these names that the actor is a collaborator of, with the roles they were given, in
/// whichever units. To everybody else it does not exist.
pub async fn find_own(
    app: &App,
    actor: &Actor,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<(Repository, Roles)> {
    let user = actor.signed_in()?.id;
    let nothing = || Error::NotFound(Kind::Repository);
    let mut reader = app.store().read().await?;
    let found = repository::find_by_name(&mut reader, kind, owner, name).await?.ok_or_else(nothing)?;
    let roles = grant::find_direct_roles(&mut reader, found.id, user).await?;
    if roles.is_empty() { Err(nothing()) } else { Ok((found, roles)) }
}

/// Gives up the actor's own role as a collaborator.
pub async fn leave(app: &App, actor: &Actor, id: RepositoryId) -> Result<()> {
    actor.require(crate::access::write_scope(Unit::Settings))?;
    let user = actor.signed_in()?;
    take(app, actor, id, user).await
}

async fn take(app: &App, actor: &Actor, id: RepositoryId, person: &User) -> Result<()> {
    let mut operation = app.begin().await?;
    let row = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let roles = grant::find_direct_roles(&mut operation, id, person.id).await?;
    if !grant::revoke(&mut operation, id, person.id).await? {
        return Err(Error::NotFound(Kind::Member));
    }
    let was = json!({ "user": person.name, "roles": roles });
    note(&mut operation, actor, &row, "removed", (Some(was), None)).await?;
    let event = RepositoryEvent::CollaboratorRemoved { user: person.name.clone() };
    let (subject, audience) = (Subject::Repository(id), Audience::Repository(id));
    operation.record(actor.user_id(), subject, audience, event).await?;
    operation.commit().await
}

/// Notes the roles that somebody was given or lost, with those before.
async fn note(
    operation: &mut Operation,
    actor: &Actor,
    row: &Repository,
    action: &'static str,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<()> {
    let subject = audit::repository_path(row);
    let (before, after) = (before.as_ref(), after.as_ref());
    audit::note(operation, actor, Fact { kind: "collaborator", subject: &subject, action, before, after })
        .await
}
