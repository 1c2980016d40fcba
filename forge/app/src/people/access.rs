//! Permissions as types: whatever changes a repository or an organisation takes an [`Access`] of the right
//! level, and only this file creates one.
//!
//! Permissions in a repository are per unit. An actor's permission is the highest of: what everybody may do,
//! given its visibility; what the actor was granted, as the store's view `grants` has it for owners,
//! collaborators and teams alike; and, for a site administrator who acts as one, what
//! [`Actor::administration`] says.

use std::{fmt, marker::PhantomData};

use hearth_core::{
    Action, Administer, Error, Kind, OrganizationId, OwnerId, OwnerKind, Permission, Push, Read,
    RepositoryId, RepositoryKind, Result, Roles, Scope, Unit, UserId, Visibility, Write,
};
use hearth_store::{
    Ask, grant,
    organization::{self, Organization},
    owner::{self, Owner},
    pull_request::PullRequest,
    repository::{self, Repository},
    user::{self, User},
};

use crate::{Actor, App};

/// What can be entered: a repository or an organisation.
pub trait Subject: Clone + fmt::Debug {
    /// The actor's standing in it.
    type Standing: Clone + fmt::Debug;
}

impl Subject for Repository {
    type Standing = Entered;
}

impl Subject for Organization {
    type Standing = Standing;
}

/// The unit through which the actor entered a repository, and their permissions in every unit.
#[derive(Clone, Debug)]
pub struct Entered {
    unit: Unit,
    roles: Roles,
}

/// The actor's standing in an organisation that they may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub is_member: bool,
    /// May change everything in it: an owner, or somebody acting as a site administrator.
    pub may_administer: bool,
    pub may_create_repositories: bool,
}

/// The scope that a token needs to read a unit.
pub const fn read_scope(unit: Unit) -> Scope {
    match unit {
        // As in Gitea, the scope for issues does not cover pull requests.
        Unit::Code | Unit::Pulls | Unit::Releases | Unit::Packages | Unit::Settings => Scope::ReadRepository,
        Unit::Issues => Scope::ReadIssue,
        Unit::Tasks => Scope::ReadTask,
    }
}

/// The scope that a token needs to change something in a unit.
pub const fn write_scope(unit: Unit) -> Scope {
    match unit {
        Unit::Code | Unit::Pulls | Unit::Releases | Unit::Packages | Unit::Settings => Scope::WriteRepository,
        Unit::Issues => Scope::WriteIssue,
        Unit::Tasks => Scope::WriteTask,
    }
}

/// Proof that the actor may do `Level` in this repository, in the unit through which they entered, or in this
/// organisation.
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

    /// The actor's permissions in each unit.
    pub const fn roles(&self) -> &Roles {
        &self.standing.roles
    }

    /// For showing or hiding a button; the action itself takes the proof. Administering a repository means
    /// administering its settings.
    pub fn can(&self, permission: Permission) -> bool {
        let unit = if permission == Permission::Administer { Unit::Settings } else { self.standing.unit };
        self.can_in(unit, permission)
    }

    /// The same for any unit.
    pub fn can_in(&self, unit: Unit, permission: Permission) -> bool {
        self.standing.roles.of(unit) >= Some(permission)
    }

    /// The unit through which the actor entered.
    pub const fn unit(&self) -> Unit {
        self.standing.unit
    }

    /// Whether the actor may do at least as much in another unit as in the one that they entered: then what was
    /// proven for the one also holds in the other.
    pub(crate) fn holds_in(&self, unit: Unit) -> bool {
        self.standing.roles.of(unit) >= self.standing.roles.of(self.standing.unit)
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

    /// The person who acts with the rights of every reader, such as opening an issue: signed in, and, if by a
    /// token, with the unit's write scope. Nobody takes part in an archived repository.
    pub fn participant(&self) -> Result<&User> {
        if self.actor.is_deploy_key() {
            return Err(Error::Forbidden(Action::DeployKey));
        }
        self.actor.require(write_scope(self.standing.unit))?;
        let user = self.actor.signed_in()?;
        self.refuse_if_archived()?;
        Ok(user)
    }

    fn refuse_if_archived(&self) -> Result<()> {
        if self.subject.is_archived() { Err(Error::Forbidden(Action::Archived)) } else { Ok(()) }
    }

    pub fn write(&self) -> Result<Access<Write>> {
        self.participant()?;
        if self.can(Permission::Write) { Ok(self.at()) } else { Err(Error::Forbidden(Action::Write)) }
    }

    /// Sending objects and moving references: for those who may write, and for a deploy key that may.
    pub fn push(&self) -> Result<Access<Push>> {
        if self.actor.is_deploy_key() {
            self.refuse_if_archived()?;
        } else {
            self.participant()?;
        }
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
        self.actor.user().expect("write() requires a signed-in person")
    }
}

impl<S: Subject> Access<Administer, S> {
    /// The person who administers.
    pub fn administrator(&self) -> &User {
        self.actor.user().expect("administer() requires a signed-in person")
    }
}

impl<Level> Access<Level, Organization> {
    pub const fn organization(&self) -> &Organization {
        &self.subject
    }

    /// For showing or hiding things; changing them takes the proof.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether the actor may know what only members and administrators may know.
    pub fn inside(&self) -> bool {
        self.standing.is_member || self.standing.may_administer || self.actor.administration().is_some()
    }

    /// For its owners, and for site administrators acting as such.
    pub fn administer(&self) -> Result<Access<Administer, Organization>> {
        self.actor.signed_in()?;
        self.actor.require(Scope::WriteOrganization)?;
        let may = self.standing.may_administer;
        if may { Ok(self.at()) } else { Err(Error::Forbidden(Action::AdministerOrganization)) }
    }
}

/// Where something was found that was looked up by name.
#[derive(Clone, Debug)]
pub enum Located<T> {
    Here(T),
    /// It or its owner was renamed, or it changed hands.
    Moved(T),
}

impl<T> Located<T> {
    /// For programs, which keep using the name that they know.
    pub fn into_inner(self) -> T {
        match self {
            Self::Here(found) | Self::Moved(found) => found,
        }
    }
}

/// Finds a repository by the names in an address, including earlier ones, and enters it. Only this function
/// follows names that have moved.
///
/// What the actor may not see does not exist, even where it has moved: the error is the same
/// [`Error::NotFound`] as for a name that nobody has.
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

/// Enters a repository by the current names in its address.
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

/// Enters a repository that was already read.
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

/// Proof that the actor may move the head branch of a pull request: with write access to that branch's repository, or, as long as
/// it is open and its author allows it, to the code of the base. The latter is for this branch alone, and only where the
/// author could move it themselves: nobody can offer a branch of others.
pub(crate) async fn enter_head(
    app: &App,
    base: &Access<Read>,
    pull_request: &PullRequest,
) -> Result<Access<Write>> {
    let id = pull_request.head_repository_id.ok_or(Error::NotFound(Kind::Branch))?;
    if id == base.repository().id {
        return base.enter_unit(Unit::Code)?.write();
    }
    let mut reader = app.store().read().await?;
    let head = repository::find(&mut reader, id).await?.ok_or(Error::NotFound(Kind::Branch))?;
    if head.is_archived() {
        return Err(Error::Forbidden(Action::Archived));
    }
    let entered = if_seen(enter(&mut reader, base.actor(), Unit::Code, head.clone()).await)?;
    if let Some(entered) = &entered
        && entered.can(Permission::Write)
    {
        return entered.write();
    }
    let author = user::find(&mut reader, pull_request.author_id).await?.filter(|author| !author.is_blocked);
    let of_author = grant::find_roles(&mut reader, head.id, pull_request.author_id).await?;
    let may_offer = author.is_some() && of_author.of(Unit::Code) >= Some(Permission::Write);
    if !(may_offer && pull_request.is_open() && pull_request.allows_maintainer_edit) {
        return Err(Error::Forbidden(Action::Write));
    }
    let mut granted: Access<Write> = base.enter_unit(Unit::Code)?.write()?;
    granted.standing.roles = entered.map(|entered| entered.standing.roles).unwrap_or_default();
    granted.standing.roles.add(Some(Unit::Code), Permission::Write);
    granted.subject = head;
    Ok(granted)
}

/// Enters a repository shown in a list, through its code or else through the first unit that the actor may
/// read.
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

/// The actor's permissions by unit. Empty: they may not know of the repository.
async fn roles_of(ask: &mut impl Ask, actor: &Actor, repository: &Repository) -> Result<Roles> {
    let Some(only) = actor.only_code() else { return all_roles_of(ask, actor, repository).await };
    if only.repository != repository.id {
        return Ok(Roles::default());
    }
    // Nobody writes to what is archived: a person's own permissions say so already.
    let may_write = only.may_write && !repository.is_archived();
    let most = if may_write { Permission::Write } else { Permission::Read };
    // A deploy key has its own permission, a ticket at most that of its person.
    let held = if actor.is_deploy_key() {
        Some(most)
    } else {
        all_roles_of(ask, actor, repository).await?.of(Unit::Code).map(|held| held.min(most))
    };
    let mut roles = Roles::default();
    if let Some(held) = held {
        roles.add(Some(Unit::Code), held);
    }
    Ok(roles)
}

async fn all_roles_of(ask: &mut impl Ask, actor: &Actor, repository: &Repository) -> Result<Roles> {
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
    // Its settings can be changed: else it would be archived for ever.
    Ok(if repository.is_archived() { roles.only_read_except(Unit::Settings) } else { roles })
}

/// Enters an organisation by its name. To non-members, a private one does not exist.
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

/// None for what the actor may not see: where it is left out rather than refused, as in lists and texts.
pub fn if_seen<T>(entered: Result<T>) -> Result<Option<T>> {
    match entered {
        Ok(entered) => Ok(Some(entered)),
        Err(Error::NotFound(_) | Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Enters an organisation that was already read.
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
    let held = organization::find_membership(ask, id, user.id).await?;
    let acts = actor.administration() == Some(Permission::Administer);
    Ok(Standing {
        is_member: held.is_member,
        may_administer: held.is_owner || acts,
        may_create_repositories: held.may_create || acts,
    })
}

/// Whether the actor is the repository's owner, an owner of the organisation that owns it, or acts as a site
/// administrator. Somebody with all permissions in it is not: they may not give it away.
pub(crate) async fn is_owner(ask: &mut impl Ask, actor: &Actor, repository: &Repository) -> Result<bool> {
    if actor.administration() == Some(Permission::Administer) {
        return Ok(true);
    }
    match actor.user() {
        Some(user) => owns(ask, user.id, repository).await,
        None => Ok(false),
    }
}

/// Whether a person is the repository's owner, or an owner of the organisation that owns it.
pub(crate) async fn owns(ask: &mut impl Ask, user: UserId, repository: &Repository) -> Result<bool> {
    match repository.owner_kind {
        OwnerKind::User => Ok(repository.owner_id == user),
        OwnerKind::Organization => {
            let id = OrganizationId(repository.owner_id.0);
            Ok(organization::find_membership(ask, id, user).await?.is_owner)
        }
    }
}

/// Whether the actor may create repositories for this owner, or accept transfers on its behalf: for
/// themselves, and for organisations that let them.
pub async fn may_create_for(ask: &mut impl Ask, actor: &Actor, owner: &Owner) -> Result<bool> {
    match owner.kind {
        OwnerKind::User => Ok(actor.user().is_some_and(|user| owner.id == user.id)),
        OwnerKind::Organization => {
            Ok(standing_of(ask, actor, OrganizationId(owner.id.0)).await?.may_create_repositories)
        }
    }
}

/// The owner for whom a repository is to be created. An organisation that the actor may not see does not
/// exist.
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
