//! A permission is a type: what changes a repository or an organisation wants an [`Access`] of the right level, and only this file makes
//! one.
//!
//! What somebody may do in a repository is said by unit. It is the most of: what everybody may do, which follows from its visibility; what
//! they were given, which the view `grants` of the store says for owners, single people and teams alike; and, for an administrator of the
//! site who says so (see [`Actor::administration`]), what that is.

use std::{fmt, marker::PhantomData};

use hearth_core::{
    Action, Administer, Error, Kind, OrganizationId, OwnerId, OwnerKind, Permission, Read, RepositoryId,
    RepositoryKind, Result, Roles, Scope, Unit, Visibility, Write,
};
use hearth_store::{
    Ask, grant,
    organization::{self, Organization},
    owner::{self, Owner},
    repository::{self, Repository},
    user::User,
};

use crate::{Actor, App};

/// What can be entered.
pub trait Subject: Clone + fmt::Debug {
    /// What somebody is in it.
    type Standing: Clone + fmt::Debug;
}

impl Subject for Repository {
    type Standing = Entered;
}

impl Subject for Organization {
    type Standing = Standing;
}

/// The unit by which somebody came into a repository, and what they may do in each.
#[derive(Clone, Debug)]
pub struct Entered {
    unit: Unit,
    roles: Roles,
}

/// What somebody is in an organisation that they may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_member: bool,
    /// May change everything in it: an owner, or somebody who acts as administrator of the site.
    pub may_administer: bool,
    pub may_create_repositories: bool,
}

/// The scope that a token needs to look into a unit.
pub const fn read_scope(unit: Unit) -> Scope {
    match unit {
        Unit::Code | Unit::Releases | Unit::Packages | Unit::Settings => Scope::ReadRepository,
        // As Gitea has it, the scope of issues covers what is discussed.
        Unit::Issues | Unit::Pulls => Scope::ReadIssue,
        Unit::Tasks => Scope::ReadTask,
    }
}

/// The scope that a token needs to change something in a unit.
pub const fn write_scope(unit: Unit) -> Scope {
    match unit {
        Unit::Code | Unit::Releases | Unit::Packages | Unit::Settings => Scope::WriteRepository,
        Unit::Issues | Unit::Pulls => Scope::WriteIssue,
        Unit::Tasks => Scope::WriteTask,
    }
}

/// Proof that its actor may do `Level` in this repository, in the unit by which they came, or in this organisation.
#[derive(Clone, Debug)]
pub struct Access<Level, S: Subject = Repository> {
    subject: S,
    actor: Actor,
    standing: S::Standing,
    level: PhantomData<Level>,
}

impl<Level, S: Subject> Access<Level, S> {
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    fn at<Other>(&self) -> Access<Other, S> {
        Access {
            subject: self.subject.clone(),
            actor: self.actor.clone(),
            standing: self.standing.clone(),
            level: PhantomData,
        }
    }
}

impl<Level> Access<Level> {
    pub const fn repository(&self) -> &Repository {
        &self.subject
    }

    /// What the actor may do in each unit.
    pub const fn roles(&self) -> &Roles {
        &self.standing.roles
    }

    /// For showing or hiding a button; doing it wants the proof. To administer a repository is to administer its settings.
    pub fn can(&self, permission: Permission) -> bool {
        let unit = if permission == Permission::Administer { Unit::Settings } else { self.standing.unit };
        self.can_in(unit, permission)
    }

    /// The same of any unit.
    pub fn can_in(&self, unit: Unit, permission: Permission) -> bool {
        self.standing.roles.of(unit) >= Some(permission)
    }

    /// Enters another unit of the same repository.
    pub fn enter_unit(&self, unit: Unit) -> Result<Access<Read>> {
        if !self.can_in(unit, Permission::Read) {
            return Err(Error::NotFound(Kind::Repository));
        }
        self.actor.require(read_scope(unit))?;
        let mut entered = self.at();
        entered.standing.unit = unit;
        Ok(entered)
    }

    /// The person who acts here with what everybody who reads may do, such as opening an issue: signed in, and with
    /// a token of the writing scope where it is a token.
    pub fn participant(&self) -> Result<&User> {
        self.actor.require(write_scope(self.standing.unit))?;
        self.actor.signed_in()
    }

    pub fn write(&self) -> Result<Access<Write>> {
        self.participant()?;
        if self.can(Permission::Write) { Ok(self.at()) } else { Err(Error::Forbidden(Action::Write)) }
    }

    pub fn administer(&self) -> Result<Access<Administer>> {
        self.actor.signed_in()?;
        self.actor.require(write_scope(Unit::Settings))?;
        let may = self.can(Permission::Administer);
        if may { Ok(self.at()) } else { Err(Error::Forbidden(Action::Administer)) }
    }
}

impl Access<Write> {
    /// The person who writes.
    pub fn writer(&self) -> &User {
        self.actor.user().expect("write() asked for a signed-in person")
    }
}

impl<S: Subject> Access<Administer, S> {
    /// The person who administers.
    pub fn administrator(&self) -> &User {
        self.actor.user().expect("administer() asked for a signed-in person")
    }
}

impl<Level> Access<Level, Organization> {
    pub const fn organization(&self) -> &Organization {
        &self.subject
    }

    /// For showing or hiding; changing it wants the proof.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// What only members and administrators may know of it.
    pub fn inside(&self) -> bool {
        self.standing.is_member || self.standing.may_administer || self.actor.administration().is_some()
    }

    /// Its owners, and administrators of the site who act as such.
    pub fn administer(&self) -> Result<Access<Administer, Organization>> {
        self.actor.signed_in()?;
        self.actor.require(Scope::WriteOrganization)?;
        let may = self.standing.may_administer;
        if may { Ok(self.at()) } else { Err(Error::Forbidden(Action::AdministerOrganization)) }
    }
}

/// Where something is that was looked for by its names.
#[derive(Clone, Debug)]
pub enum Located<T> {
    Here(T),
    /// It, or its owner, has another name now, or another owner.
    Moved(T),
}

impl<T> Located<T> {
    /// Programs go on with the name that they know.
    pub fn into_inner(self) -> T {
        match self {
            Self::Here(found) | Self::Moved(found) => found,
        }
    }
}

/// Finds a repository by the names in an address, under its earlier names too, and enters it. The one place that follows a name that moved.
///
/// What one may not see does not exist: the same [`Error::NotFound`] as for a name that nobody has, also where it moved.
pub async fn locate(
    app: &App,
    actor: &Actor,
    unit: Unit,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Located<Access<Read>>> {
    let mut reader = app.store().read().await?;
    if let Some(found) = repository::find_by_name(&mut reader, kind, owner, name).await? {
        return Ok(Located::Here(enter(&mut reader, actor, unit, found).await?));
    }
    let found = repository::find_moved(&mut reader, kind, owner, name).await?;
    let found = found.ok_or(Error::NotFound(Kind::Repository))?;
    Ok(Located::Moved(enter(&mut reader, actor, unit, found).await?))
}

/// Enters a repository by the names in its address, as they are now.
pub async fn open(
    app: &App,
    actor: &Actor,
    unit: Unit,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Access<Read>> {
    let mut reader = app.store().read().await?;
    let found = repository::find_by_name(&mut reader, kind, owner, name).await?;
    let found = found.ok_or(Error::NotFound(Kind::Repository))?;
    enter(&mut reader, actor, unit, found).await
}

/// Enters a repository by its id.
pub async fn open_by_id(app: &App, actor: &Actor, unit: Unit, id: RepositoryId) -> Result<Access<Read>> {
    let mut reader = app.store().read().await?;
    let found = repository::find(&mut reader, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    enter(&mut reader, actor, unit, found).await
}

/// Enters a repository that was read already.
pub async fn enter(
    ask: &mut impl Ask,
    actor: &Actor,
    unit: Unit,
    repository: Repository,
) -> Result<Access<Read>> {
    let roles = roles_of(ask, actor, &repository).await?;
    roles.of(unit).ok_or(Error::NotFound(Kind::Repository))?;
    actor.require(read_scope(unit))?;
    let standing = Entered { unit, roles };
    Ok(Access { subject: repository, actor: actor.clone(), standing, level: PhantomData })
}

/// Enters a repository that stands in a list, by its code or else by the first unit that is open to the actor.
pub(crate) async fn enter_any(
    ask: &mut impl Ask,
    actor: &Actor,
    repository: Repository,
) -> Result<Access<Read>> {
    let roles = roles_of(ask, actor, &repository).await?;
    let open = Unit::ALL.iter().copied().find(|unit| roles.of(*unit).is_some());
    let unit = open.ok_or(Error::NotFound(Kind::Repository))?;
    actor.require(Scope::ReadRepository)?;
    let standing = Entered { unit, roles };
    Ok(Access { subject: repository, actor: actor.clone(), standing, level: PhantomData })
}

/// What the actor may do here by unit; empty: they may not know of it.
async fn roles_of(ask: &mut impl Ask, actor: &Actor, repository: &Repository) -> Result<Roles> {
    let mut roles = match repository.visibility {
        Visibility::Public => Roles::whole(Permission::Read),
        Visibility::Private => Roles::default(),
    };
    if actor.code_repository() == Some(repository.id) {
        roles.add(Some(Unit::Code), Permission::Read);
    }
    let Some(user) = actor.user() else { return Ok(roles) };
    roles.merge(&grant::find_roles(ask, repository.id, user.id).await?);
    if let Some(permission) = actor.administration() {
        roles.add(None, permission);
    }
    Ok(roles)
}

/// Enters an organisation by its name. A private one does not exist for who is no member.
pub async fn open_organization(app: &App, actor: &Actor, name: &str) -> Result<Access<Read, Organization>> {
    let mut reader = app.store().read().await?;
    let found = organization::find_by_name(&mut reader, name).await?;
    enter_organization(&mut reader, actor, found.ok_or(Error::NotFound(Kind::Organization))?).await
}

/// The same by its id.
pub async fn open_organization_by_id(
    app: &App,
    actor: &Actor,
    id: OrganizationId,
) -> Result<Access<Read, Organization>> {
    let mut reader = app.store().read().await?;
    let found = organization::find(&mut reader, id).await?;
    enter_organization(&mut reader, actor, found.ok_or(Error::NotFound(Kind::Organization))?).await
}

/// Enters an organisation that was read already.
pub async fn enter_organization(
    ask: &mut impl Ask,
    actor: &Actor,
    organization: Organization,
) -> Result<Access<Read, Organization>> {
    let standing = standing_of(ask, actor, organization.id).await?;
    let is_seen = standing.is_member || actor.administration().is_some();
    if organization.visibility.is_private() && !is_seen {
        return Err(Error::NotFound(Kind::Organization));
    }
    actor.require(Scope::ReadOrganization)?;
    Ok(Access { subject: organization, actor: actor.clone(), standing, level: PhantomData })
}

async fn standing_of(ask: &mut impl Ask, actor: &Actor, id: OrganizationId) -> Result<Standing> {
    let Some(user) = actor.user() else { return Ok(Standing::default()) };
    let held = organization::find_standing(ask, id, user.id).await?;
    let acts = actor.administration() == Some(Permission::Administer);
    Ok(Standing {
        is_member: held.is_member,
        may_administer: held.is_owner || acts,
        may_create_repositories: held.may_create || acts,
    })
}

/// Whether the actor may make repositories of this owner, and take them for it: their own, and those of organisations that let them.
pub async fn may_create_for(ask: &mut impl Ask, actor: &Actor, owner: &Owner) -> Result<bool> {
    match owner.kind {
        OwnerKind::User => Ok(actor.user().is_some_and(|user| owner.id == user.id)),
        OwnerKind::Organization => {
            Ok(standing_of(ask, actor, OrganizationId(owner.id.0)).await?.may_create_repositories)
        }
    }
}

/// The owner for whom a repository is to be made. An organisation that the actor may not see does not exist.
pub(crate) async fn creating_for(ask: &mut impl Ask, actor: &Actor, id: OwnerId) -> Result<Owner> {
    let owner = owner::find(ask, id).await?.ok_or(Error::NotFound(Kind::User))?;
    if may_create_for(ask, actor, &owner).await? {
        return Ok(owner);
    }
    if owner.kind == OwnerKind::Organization {
        let found = organization::find(ask, OrganizationId(id.0)).await?;
        enter_organization(ask, actor, found.ok_or(Error::NotFound(Kind::Organization))?).await?;
    }
    Err(Error::Forbidden(Action::Administer))
}
