//! A permission is a type: what changes a repository wants an [`Access`] of the right level, and only this file makes
//! one.

use std::marker::PhantomData;

use hearth_core::{
    Action, Administer, Error, Kind, Permission, Read, RepositoryId, RepositoryKind, Result, Scope,
    Visibility, Write,
};
use hearth_store::{Ask, collaborator, repository, repository::Repository, user::User};

use crate::{Actor, App};

/// The part of a repository that is entered; tokens carry scopes by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Repository,
    Issue,
    Task,
}

impl Area {
    const fn read(self) -> Scope {
        match self {
            Self::Repository => Scope::ReadRepository,
            Self::Issue => Scope::ReadIssue,
            Self::Task => Scope::ReadTask,
        }
    }

    const fn write(self) -> Scope {
        match self {
            Self::Repository => Scope::WriteRepository,
            Self::Issue => Scope::WriteIssue,
            Self::Task => Scope::WriteTask,
        }
    }
}

/// Proof that its actor may do `Level` in this repository.
#[derive(Clone, Debug)]
pub struct Access<Level> {
    repository: Repository,
    actor: Actor,
    permission: Permission,
    area: Area,
    level: PhantomData<Level>,
}

impl<Level> Access<Level> {
    pub const fn repository(&self) -> &Repository {
        &self.repository
    }

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// For showing or hiding a button; doing it wants the proof.
    pub fn can(&self, permission: Permission) -> bool {
        self.permission >= permission
    }

    fn raise<Higher>(&self, to: Permission, refused: Action) -> Result<Access<Higher>> {
        self.actor.signed_in()?;
        self.actor.require(self.area.write())?;
        if !self.can(to) {
            return Err(Error::Forbidden(refused));
        }
        Ok(Access {
            repository: self.repository.clone(),
            actor: self.actor.clone(),
            permission: self.permission,
            area: self.area,
            level: PhantomData,
        })
    }

    /// The person who acts here with what everybody who reads may do, such as opening an issue: signed in, and with
    /// a token of the writing scope where it is a token.
    pub fn participant(&self) -> Result<&User> {
        self.actor.require(self.area.write())?;
        self.actor.signed_in()
    }

    pub fn write(&self) -> Result<Access<Write>> {
        self.raise(Permission::Write, Action::Write)
    }

    pub fn administer(&self) -> Result<Access<Administer>> {
        self.raise(Permission::Administer, Action::Administer)
    }
}

impl Access<Write> {
    /// The person who writes.
    pub fn writer(&self) -> &User {
        self.actor.user().expect("raise() asked for a signed-in person")
    }
}

impl Access<Administer> {
    /// The person who administers.
    pub fn administrator(&self) -> &User {
        self.actor.user().expect("raise() asked for a signed-in person")
    }
}

/// Enters a repository by the names in its address.
///
/// What one may not see does not exist: the same [`Error::NotFound`] as for a name that nobody has.
pub async fn open(
    app: &App,
    actor: &Actor,
    area: Area,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Access<Read>> {
    let mut reader = app.store().read().await?;
    let found = repository::find_by_name(&mut reader, kind, owner, name).await?;
    let found = found.ok_or(Error::NotFound(Kind::Repository))?;
    enter(&mut reader, actor, area, found).await
}

/// Enters a repository by its id.
pub async fn open_by_id(app: &App, actor: &Actor, area: Area, id: RepositoryId) -> Result<Access<Read>> {
    let mut reader = app.store().read().await?;
    let found = repository::find(&mut reader, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    enter(&mut reader, actor, area, found).await
}

/// Enters a repository that was read already.
pub async fn enter(
    ask: &mut impl Ask,
    actor: &Actor,
    area: Area,
    repository: Repository,
) -> Result<Access<Read>> {
    let permission =
        permission_of(ask, actor, &repository).await?.ok_or(Error::NotFound(Kind::Repository))?;
    actor.require(area.read())?;
    Ok(Access { repository, actor: actor.clone(), permission, area, level: PhantomData })
}

/// What the actor may do here, none: they may not know of it.
async fn permission_of(
    ask: &mut impl Ask,
    actor: &Actor,
    repository: &Repository,
) -> Result<Option<Permission>> {
    let everybody = match repository.visibility {
        Visibility::Public => Some(Permission::Read),
        Visibility::Private => None,
    };
    if actor.code_repository() == Some(repository.id) {
        return Ok(Some(Permission::Read));
    }
    let Some(user) = actor.user() else { return Ok(everybody) };
    if user.id == repository.owner_id || user.is_admin {
        return Ok(Some(Permission::Administer));
    }
    let granted = collaborator::find_permission(ask, repository.id, user.id).await?;
    Ok(granted.max(everybody))
}
