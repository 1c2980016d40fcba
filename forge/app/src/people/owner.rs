//! Owners of repositories: people and organisations, which share one namespace.

use hearth_core::{
    Error, Kind, OrganizationId, OwnerId, OwnerKind, PageRequest, RepositoryId, Result, Scope, Timestamp,
    UserId, UserName,
};
use hearth_store::{
    Ask,
    grant::Viewer,
    organization::{self, Organization},
    owner as row, pin,
    repository::{self, Repository},
    user::{self, User},
};

use crate::{Actor, App, access, access::Located, repository::viewer};

/// A person or an organisation, with its profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    Person(User),
    Organization(Organization),
}

impl Account {
    pub fn id(&self) -> OwnerId {
        match self {
            Self::Person(user) => user.id.into(),
            Self::Organization(organization) => organization.id.into(),
        }
    }

    pub const fn kind(&self) -> OwnerKind {
        match self {
            Self::Person(_) => OwnerKind::User,
            Self::Organization(_) => OwnerKind::Organization,
        }
    }

    pub const fn name(&self) -> &UserName {
        match self {
            Self::Person(user) => &user.name,
            Self::Organization(organization) => &organization.name,
        }
    }

    /// The display name where there is one, else the name.
    pub fn shown_name(&self) -> &str {
        match self {
            Self::Person(user) => user.shown_name(),
            Self::Organization(organization) => organization.shown_name(),
        }
    }

    /// The description in its profile.
    pub fn description(&self) -> &str {
        match self {
            Self::Person(user) => &user.biography,
            Self::Organization(organization) => &organization.description,
        }
    }

    pub fn website(&self) -> &str {
        match self {
            Self::Person(user) => &user.website,
            Self::Organization(organization) => &organization.website,
        }
    }

    pub fn location(&self) -> &str {
        match self {
            Self::Person(user) => &user.location,
            Self::Organization(organization) => &organization.location,
        }
    }

    pub const fn created_at(&self) -> Timestamp {
        match self {
            Self::Person(user) => user.created_at,
            Self::Organization(organization) => organization.created_at,
        }
    }

    pub const fn person(&self) -> Option<&User> {
        match self {
            Self::Person(user) => Some(user),
            Self::Organization(_) => None,
        }
    }
}

/// Whoever has this name, ignoring case, or had it before if nobody else has taken it. To non-members, a
/// private organisation does not exist.
pub async fn find_by_name(app: &App, actor: &Actor, name: &str) -> Result<Located<Account>> {
    let mut reader = app.store().read().await?;
    if let Some(found) = row::find_by_name(&mut reader, name).await? {
        return Ok(Located::Here(seen(&mut reader, actor, &found).await?));
    }
    let found = row::find_renamed(&mut reader, name).await?.ok_or(Error::NotFound(Kind::User))?;
    Ok(Located::Moved(seen(&mut reader, actor, &found).await?))
}

async fn seen(ask: &mut impl Ask, actor: &Actor, found: &row::Owner) -> Result<Account> {
    let nobody = || Error::NotFound(Kind::User);
    match found.kind {
        OwnerKind::User => {
            actor.require(Scope::ReadUser)?;
            Ok(Account::Person(user::find(ask, UserId(found.id.0)).await?.ok_or_else(nobody)?))
        }
        OwnerKind::Organization => {
            let row = organization::find(ask, OrganizationId(found.id.0)).await?.ok_or_else(nobody)?;
            match access::enter_organization(ask, actor, row).await {
                Ok(access) => Ok(Account::Organization(access.organization().clone())),
                Err(Error::NotFound(_)) => Err(nobody()),
                Err(other) => Err(other),
            }
        }
    }
}

/// The id of whoever has or had this name: for queries that do not reveal who they are.
pub(crate) async fn find_id(app: &App, actor: &Actor, name: &str) -> Result<OwnerId> {
    let mut reader = app.store().read().await?;
    let found = match row::find_by_name(&mut reader, name).await? {
        Some(found) => Some(found),
        None => row::find_renamed(&mut reader, name).await?,
    };
    let found = found.ok_or(Error::NotFound(Kind::User))?;
    if found.kind == OwnerKind::Organization {
        seen(&mut reader, actor, &found).await?;
    }
    Ok(found.id)
}

/// Those of these owners that exist, in no particular order: for showing who owns a repository that the actor
/// has already entered.
pub async fn find_all(app: &App, ids: &[OwnerId]) -> Result<Vec<Account>> {
    let users: Vec<_> = ids.iter().map(|id| UserId(id.0)).collect();
    let mut reader = app.store().read().await?;
    let people = user::find_all(&mut reader, &users).await?;
    let others = ids.iter().filter(|id| people.iter().all(|person| OwnerId::from(person.id) != **id));
    let others: Vec<_> = others.map(|id| OrganizationId(id.0)).collect();
    let organizations = organization::find_all(&mut reader, &others).await?;
    let people = people.into_iter().map(Account::Person);
    Ok(people.chain(organizations.into_iter().map(Account::Organization)).collect())
}

/// The owners for whom the actor may create repositories: themselves first, then organisations by name.
pub async fn list_creatable(app: &App, actor: &Actor) -> Result<Vec<Account>> {
    let user = actor.signed_in()?;
    let filter = organization::Filter {
        viewer: Viewer::Person(user.id),
        creator: Some(user.id),
        ..organization::Filter::default()
    };
    let most = PageRequest::new(1, PageRequest::LARGEST);
    let found = organization::list(&mut app.store().read().await?, &filter, most).await?;
    let organizations = found.into_iter().map(Account::Organization);
    Ok(std::iter::once(Account::Person(user.clone())).chain(organizations).collect())
}

/// The pinned repositories of an owner that the actor may see, in the owner's order.
pub async fn pinned(app: &App, actor: &Actor, owner: OwnerId) -> Result<Vec<Repository>> {
    let mut reader = app.store().read().await?;
    let ids = pin::list(&mut reader, owner).await?;
    let mut found = repository::find_visible(&mut reader, &ids, viewer(actor)).await?;
    found.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(found)
}

/// Replaces an owner's pinned repositories with these, in this order: one's own on one's own page; those of
/// an organisation by its administrators.
pub async fn pin(app: &App, actor: &Actor, owner: OwnerId, repositories: &[RepositoryId]) -> Result<()> {
    let limits = app.limits();
    if repositories.len() as u64 > limits.pinned_repositories {
        return Err(Error::TooLarge(limits.pinned_repositories_of_owner()));
    }
    let user = actor.signed_in()?.id;
    if owner == user {
        actor.require(Scope::WriteUser)?;
    } else {
        access::open_organization_by_id(app, actor, OrganizationId(owner.0)).await?.administer()?;
    }
    let mut operation = app.begin().await?;
    for (place, id) in repositories.iter().enumerate() {
        let found = repository::find(&mut operation, *id).await?;
        let is_own = found.is_some_and(|row| row.owner_id == owner);
        if !is_own || repositories[..place].contains(id) {
            return Err(Error::field("repositories", "unknown-choice"));
        }
    }
    pin::set(&mut operation, owner, repositories).await?;
    operation.commit().await
}
