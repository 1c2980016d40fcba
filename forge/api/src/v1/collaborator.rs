//! Who has access to a repository: people, and teams of the organisation that owns it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App, access,
    organization::team::{self, TeamInfo},
    owner,
    repository::collaborator,
};
use hearth_core::{Error, Kind, OrganizationId, Permission, Read, Roles};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::{
    Team, User,
    organization::{permission, word},
};
use crate::{
    at::{InRepository, OrganizationAccess},
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    let one = "/repos/{owner}/{repo}/collaborators/{collaborator}";
    let team = "/repos/{owner}/{repo}/teams/{team}";
    table
        .get(
            "/repos/{owner}/{repo}/collaborators",
            list,
            describe("List collaborators").list_response::<User>(),
        )
        .get(one, is_collaborator, describe("Check whether a user is a collaborator"))
        .put(one, put, describe("Add a collaborator, or change their permissions").request::<Given>())
        .delete(one, remove, describe("Remove a collaborator, or leave"))
        .get(
            "/repos/{owner}/{repo}/collaborators/{collaborator}/permission",
            show_permission,
            describe("Get a user's permission in a repository").response::<PermissionOf>(),
        )
        .get(
            "/repos/{owner}/{repo}/teams",
            teams,
            describe("List the teams with access to a repository").list_response::<Team>(),
        )
        .get(team, show_team, describe("Get a team that has access to a repository").response::<Team>())
        .put(team, add_team, describe("Give a team access to a repository"))
        .delete(team, remove_team, describe("Remove a team's access to a repository"))
}

/// The permission to grant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = GivenRole)]
struct Given {
    /// `read`, `write` (the default) or `admin`.
    permission: Option<String>,
}

/// What somebody may do.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionOf {
    /// `none`, `read`, `write`, `admin` or `owner`.
    permission: &'static str,
    role_name: &'static str,
    user: User,
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let page = paging.cut(collaborator::list(&app, &access).await?);
    let ids: Vec<_> = page.items.iter().map(|given| given.id.into()).collect();
    let found = owner::find_all(&app, &ids).await?;
    let mut shown = page.map(|given| {
        let account = found.iter().find(|account| account.id() == given.id);
        account.and_then(|account| Some(User::new(&app, access.actor(), account.person()?)))
    });
    shown.items.retain(Option::is_some);
    Ok(paging.answer(&app, &shown))
}

async fn is_collaborator(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let all = collaborator::list(&app, &access).await?;
    let is_one = all.iter().any(|given| given.name.as_str().eq_ignore_ascii_case(&name));
    if is_one { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound(Kind::Member).into()) }
}

async fn put(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
    Input(given): Input<Given>,
) -> ApiResult<StatusCode> {
    let permission = permission("permission", given.permission.as_deref().unwrap_or("write"))?;
    collaborator::put(&app, &access.administer()?, &name, &Roles::whole(permission)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    if access.actor().signed_in()?.name.as_str().eq_ignore_ascii_case(&name) {
        collaborator::leave(&app, access.actor(), access.repository().id).await?;
    } else {
        collaborator::remove(&app, &access.administer()?, &name).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn show_permission(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<Json<PermissionOf>> {
    let roles = collaborator::roles_of(&app, &access, &name).await?;
    let user = hearth_app::user::find(&app, access.actor(), &name).await?;
    let permission = match roles.most() {
        Some(Permission::Administer) if access.repository().owner_id == user.id => "owner",
        most => most.map_or("none", word),
    };
    let user = User::new(&app, access.actor(), &user);
    Ok(Json(PermissionOf { permission, role_name: permission, user }))
}

/// The organisation that owns the repository, as the caller may see it. A person has no teams.
async fn organization_of(app: &App, access: &Access<Read>) -> ApiResult<OrganizationAccess> {
    let id = OrganizationId(access.repository().owner_id.0);
    Ok(access::open_organization_by_id(app, access.actor(), id).await?)
}

async fn teams(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let found = team::of_repository(&app, &access).await?;
    if found.is_empty() {
        return Ok(paging.answer(&app, &paging.cut(Vec::<Team>::new())));
    }
    let organization = organization_of(&app, &access).await?;
    let shown = |info: TeamInfo| Team::new(&app, organization.organization(), &info);
    Ok(paging.answer(&app, &paging.cut(found).map(shown)))
}

async fn show_team(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<Json<Team>> {
    let found = team::of_repository(&app, &access).await?;
    let found = found.iter().find(|info| info.team.name.eq_ignore_ascii_case(&name));
    let found = found.ok_or(Error::NotFound(Kind::Team))?;
    let organization = organization_of(&app, &access).await?;
    Ok(Json(Team::new(&app, organization.organization(), found)))
}

async fn add_team(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let organization = organization_of(&app, &access).await?;
    let info = team::find_by_name(&app, &organization, &name).await?;
    let id = access.repository().id;
    team::add_repository(&app, &organization.administer()?, info.team.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_team(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let organization = organization_of(&app, &access).await?;
    let info = team::find_by_name(&app, &organization, &name).await?;
    let id = access.repository().id;
    team::remove_repository(&app, &organization.administer()?, info.team.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
