use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App, Password, ssh_key,
    user::{self, NewAccount},
};
use hearth_core::{Error, Scope};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    User, UserSearchQuery,
    key::{self, CreateKey, PublicKey},
};
use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
    v1::{
        repository::{self, CreateRepository},
        shape::Repository,
    },
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
        .patch(
            "/admin/users/{username}",
            edit,
            describe("Block or unblock an account, or give or take administrator rights")
                .request::<EditUser>()
                .response::<User>(),
        )
        .delete(
            "/admin/users/{username}",
            delete,
            describe("Delete an account. What its person wrote stays, without their name"),
        )
        .post(
            "/admin/users/{username}/repos",
            create_repository,
            describe("Create a repository for somebody")
                .request::<CreateRepository>()
                .response::<Repository>()
                .status(201),
        )
        .post(
            "/admin/users/{username}/keys",
            add_key,
            describe("Add an SSH key for somebody")
                .request::<CreateKey>()
                .response::<PublicKey>()
                .status(201),
        )
        .delete("/admin/users/{username}/keys/{id}", remove_key, describe("Delete an SSH key of somebody"))
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

/// Fields that are left out stay unchanged. Email address, name and password are for the person alone to change.
#[derive(Debug, Deserialize, ToSchema)]
struct EditUser {
    admin: Option<bool>,
    /// Whether the account is blocked.
    prohibit_login: Option<bool>,
    #[schema(ignore)]
    email: Option<serde_json::Value>,
    #[schema(ignore)]
    full_name: Option<serde_json::Value>,
    #[schema(ignore)]
    password: Option<serde_json::Value>,
}

impl EditUser {
    /// A client must not believe that it changed what only the person can change.
    fn refuse_what_is_personal(&self) -> ApiResult<()> {
        let personal = [("email", &self.email), ("full_name", &self.full_name), ("password", &self.password)];
        match personal.into_iter().find(|(_, value)| value.is_some()) {
            Some((field, _)) => Err(Error::field(field, "unknown").into()),
            None => Ok(()),
        }
    }
}

async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Input(input): Input<EditUser>,
) -> ApiResult<Json<User>> {
    actor.administrator(Scope::WriteAdmin)?;
    input.refuse_what_is_personal()?;
    let mut user = user::find(&app, &actor, &name).await?;
    if let Some(is_blocked) = input.prohibit_login.filter(|wanted| *wanted != user.is_blocked) {
        user = if is_blocked {
            user::block(&app, &actor, &name).await?
        } else {
            user::unblock(&app, &actor, &name).await?
        };
    }
    if let Some(is_admin) = input.admin.filter(|wanted| *wanted != user.is_admin) {
        user = if is_admin {
            user::make_admin(&app, &actor, &name).await?
        } else {
            user::unmake_admin(&app, &actor, &name).await?
        };
    }
    Ok(Json(User::new(&app, &actor, &user)))
}

async fn delete(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
) -> ApiResult<StatusCode> {
    user::delete(&app, &actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an administrator does for somebody is noted in the security log of the account.
async fn create_repository(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Input(asked): Input<CreateRepository>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let deed = "POST /admin/users/{username}/repos";
    let owner = user::act_as(&app, &actor, &name, Some(deed)).await?;
    repository::create_for(&app, &owner, None, asked).await
}

async fn add_key(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Input(new): Input<CreateKey>,
) -> ApiResult<(StatusCode, Json<PublicKey>)> {
    let deed = "POST /admin/users/{username}/keys";
    let owner = user::act_as(&app, &actor, &name, Some(deed)).await?;
    let key = ssh_key::add(&app, &owner, &new.title, &new.key).await?;
    Ok((StatusCode::CREATED, Json(PublicKey::new(&app, key))))
}

async fn remove_key(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((name, id)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let deed = "DELETE /admin/users/{username}/keys/{id}";
    let owner = user::act_as(&app, &actor, &name, Some(deed)).await?;
    ssh_key::remove(&app, &owner, key::id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
