//! Deploy keys of a repository.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    deploy_key::{self, DeployKey as Row, NewDeployKey},
};
use hearth_core::{Administer, DeployKeyId, Error, Kind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::repository::address;
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

pub(crate) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/keys";
    let one = "/repos/{owner}/{repo}/keys/{id}";
    table
        .get(all, list, describe("List deploy keys, newest first").list_response::<DeployKey>())
        .post(
            all,
            add,
            describe("Add a deploy key").request::<CreateDeployKey>().response::<DeployKey>().status(201),
        )
        .get(one, get, describe("Get a deploy key").response::<DeployKey>())
        .delete(one, delete, describe("Remove a deploy key"))
}

/// A deploy key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeployKey {
    id: i64,
    key_id: i64,
    key: String,
    url: String,
    title: String,
    fingerprint: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    read_only: bool,
}

/// A key to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateDeployKey {
    /// The key's comment when empty.
    #[serde(default)]
    title: String,
    /// One line, as in `id_ed25519.pub`.
    #[serde(default)]
    key: String,
    /// Whether it may only read.
    #[serde(default)]
    read_only: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    key_id: Option<i64>,
    fingerprint: Option<String>,
}

impl DeployKey {
    fn new(app: &App, access: &Access<Administer>, row: Row) -> Self {
        let repository = address(access.repository());
        Self {
            id: row.id.0,
            key_id: row.id.0,
            url: app.urls().absolute(&format!("{repository}/keys/{}", row.id)),
            key: row.public_key,
            title: row.title,
            fingerprint: row.fingerprint,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            read_only: !row.may_write,
        }
    }
}

fn id(text: &str) -> ApiResult<DeployKeyId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::DeployKey))?)
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(wanted): Query<Wanted>,
    paging: Paging,
) -> ApiResult<Response> {
    let access = access.administer()?;
    let mut keys = deploy_key::list(&app, &access).await?;
    keys.retain(|key| {
        wanted.key_id.is_none_or(|id| id == key.id.0)
            && wanted.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == key.fingerprint)
    });
    let page = paging.cut(keys).map(|key| DeployKey::new(&app, &access, key));
    Ok(paging.answer(&app, &page))
}

async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, text)): Named,
) -> ApiResult<Json<DeployKey>> {
    let access = access.administer()?;
    let key = deploy_key::get(&app, &access, id(&text)?).await?;
    Ok(Json(DeployKey::new(&app, &access, key)))
}

async fn add(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(new): Input<CreateDeployKey>,
) -> ApiResult<(StatusCode, Json<DeployKey>)> {
    let access = access.administer()?;
    let new = NewDeployKey { title: new.title, key: new.key, may_write: !new.read_only };
    let key = deploy_key::add(&app, &access, &new).await?;
    Ok((StatusCode::CREATED, Json(DeployKey::new(&app, &access, key))))
}

async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, text)): Named,
) -> ApiResult<StatusCode> {
    let access = access.administer()?;
    deploy_key::remove(&app, &access, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
