//! Organisations: owners that people are members of, through teams.

mod edit;
pub mod invitation;
pub mod label;
pub mod member;
pub mod team;
mod team_rights;

use hearth_core::{
    BadName, Conflict, Error, FieldErrors, OrganizationId, OwnerId, Page, PageRequest, Permission, Read,
    Result, Roles, Scope, UserId, UserName, Visibility,
    event::{Audience, OrganizationEvent, Subject},
};
use hearth_store::{
    Ask, Meaning as _, grant::Viewer, member as member_row, organization as row, owner as owner_row,
    repository, team as team_row, user,
};

pub use edit::{Edit, delete, edit, rename};
pub use hearth_store::organization::{Filter, Organization};

use crate::{Access, Actor, App, Operation, access, repository::viewer};

/// The name of the team that every organisation starts with.
pub const OWNERS: &str = "Owners";

/// An organisation to create.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    pub name: String,
    pub display_name: String,
    pub description: String,
    pub website: String,
    pub location: String,
    pub visibility: Visibility,
}

impl NewOrganization {
    /// A public one with an empty profile.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            display_name: String::new(),
            description: String::new(),
            website: String::new(),
            location: String::new(),
            visibility: Visibility::Public,
        }
    }
}

/// Creates an organisation, with the actor as its first owner.
pub async fn create(app: &App, actor: &Actor, new: &NewOrganization) -> Result<Organization> {
    let maker = actor.signed_in()?;
    actor.require(Scope::WriteOrganization)?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", new.name.trim().parse::<UserName>(), BadName::code);
    let profile =
        edit::profile(&mut errors, &new.display_name, &new.description, &new.website, &new.location);
    errors.into_result()?;
    let name = name.ok_or_else(|| Error::internal("a bad name makes an error"))?;
    let mut operation = app.begin().await?;
    // One at a time, so that the limit holds.
    user::lock(&mut operation, maker.id).await?;
    let limits = app.limits();
    if row::count_created_by(&mut operation, maker.id).await? >= limits.organizations {
        return Err(Error::TooLarge(limits.organizations_of_person()));
    }
    let now = operation.now();
    let new = row::NewOrganization {
        name: name.clone(),
        display_name: profile.display_name.clone(),
        visibility: new.visibility,
        created_by: maker.id,
        created_at: now,
    };
    let id = row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    owner_row::set_profile(&mut operation, id.into(), &profile, now).await?;
    let owners = team_row::Fields {
        name: OWNERS.to_owned(),
        description: String::new(),
        has_all_repositories: true,
        may_create_repositories: true,
        roles: Roles::whole(Permission::Administer),
    };
    let team = team_row::insert(&mut operation, id, true, &owners, now).await?;
    member_row::insert(&mut operation, id, team, maker.id, now).await?;
    let event = OrganizationEvent::Created { organization: name };
    record(&mut operation, Some(maker.id), id, event).await?;
    let made = row::find(&mut operation, id).await?;
    operation.commit().await?;
    made.ok_or_else(|| Error::internal("it was just made"))
}

/// Enters an organisation by its name. To non-members, a private one does not exist.
pub async fn open(app: &App, actor: &Actor, name: &str) -> Result<Access<Read, Organization>> {
    access::open_organization(app, actor, name).await
}

/// Enters an organisation that was already read.
pub async fn enter(
    app: &App,
    actor: &Actor,
    organization: Organization,
) -> Result<Access<Read, Organization>> {
    access::enter_organization(&mut app.store().read().await?, actor, organization).await
}

/// How much there is in an organisation, as far as the actor may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub repositories: u64,
    pub people: u64,
    /// 0 for outsiders.
    pub teams: u64,
}

/// The counts in the header of each of its pages.
pub async fn contents(app: &App, access: &Access<Read, Organization>) -> Result<Contents> {
    let id = access.organization().id;
    let filter = repository::Filter {
        owner: Some(id.into()),
        viewer: viewer(access.actor()),
        ..repository::Filter::default()
    };
    let mut reader = app.store().read().await?;
    Ok(Contents {
        repositories: repository::count(&mut reader, &filter).await?,
        people: member_row::count(&mut reader, id, !access.inside()).await?,
        teams: if access.inside() { team_row::count(&mut reader, id).await? } else { 0 },
    })
}

/// The organisations that match and that the actor may see, by name. `filter.viewer` is set here.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: Filter,
    request: PageRequest,
) -> Result<Page<Organization>> {
    actor.require(Scope::ReadOrganization)?;
    let filter = Filter { viewer: viewer(actor), ..filter };
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, &filter, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, &filter)).await?)
}

/// All of them, by name, for site administrators.
pub async fn list_all(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Organization>> {
    actor.administrator(Scope::ReadAdmin)?;
    let filter = Filter { viewer: Viewer::Administrator, ..Filter::default() };
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, &filter, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, &filter)).await?)
}

/// Those that the actor is a member of.
pub async fn list_mine(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Organization>> {
    list_of_person(app, actor, actor.signed_in()?.id, request).await
}

/// Those that a person is a member of, as far as the actor may know.
pub async fn list_of_person(
    app: &App,
    actor: &Actor,
    person: UserId,
    request: PageRequest,
) -> Result<Page<Organization>> {
    list(app, actor, Filter { member: Some(person), ..Filter::default() }, request).await
}

/// Records what happened in an organisation, for its members.
async fn record(
    operation: &mut Operation,
    actor: Option<UserId>,
    id: OrganizationId,
    event: OrganizationEvent,
) -> Result<()> {
    operation.record(actor, Subject::Organization(id), Audience::Organization(id), event).await?;
    Ok(())
}

/// The locked row: other changes to its members, teams, repositories or visibility have to wait.
async fn lock(operation: &mut Operation, id: OrganizationId) -> Result<Organization> {
    row::lock(operation, id).await?.ok_or(Error::NotFound(hearth_core::Kind::Organization))
}

/// Whether the actor may know of it.
pub(crate) async fn is_seen(ask: &mut impl Ask, actor: &Actor, id: OrganizationId) -> Result<bool> {
    let Some(found) = row::find(ask, id).await? else { return Ok(false) };
    Ok(access::if_seen(access::enter_organization(ask, actor, found).await)?.is_some())
}

/// Checks that an owner may have a repository of this visibility. A private organisation may have only
/// private repositories; its visibility is locked until the operation ends.
pub(crate) async fn check_visibility(
    operation: &mut Operation,
    owner: OwnerId,
    visibility: Visibility,
) -> Result<()> {
    let found = row::lock(operation, OrganizationId(owner.0)).await?;
    let is_private = found.is_some_and(|found| found.visibility.is_private());
    if is_private && !visibility.is_private() {
        return Err(Error::Conflict(Conflict::PrivateOrganization));
    }
    Ok(())
}
