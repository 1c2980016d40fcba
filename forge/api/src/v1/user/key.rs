use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    ssh_key::{self, SshKey},
};
use hearth_core::{Error, Kind, SshKeyId, Timestamp};
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
        .get("/user/keys", list, describe("List your SSH keys, newest first").list_response::<PublicKey>())
        .post(
            "/user/keys",
            add,
            describe("Add an SSH key").request::<CreateKey>().response::<PublicKey>().status(201),
        )
        .get("/user/keys/{id}", show, describe("Get one of your SSH keys").response::<PublicKey>())
        .delete("/user/keys/{id}", remove, describe("Delete an SSH key"))
}

/// A key to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct CreateKey {
    /// The key's comment when empty.
    #[serde(default)]
    pub(super) title: String,
    /// One line, as in `id_ed25519.pub`.
    #[serde(default)]
    pub(super) key: String,
}

/// A public key for SSH.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicKey {
    id: i64,
    key: String,
    url: String,
    title: String,
    fingerprint: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    read_only: bool,
    key_type: &'static str,
}

impl PublicKey {
    pub(super) fn new(app: &App, row: SshKey) -> Self {
        Self {
            url: app.urls().absolute(&format!("/api/v1/user/keys/{}", row.id)),
            id: row.id.0,
            key: row.public_key,
            title: row.title,
            fingerprint: row.fingerprint,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            read_only: false,
            key_type: "user",
        }
    }
}

pub(super) fn id(text: &str) -> ApiResult<SshKeyId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::SshKey))?)
}

async fn list(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let keys = ssh_key::list(&app, &actor).await?;
    let page = paging.cut(keys).map(|key| PublicKey::new(&app, key));
    Ok(paging.answer(&app, &page))
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> ApiResult<Json<PublicKey>> {
    let key = ssh_key::get(&app, &actor, id(&text)?).await?;
    Ok(Json(PublicKey::new(&app, key)))
}

async fn add(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(new): Input<CreateKey>,
) -> ApiResult<(StatusCode, Json<PublicKey>)> {
    let key = ssh_key::add(&app, &actor, &new.title, &new.key).await?;
    Ok((StatusCode::CREATED, Json(PublicKey::new(&app, key))))
}

async fn remove(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> ApiResult<StatusCode> {
    ssh_key::remove(&app, &actor, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
