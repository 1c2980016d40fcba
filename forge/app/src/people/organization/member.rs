//! Members of organisations: everybody who is in one of its teams.

use hearth_core::{
    Administer, Conflict, Error, Kind, OrganizationId, Page, PageRequest, Read, Result, Scope, UserId,
    UserName, event::OrganizationEvent,
};
use hearth_store::{invitation as invitation_row, member as row, team as team_row, user};

pub use hearth_store::member::Member;

use super::{Organization, lock, record};
use crate::{Access, App, Operation};

/// Members by name: all of them for insiders, else those whose membership is public.
pub async fn list(
    app: &App,
    access: &Access<Read, Organization>,
    request: PageRequest,
) -> Result<Page<Member>> {
    page(app, access, !access.inside(), request).await
}

/// Members whose membership is public.
pub async fn list_public(
    app: &App,
    access: &Access<Read, Organization>,
    request: PageRequest,
) -> Result<Page<Member>> {
    page(app, access, true, request).await
}

async fn page(
    app: &App,
    access: &Access<Read, Organization>,
    is_public_only: bool,
    request: PageRequest,
) -> Result<Page<Member>> {
    let id = access.organization().id;
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, id, is_public_only, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, id, is_public_only)).await?)
}

/// A member by name. A membership that the actor may not know of does not exist.
pub async fn find(app: &App, access: &Access<Read, Organization>, name: &str) -> Result<Member> {
    let mut reader = app.store().read().await?;
    let nobody = || Error::NotFound(Kind::Member);
    let person = user::find_by_name(&mut reader, name).await?.ok_or_else(nobody)?;
    let found = row::find(&mut reader, access.organization().id, person.id).await?;
    let is_oneself = access.actor().user_id() == Some(person.id);
    found.filter(|member| member.is_public || is_oneself || access.inside()).ok_or_else(nobody)
}

/// Makes the actor's own membership public or private.
pub async fn set_public(app: &App, access: &Access<Read, Organization>, is_public: bool) -> Result<()> {
    let user = access.actor().signed_in()?.id;
    access.actor().require(Scope::WriteOrganization)?;
    let mut operation = app.begin().await?;
    if !row::set_public(&mut operation, access.organization().id, user, is_public).await? {
        return Err(Error::NotFound(Kind::Member));
    }
    operation.commit().await
}

/// Leaves an organisation and all its teams. The last owner cannot leave.
pub async fn leave(app: &App, access: &Access<Read, Organization>) -> Result<()> {
    let name = access.actor().signed_in()?.name.clone();
    access.actor().require(Scope::WriteOrganization)?;
    take(app, access, name.as_str()).await
}

/// Removes somebody from an organisation.
pub async fn remove(app: &App, access: &Access<Administer, Organization>, name: &str) -> Result<()> {
    take(app, access, name).await
}

async fn take<Level>(app: &App, access: &Access<Level, Organization>, name: &str) -> Result<()> {
    let id = access.organization().id;
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, id).await?;
    let person = user::find_by_name(&mut operation, name).await?.ok_or(Error::NotFound(Kind::Member))?;
    let found = row::find(&mut operation, id, person.id).await?.ok_or(Error::NotFound(Kind::Member))?;
    let teams = team_row::list(&mut operation, id, Some(person.id)).await?;
    row::delete_from_teams(&mut operation, id, person.id).await?;
    row::delete_without_team(&mut operation, id).await?;
    if found.is_owner {
        check_owners(&mut operation, id).await?;
    }
    let actor = access.actor().user_id();
    for team in teams {
        let (organization, user) = (organization.name.clone(), person.name.clone());
        let event = OrganizationEvent::MemberRemoved { organization, team: team.name, user };
        record(&mut operation, actor, id, event).await?;
    }
    operation.commit().await
}

/// Fails if no owner is left. The organisation is locked, so that two owners who leave at once do so one
/// after the other.
pub(super) async fn check_owners(operation: &mut Operation, id: OrganizationId) -> Result<()> {
    let teams = team_row::list(operation, id, None).await?;
    let owners = teams.into_iter().find(|team| team.is_owners);
    let owners = owners.ok_or_else(|| Error::internal("an organisation has a team of owners"))?;
    if row::count_of_team(operation, owners.id).await? == 0 {
        return Err(Error::Conflict(Conflict::LastOwner));
    }
    Ok(())
}

/// Adds a person to a team of the locked organisation. `false`: they were already in it.
pub(super) async fn add(
    operation: &mut Operation,
    actor: Option<UserId>,
    organization: &Organization,
    team: &team_row::Team,
    (user, name): (UserId, &UserName),
) -> Result<bool> {
    let now = operation.now();
    let is_new = row::insert(operation, organization.id, team.id, user, now).await?;
    invitation_row::delete_of(operation, organization.id, user).await?;
    if is_new {
        let event = OrganizationEvent::MemberAdded {
            organization: organization.name.clone(),
            team: team.name.clone(),
            user: name.clone(),
        };
        record(operation, actor, organization.id, event).await?;
    }
    Ok(is_new)
}
