use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App, Unit, access,
    organization::team::{self, Edit, Fields, TeamInfo},
};
use hearth_core::{Error, Kind, RepositoryId, RepositoryKind, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::people;
use crate::{
    at::{InOrganization, OrganizationAccess},
    authenticate::Caller,
    body::Input,
    error::{ApiResult, taken_as_invalid},
    pagination::Paging,
    table::{Table, describe},
    v1::{
        repository,
        shape::{Repository, Team, User, organization::roles},
    },
};

pub(super) fn routes(table: Table) -> Table {
    table
        .get("/user/teams", list_mine, describe("List your teams").list_response::<Team>())
        .get("/orgs/{org}/teams", list, describe("List the teams of an organisation").list_response::<Team>())
        .post(
            "/orgs/{org}/teams",
            create,
            describe("Create a team").request::<CreateTeam>().response::<Team>().status(201),
        )
        .get(
            "/orgs/{org}/teams/search",
            search,
            describe("Search teams by name").response::<Found>().query("q", "a part of the name"),
        )
        .get("/teams/{id}", show, describe("Get a team").response::<Team>())
        .patch("/teams/{id}", edit, describe("Update a team").request::<EditTeam>().response::<Team>())
        .delete("/teams/{id}", delete, describe("Delete a team"))
        .get("/teams/{id}/members", members, describe("List the members of a team").list_response::<User>())
        .get("/teams/{id}/members/{username}", member, describe("Get a member of a team").response::<User>())
        .put("/teams/{id}/members/{username}", add_member, describe("Add a member to a team"))
        .delete("/teams/{id}/members/{username}", remove_member, describe("Remove a member from a team"))
        .get(
            "/teams/{id}/repos",
            repositories,
            describe("List the repositories of a team").list_response::<Repository>(),
        )
        .put(
            "/teams/{id}/repos/{owner}/{repo}",
            add_repository,
            describe("Give a team access to a repository"),
        )
        .delete(
            "/teams/{id}/repos/{owner}/{repo}",
            remove_repository,
            describe("Remove a team's access to a repository"),
        )
}

/// A team to make.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateTeam {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    /// `read` (the default), `write` or `admin`.
    permission: Option<String>,
    /// The units to which `permission` applies; all when empty.
    #[serde(default)]
    units: Vec<String>,
    /// What its members may do in each unit: `none`, `read`, `write` or `admin`.
    #[serde(default)]
    units_map: BTreeMap<String, String>,
    #[serde(default)]
    includes_all_repositories: bool,
    #[serde(default)]
    can_create_org_repo: bool,
}

/// Changes to a team; fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
struct EditTeam {
    name: Option<String>,
    description: Option<String>,
    permission: Option<String>,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    units_map: BTreeMap<String, String>,
    includes_all_repositories: Option<bool>,
    can_create_org_repo: Option<bool>,
}

/// Teams, in Gitea's envelope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundTeams)]
struct Found {
    ok: bool,
    data: Vec<Team>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TeamQuery {
    q: String,
}

fn show_team(app: &App, access: &OrganizationAccess, info: &TeamInfo) -> Team {
    Team::new(app, access.organization(), info)
}

async fn list_mine(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let found = team::list_mine(&app, &actor, paging.request()).await?;
    let shown = found.map(|(organization, info)| Team::new(&app, &organization, &info));
    Ok(paging.answer(&app, &shown))
}

async fn list(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    paging: Paging,
) -> ApiResult<Response> {
    let teams = team::list(&app, &access).await?;
    let page = paging.cut(teams).map(|info| show_team(&app, &access, &info));
    Ok(paging.answer(&app, &page))
}

async fn search(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Query(asked): Query<TeamQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let wanted = asked.q.trim().to_lowercase();
    let mut teams = team::list(&app, &access).await?;
    teams.retain(|info| info.team.name.to_lowercase().contains(&wanted));
    let page = paging.cut(teams).map(|info| show_team(&app, &access, &info));
    Ok(paging.wrap(&app, page.total, &Found { ok: true, data: page.items }))
}

async fn create(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Input(input): Input<CreateTeam>,
) -> ApiResult<(StatusCode, Json<Team>)> {
    let fields = Fields {
        roles: roles(input.permission.as_deref(), &input.units, &input.units_map)?,
        name: input.name,
        description: input.description,
        has_all_repositories: input.includes_all_repositories,
        may_create_repositories: input.can_create_org_repo,
    };
    let made = team::create(&app, &access.administer()?, fields).await.map_err(taken_as_invalid)?;
    Ok((StatusCode::CREATED, Json(show_team(&app, &access, &made))))
}

async fn show(State(app): State<App>, Caller(actor): Caller, Path(id): Path<i64>) -> ApiResult<Json<Team>> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    Ok(Json(show_team(&app, &access, &info)))
}

async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Input(input): Input<EditTeam>,
) -> ApiResult<Json<Team>> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    let names_roles = input.permission.is_some() || !input.units.is_empty() || !input.units_map.is_empty();
    let roles = || roles(input.permission.as_deref(), &input.units, &input.units_map);
    let edit = Edit {
        roles: names_roles.then(roles).transpose()?,
        name: input.name,
        description: input.description,
        has_all_repositories: input.includes_all_repositories,
        may_create_repositories: input.can_create_org_repo,
        seen: None,
    };
    let changed = team::edit(&app, &access.administer()?, info.team.id, edit).await;
    let changed = changed.map_err(taken_as_invalid)?;
    Ok(Json(show_team(&app, &access, &changed)))
}

async fn delete(State(app): State<App>, Caller(actor): Caller, Path(id): Path<i64>) -> ApiResult<StatusCode> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    team::delete(&app, &access.administer()?, info.team.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn members(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    paging: Paging,
) -> ApiResult<Response> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    let page = team::members(&app, &access, info.team.id, paging.request()).await?;
    Ok(paging.answer(&app, &people(&app, &actor, page).await?))
}

async fn member(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, username)): Path<(i64, String)>,
) -> ApiResult<Json<User>> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    team::find_member(&app, &access, info.team.id, &username).await?;
    let user = hearth_app::user::find(&app, &actor, &username).await?;
    Ok(Json(User::new(&app, &actor, &user)))
}

async fn add_member(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, username)): Path<(i64, String)>,
) -> ApiResult<StatusCode> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    team::add_member(&app, &access.administer()?, info.team.id, &username).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_member(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, username)): Path<(i64, String)>,
) -> ApiResult<StatusCode> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    team::remove_member(&app, &access.administer()?, info.team.id, &username).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn repositories(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    paging: Paging,
) -> ApiResult<Response> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    let page = team::repositories(&app, &access, info.team.id, paging.request()).await?;
    Ok(paging.answer(&app, &repository::show_page(&app, &actor, page).await?))
}

async fn add_repository(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, owner, name)): Path<(i64, String, String)>,
) -> ApiResult<StatusCode> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    let repository = find_repository(&app, &access, &owner, &name).await?;
    team::add_repository(&app, &access.administer()?, info.team.id, repository).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_repository(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, owner, name)): Path<(i64, String, String)>,
) -> ApiResult<StatusCode> {
    let (access, info) = team::open(&app, &actor, TeamId(id)).await?;
    let repository = find_repository(&app, &access, &owner, &name).await?;
    team::remove_repository(&app, &access.administer()?, info.team.id, repository).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find_repository(
    app: &App,
    access: &OrganizationAccess,
    owner: &str,
    name: &str,
) -> ApiResult<RepositoryId> {
    let found = access::open(app, access.actor(), Unit::Settings, RepositoryKind::Code, owner, name).await?;
    if found.repository().owner_id == access.organization().id {
        return Ok(found.repository().id);
    }
    Err(Error::NotFound(Kind::Repository).into())
}
