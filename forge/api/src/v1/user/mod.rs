//! People, their tokens and their keys.

mod admin;
mod gpg_key;
mod key;
mod settings;
mod token;

use axum::{
    Json,
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, user};
use hearth_core::{Scope, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::User;
use crate::{
    authenticate::Caller,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    let table = table
        .get("/user", me, describe("Get the signed-in user").response::<User>())
        .get(
            "/users/search",
            search,
            describe("Search users by name")
                .response::<Found>()
                .query("q", "part of the name or of the display name")
                .query("uid", "only the person with this id")
                .query("page", "the page, from 1")
                .query("limit", "items a page, at most 50"),
        )
        .get("/users/{username}", show, describe("Get a user").response::<User>());
    settings::routes(admin::routes(gpg_key::routes(key::routes(token::routes(table)))))
}

async fn me(State(app): State<App>, Caller(actor): Caller) -> ApiResult<Json<User>> {
    let user = actor.signed_in()?;
    actor.require(Scope::ReadUser)?;
    Ok(Json(User::new(&app, &actor, user)))
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<User>> {
    let user = user::find(&app, &actor, &name).await?;
    Ok(Json(User::new(&app, &actor, &user)))
}

#[derive(Debug, Deserialize)]
struct UserSearchQuery {
    #[serde(default)]
    q: String,
    /// 0 when left out.
    #[serde(default)]
    uid: i64,
}

/// People, in Gitea's envelope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundUsers)]
pub(crate) struct Found {
    ok: bool,
    data: Vec<User>,
}

async fn search(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<UserSearchQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let page = match asked.uid {
        0 => user::list(&app, &actor, &asked.q, paging.request()).await?,
        id => paging.cut(user::find_by_id(&app, &actor, UserId(id)).await?.into_iter().collect()),
    };
    let page = page.map(|user| User::new(&app, &actor, &user));
    Ok(paging.wrap(&app, page.total, &Found { ok: true, data: page.items }))
}
