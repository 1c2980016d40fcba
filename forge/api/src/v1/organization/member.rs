use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Actor, App,
    organization::member::{self, Member},
    owner,
};
use hearth_core::{Error, Kind, Page};

use crate::{
    at::InOrganization,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
    v1::shape::User,
};

pub(super) fn routes(table: Table) -> Table {
    let one = "/orgs/{org}/members/{username}";
    let public = "/orgs/{org}/public_members/{username}";
    table
        .get(
            "/orgs/{org}/members",
            list,
            describe("List the members that you can see").list_response::<User>(),
        )
        .get(one, is_member, describe("Check whether a user is a member that you can see"))
        .delete(one, remove, describe("Remove a member from an organisation, or leave it"))
        .get(
            "/orgs/{org}/public_members",
            list_public,
            describe("List the public members").list_response::<User>(),
        )
        .get(public, is_public_member, describe("Check whether a user is a public member"))
        .put(public, publish, describe("Make your membership public"))
        .delete(public, conceal, describe("Hide your membership"))
}

/// People in the order of the members.
pub(super) async fn people(app: &App, actor: &Actor, page: Page<Member>) -> ApiResult<Page<User>> {
    let ids: Vec<_> = page.items.iter().map(|member| member.user_id.into()).collect();
    let found = owner::find_all(app, &ids).await?;
    let find = |member: &Member| found.iter().find(|account| account.id() == member.user_id);
    let shown = |member: &Member| Some(User::new(app, actor, find(member)?.person()?));
    let items = page.items.iter().filter_map(shown).collect();
    Ok(Page { items, total: page.total, request: page.request })
}

async fn list(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    paging: Paging,
) -> ApiResult<Response> {
    let page = member::list(&app, &access, paging.request()).await?;
    Ok(paging.answer(&app, &people(&app, access.actor(), page).await?))
}

async fn list_public(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    paging: Paging,
) -> ApiResult<Response> {
    let page = member::list_public(&app, &access, paging.request()).await?;
    Ok(paging.answer(&app, &people(&app, access.actor(), page).await?))
}

async fn is_member(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, username)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    member::find(&app, &access, &username).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, username)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    if access.actor().signed_in()?.name.as_str().eq_ignore_ascii_case(&username) {
        member::leave(&app, &access).await?;
    } else {
        member::remove(&app, &access.administer()?, &username).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn is_public_member(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, username)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let found = member::find(&app, &access, &username).await?;
    if found.is_public { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound(Kind::Member).into()) }
}

async fn publish(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, username)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    show(&app, &access, &username, true).await
}

async fn conceal(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, username)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    show(&app, &access, &username, false).await
}

/// Shows or hides a membership; only the member may decide.
async fn show(
    app: &App,
    access: &crate::at::OrganizationAccess,
    username: &str,
    is_public: bool,
) -> ApiResult<StatusCode> {
    if !access.actor().signed_in()?.name.as_str().eq_ignore_ascii_case(username) {
        return Err(Error::NotFound(Kind::Member).into());
    }
    member::set_public(app, access, is_public).await?;
    Ok(StatusCode::NO_CONTENT)
}
