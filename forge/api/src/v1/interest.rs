//! Starring and watching repositories.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{App, repository::interest, user};
use hearth_core::{Error, Interest, Kind, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    repository::show_page,
    shape::{Repository, User, repository::address},
};
use crate::{
    at::InRepository,
    authenticate::Caller,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    watching(starring(table))
}

fn starring(table: Table) -> Table {
    table
        .get(
            "/user/starred",
            list_starred,
            describe("List the repositories that you star").list_response::<Repository>(),
        )
        .get(
            "/user/starred/{owner}/{repo}",
            is_starred,
            describe("Check whether you star a repository. 404 if not"),
        )
        .put("/user/starred/{owner}/{repo}", star, describe("Star a repository"))
        .delete("/user/starred/{owner}/{repo}", unstar, describe("No longer star a repository"))
        .get(
            "/users/{username}/starred",
            list_starred_of,
            describe("List the repositories that a user stars").list_response::<Repository>(),
        )
        .get(
            "/repos/{owner}/{repo}/stargazers",
            stargazers,
            describe("List the people who star a repository").list_response::<User>(),
        )
}

fn watching(table: Table) -> Table {
    table
        .get(
            "/user/subscriptions",
            list_watched,
            describe("List the repositories that you watch").list_response::<Repository>(),
        )
        .get(
            "/users/{username}/subscriptions",
            list_watched_of,
            describe("List the repositories that a user watches").list_response::<Repository>(),
        )
        .get(
            "/repos/{owner}/{repo}/subscribers",
            watchers,
            describe("List the people who watch a repository").list_response::<User>(),
        )
        .get(
            "/repos/{owner}/{repo}/subscription",
            is_watched,
            describe("Check whether you watch a repository. 404 if not").response::<Watching>(),
        )
        .put(
            "/repos/{owner}/{repo}/subscription",
            watch,
            describe("Watch a repository").response::<Watching>(),
        )
        .delete("/repos/{owner}/{repo}/subscription", unwatch, describe("No longer watch a repository"))
}

async fn of_person(
    app: &App,
    Caller(actor): Caller,
    name: Option<&str>,
    interest: Interest,
    paging: Paging,
) -> ApiResult<Response> {
    let person = match name {
        Some(name) => user::find(app, &actor, name).await?.id,
        None => actor.signed_in()?.id,
    };
    let page = interest::of_person(app, &actor, person, interest, paging.request()).await?;
    Ok(paging.answer(app, &show_page(app, &actor, page).await?))
}

async fn people(
    app: &App,
    InRepository(access): InRepository,
    interest: Interest,
    paging: Paging,
) -> ApiResult<Response> {
    let page = interest::people(app, &access, interest, paging.request()).await?;
    Ok(paging.answer(app, &page.map(|user| User::new(app, access.actor(), &user))))
}

async fn list_starred(State(app): State<App>, caller: Caller, paging: Paging) -> ApiResult<Response> {
    of_person(&app, caller, None, Interest::Star, paging).await
}

async fn list_starred_of(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    paging: Paging,
) -> ApiResult<Response> {
    of_person(&app, caller, Some(&name), Interest::Star, paging).await
}

async fn list_watched(State(app): State<App>, caller: Caller, paging: Paging) -> ApiResult<Response> {
    of_person(&app, caller, None, Interest::Watch, paging).await
}

async fn list_watched_of(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    paging: Paging,
) -> ApiResult<Response> {
    of_person(&app, caller, Some(&name), Interest::Watch, paging).await
}

async fn stargazers(State(app): State<App>, entered: InRepository, paging: Paging) -> ApiResult<Response> {
    people(&app, entered, Interest::Star, paging).await
}

async fn watchers(State(app): State<App>, entered: InRepository, paging: Paging) -> ApiResult<Response> {
    people(&app, entered, Interest::Watch, paging).await
}

async fn is_starred(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<StatusCode> {
    let since = interest::since(&app, &access, Interest::Star).await?;
    since.map(|_| StatusCode::NO_CONTENT).ok_or_else(|| Error::NotFound(Kind::Repository).into())
}

async fn star(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<StatusCode> {
    interest::set(&app, &access, Interest::Star, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unstar(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<StatusCode> {
    interest::set(&app, &access, Interest::Star, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// That the caller watches a repository.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Watching {
    subscribed: bool,
    ignored: bool,
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    url: String,
    repository_url: String,
}

async fn is_watched(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<Json<Watching>> {
    let since = interest::since(&app, &access, Interest::Watch).await?;
    let repository_url = app.urls().absolute(&address(access.repository()));
    Ok(Json(Watching {
        subscribed: true,
        ignored: false,
        reason: None,
        created_at: since.ok_or(Error::NotFound(Kind::Repository))?,
        url: format!("{repository_url}/subscription"),
        repository_url,
    }))
}

async fn watch(State(app): State<App>, entered: InRepository) -> ApiResult<Json<Watching>> {
    interest::set(&app, &entered.0, Interest::Watch, true).await?;
    is_watched(State(app), entered).await
}

async fn unwatch(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<StatusCode> {
    interest::set(&app, &access, Interest::Watch, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
