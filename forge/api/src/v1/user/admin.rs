use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App, Password,
    user::{self, NewAccount},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{User, UserSearchQuery};
use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table
        .get(
            "/admin/users",
            list,
            describe("List all accounts, oldest first")
                .list_response::<User>()
                .query("q", "part of the name"),
        )
        .post(
            "/admin/users",
            create,
            describe("Create an account").request::<CreateUser>().response::<User>().status(201),
        )
}

/// An account to create. It gets no special rights.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateUser {
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    #[schema(value_type = String)]
    password: Password,
    #[serde(default)]
    full_name: String,
}

async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<UserSearchQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let page = user::list_all(&app, &actor, &asked.q, paging.request()).await?;
    let page = page.map(|user| User::new(&app, &actor, &user));
    Ok(paging.answer(&app, &page))
}

async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(new): Input<CreateUser>,
) -> ApiResult<(StatusCode, Json<User>)> {
    let new = NewAccount {
        name: new.username,
        display_name: new.full_name,
        email: new.email,
        password: new.password,
        is_admin: false,
    };
    let user = user::create(&app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(User::new(&app, &actor, &user))))
}
