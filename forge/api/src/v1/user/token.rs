use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Actor, App,
    access_token::{self, AccessToken as Row, NewToken},
};
use hearth_core::{Action, Error, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table
        .post(
            "/users/{username}/tokens",
            mint,
            describe("Create an access token. Requires the password")
                .request::<CreateAccessToken>()
                .response::<AccessToken>()
                .status(201),
        )
        .get(
            "/users/{username}/tokens",
            list,
            describe("List your access tokens, without their secrets. Requires the password")
                .list_response::<AccessToken>(),
        )
        .delete(
            "/users/{username}/tokens/{token}",
            revoke,
            describe("Delete an access token by its id or name. Requires the password"),
        )
}

/// An access token to create.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateAccessToken {
    #[serde(default)]
    name: String,
    /// E.g. `read:user`, `write:repository`, `all`; never empty.
    #[serde(default)]
    scopes: Vec<String>,
    /// Days until it expires; the site's default when left out.
    #[serde(default)]
    days: Option<u32>,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
struct AccessToken {
    id: i64,
    name: String,
    /// The token itself, just after it was created; empty afterwards.
    sha1: String,
    token_last_eight: String,
    scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl AccessToken {
    fn new(row: Row, secret: String) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            sha1: secret,
            token_last_eight: row.last_eight,
            scopes: row.scopes.split(',').map(str::to_owned).collect(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        }
    }
}

/// Only their owner may manage tokens; administrators are no exception.
fn check_own(actor: &Actor, name: &str) -> ApiResult<()> {
    let user = actor.signed_in()?;
    if user.name.key() == name.to_ascii_lowercase() {
        Ok(())
    } else {
        Err(Error::Forbidden(Action::Administer).into())
    }
}

async fn mint(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Input(new): Input<CreateAccessToken>,
) -> ApiResult<(StatusCode, Json<AccessToken>)> {
    check_own(&actor, &name)?;
    let new = NewToken { name: new.name, scopes: new.scopes, days: new.days };
    let made = access_token::mint(&app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(AccessToken::new(made.token, made.secret))))
}

async fn list(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    paging: Paging,
) -> ApiResult<Response> {
    check_own(&actor, &name)?;
    let tokens = access_token::list(&app, &actor).await?;
    let page = paging.cut(tokens).map(|token| AccessToken::new(token, String::new()));
    Ok(paging.answer(&app, &page))
}

async fn revoke(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((name, token)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    check_own(&actor, &name)?;
    match token.parse::<TokenId>() {
        Ok(id) => access_token::revoke(&app, &actor, id).await?,
        Err(_) => access_token::revoke_by_name(&app, &actor, &token).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
