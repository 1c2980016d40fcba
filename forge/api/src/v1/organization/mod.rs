//! Organisations, in the shapes of Gitea's API.

mod label;
mod member;
mod team;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Actor, App,
    organization::{self, Edit, Filter, NewOrganization},
    owner::{self, Account},
    user,
};
use hearth_core::{Error, Kind, Visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    repository::{self, CreateRepository},
    shape::{Organization, Repository},
};
use crate::{
    at::InOrganization,
    authenticate::Caller,
    body::Input,
    error::{ApiResult, taken_as_invalid},
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    let table = table
        .get(
            "/orgs",
            list,
            describe("List the organisations that you can see").list_response::<Organization>(),
        )
        .post(
            "/orgs",
            create,
            describe("Create an organisation")
                .request::<CreateOrganization>()
                .response::<Organization>()
                .status(201),
        )
        .get(
            "/admin/orgs",
            list_all,
            describe("List all organisations, by name").list_response::<Organization>(),
        )
        .post(
            "/admin/users/{username}/orgs",
            create_for_person,
            describe("Create an organisation for somebody")
                .request::<CreateOrganization>()
                .response::<Organization>()
                .status(201),
        )
        .get("/orgs/{org}", show, describe("Get an organisation").response::<Organization>())
        .patch(
            "/orgs/{org}",
            edit,
            describe("Update an organisation").request::<EditOrganization>().response::<Organization>(),
        )
        .delete("/orgs/{org}", delete, describe("Delete an organisation that owns no repositories"))
        .post("/orgs/{org}/rename", rename, describe("Rename an organisation").request::<Rename>())
        .get(
            "/orgs/{org}/repos",
            repositories,
            describe("List the repositories of an organisation").list_response::<Repository>(),
        )
        .post(
            "/orgs/{org}/repos",
            create_repository,
            describe("Create a repository in an organisation")
                .request::<CreateRepository>()
                .response::<Repository>()
                .status(201),
        )
        // The older address, which the Go SDK and `tea` use.
        .post(
            "/org/{org}/repos",
            create_repository,
            describe("Create a repository in an organisation: the older address")
                .request::<CreateRepository>()
                .response::<Repository>()
                .status(201),
        )
        .get("/user/orgs", list_mine, describe("List your organisations").list_response::<Organization>())
        .get(
            "/users/{username}/orgs",
            list_of_person,
            describe("List the organisations of a user").list_response::<Organization>(),
        )
        .get(
            "/users/{username}/orgs/{org}/permissions",
            permissions,
            describe("Get a user's permissions in an organisation").response::<Permissions>(),
        );
    label::routes(team::routes(member::routes(table)))
}

/// An organisation to make.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateOrganization {
    #[serde(default, alias = "name")]
    username: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    location: String,
    /// `public` (the default) or `private`.
    visibility: Option<String>,
}

/// Changes to an organisation; fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
struct EditOrganization {
    full_name: Option<String>,
    description: Option<String>,
    website: Option<String>,
    location: Option<String>,
    /// `public` or `private`.
    visibility: Option<String>,
}

/// A new name.
#[derive(Debug, Deserialize, ToSchema)]
struct Rename {
    #[serde(default)]
    new_name: String,
}

/// What somebody may do in an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[schema(as = OrganizationPermissions)]
struct Permissions {
    is_owner: bool,
    is_admin: bool,
    can_write: bool,
    can_read: bool,
    can_create_repository: bool,
}

/// Gitea's `limited`, which is for everybody signed in, does not exist here.
fn visibility(word: Option<&str>) -> Result<Option<Visibility>, Error> {
    let read = |word: &str| word.parse().map_err(|()| Error::field("visibility", "unknown-choice"));
    word.filter(|word| !word.is_empty()).map(read).transpose()
}

async fn list(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let page = organization::list(&app, &actor, Filter::default(), paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|row| Organization::new(&app, &row))))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(input): Input<CreateOrganization>,
) -> ApiResult<(StatusCode, Json<Organization>)> {
    create_for(&app, &actor, input).await
}

async fn create_for(
    app: &App,
    actor: &Actor,
    input: CreateOrganization,
) -> ApiResult<(StatusCode, Json<Organization>)> {
    let new = NewOrganization {
        visibility: visibility(input.visibility.as_deref())?.unwrap_or(Visibility::Public),
        name: input.username,
        display_name: input.full_name,
        description: input.description,
        website: input.website,
        location: input.location,
    };
    let made = organization::create(app, actor, &new).await.map_err(taken_as_invalid)?;
    Ok((StatusCode::CREATED, Json(Organization::new(app, &made))))
}

/// An administrator creates it for somebody, who becomes its owner.
async fn create_for_person(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Input(input): Input<CreateOrganization>,
) -> ApiResult<(StatusCode, Json<Organization>)> {
    let deed = "POST /admin/users/{username}/orgs";
    let owner = user::act_as(&app, &actor, &name, Some(deed)).await?;
    create_for(&app, &owner, input).await
}

/// All of them, for administrators.
async fn list_all(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let page = organization::list_all(&app, &actor, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|row| Organization::new(&app, &row))))
}

async fn show(
    State(app): State<App>,
    InOrganization(access): InOrganization,
) -> ApiResult<Json<Organization>> {
    Ok(Json(Organization::new(&app, access.organization())))
}

async fn edit(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Input(input): Input<EditOrganization>,
) -> ApiResult<Json<Organization>> {
    let edit = Edit {
        visibility: visibility(input.visibility.as_deref())?,
        display_name: input.full_name,
        description: input.description,
        website: input.website,
        location: input.location,
    };
    let changed = organization::edit(&app, &access.administer()?, &edit).await?;
    Ok(Json(Organization::new(&app, &changed)))
}

async fn rename(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Input(input): Input<Rename>,
) -> ApiResult<StatusCode> {
    let renamed = organization::rename(&app, &access.administer()?, &input.new_name).await;
    renamed.map_err(taken_as_invalid)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(State(app): State<App>, InOrganization(access): InOrganization) -> ApiResult<StatusCode> {
    organization::delete(&app, &access.administer()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn repositories(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    paging: Paging,
) -> ApiResult<Response> {
    let name = access.organization().name.as_str();
    let page = hearth_app::repository::of_owner(&app, access.actor(), name, None, paging.request()).await?;
    Ok(paging.answer(&app, &repository::show_page(&app, access.actor(), page).await?))
}

async fn create_repository(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Input(input): Input<CreateRepository>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let owner = access.organization().id.into();
    repository::create_for(&app, access.actor(), Some(owner), input).await
}

async fn list_mine(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let page = organization::list_mine(&app, &actor, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|row| Organization::new(&app, &row))))
}

async fn list_of_person(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    paging: Paging,
) -> ApiResult<Response> {
    let Account::Person(person) = owner::find_by_name(&app, &actor, &name).await?.into_inner() else {
        return Err(Error::NotFound(Kind::User).into());
    };
    let page = organization::list_of_person(&app, &actor, person.id, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|row| Organization::new(&app, &row))))
}

/// Only for the caller: the permissions of others are not disclosed.
async fn permissions(
    InOrganization(access): InOrganization,
    Path((username, _)): Path<(String, String)>,
) -> ApiResult<Json<Permissions>> {
    let user = access.actor().signed_in()?;
    if !user.name.as_str().eq_ignore_ascii_case(&username) {
        return Err(Error::NotFound(Kind::User).into());
    }
    let standing = access.standing();
    Ok(Json(Permissions {
        is_owner: standing.may_administer,
        is_admin: standing.may_administer,
        can_write: standing.is_member,
        can_read: true,
        can_create_repository: standing.may_create_repositories,
    }))
}
