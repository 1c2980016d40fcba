//! Files of releases, as Gitea's clients add, rename and remove them: whole, as the field `attachment` of a form or as the body.

use std::io;

use axum::{
    Json,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
};
use futures_util::TryStreamExt as _;
use hearth_app::{
    App,
    blobs::{BlobId, Promise},
    release::{self, asset},
};
use hearth_core::{AssetId, Error, Kind};
use hearth_http::upload;
use serde::Deserialize;
use tokio_util::io::StreamReader;
use utoipa::ToSchema;

use super::release_id;
use crate::{
    at::InReleases,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::release::Asset,
};

/// Room for the headers and boundaries of a multipart body with one file, in bytes.
const MULTIPART_OVERHEAD_BYTES: u64 = 64 << 10;

pub(super) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/releases/{id}/assets";
    let one = "/repos/{owner}/{repo}/releases/{id}/assets/{asset}";
    table
        .get(all, list, describe("List the files of a release").response::<Vec<Asset>>())
        .post(
            all,
            create,
            describe("Add a file to a release: the field `attachment` of a form, or the body itself")
                .response::<Asset>()
                .status(201)
                .query("name", "what the file is to be called; its own name when left out")
                .query("sha256", "its hash, which is checked"),
        )
        .get(one, get, describe("Get a file of a release").response::<Asset>())
        .patch(
            one,
            edit,
            describe("Rename a file of a release").request::<EditAsset>().response::<Asset>().status(201),
        )
        .delete(one, delete, describe("Remove a file from a release"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
    sha256: String,
}

impl Named {
    /// What the caller says of the file; the length of the body is that of the file where the body is the file.
    fn promise(&self, size_bytes: Option<u64>) -> ApiResult<Promise> {
        let hash = self.sha256.to_ascii_lowercase();
        let id = if hash.is_empty() {
            None
        } else {
            Some(BlobId::parse(&hash).ok_or_else(|| Error::field("sha256", "malformed"))?)
        };
        Ok(Promise { id, size_bytes })
    }
}

/// A new name for a file.
#[derive(Debug, Deserialize, ToSchema)]
struct EditAsset {
    name: String,
}

type OfRelease = Path<(String, String, String)>;
type One = Path<(String, String, String, String)>;

pub(super) fn asset_id(text: &str) -> ApiResult<AssetId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Attachment))?)
}

async fn list(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): OfRelease,
) -> ApiResult<Json<Vec<Asset>>> {
    let card = release::find(&app, &access, release_id(&id)?).await?;
    let tag = &card.release.tag_name;
    Ok(Json(card.assets.iter().map(|asset| Asset::new(&app, access.repository(), tag, asset)).collect()))
}

async fn create(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): OfRelease,
    Query(asked): Query<Named>,
    request: Request,
) -> ApiResult<(StatusCode, Json<Asset>)> {
    let (writing, id) = (access.write()?, release_id(&id)?);
    let card = release::find(&app, &access, id).await?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let made = if kind.unwrap_or_default().starts_with("multipart/form-data") {
        let promise = asked.promise(None)?;
        let limit = app.limits().release_asset();
        let mut form = form(request, limit.most).await?;
        loop {
            let field = form.next_field().await.map_err(|error| Error::of_body(&error, limit))?;
            let Some(field) = field else { return Err(Error::field("attachment", "required").into()) };
            if field.name() != Some("attachment") {
                continue;
            }
            let own = field.file_name().unwrap_or_default().to_owned();
            let name = if asked.name.is_empty() { own } else { asked.name };
            let made = asset::add(&app, &writing, id, &name, &promise, upload::bytes(field)).await;
            break made.map_err(|error| upload::refused(error, "attachment"))?;
        }
    } else {
        let promise = asked.promise(length(request.headers()))?;
        let source = source(request.into_body());
        asset::add(&app, &writing, id, &asked.name, &promise, source).await?
    };
    Ok((StatusCode::CREATED, Json(Asset::new(&app, access.repository(), &card.release.tag_name, &made))))
}

async fn form(mut request: Request, most: u64) -> ApiResult<Multipart> {
    let most = usize::try_from(most.saturating_add(MULTIPART_OVERHEAD_BYTES)).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(most).apply(&mut request);
    let form = Multipart::from_request(request, &()).await;
    Ok(form.map_err(|_| Error::field("attachment", "form-unreadable"))?)
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The bytes of a body.
pub(super) fn source(
    body: Body,
) -> StreamReader<impl futures_util::Stream<Item = io::Result<axum::body::Bytes>>, axum::body::Bytes> {
    StreamReader::new(body.into_data_stream().map_err(io::Error::other))
}

async fn get(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, file)): One,
) -> ApiResult<Json<Asset>> {
    let card = release::find(&app, &access, release_id(&id)?).await?;
    let wanted = asset_id(&file)?;
    let found = card.assets.iter().find(|asset| asset.id == wanted);
    let found = found.ok_or(Error::NotFound(Kind::Attachment))?;
    Ok(Json(Asset::new(&app, access.repository(), &card.release.tag_name, found)))
}

async fn edit(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, file)): One,
    Input(asked): Input<EditAsset>,
) -> ApiResult<(StatusCode, Json<Asset>)> {
    let id = release_id(&id)?;
    let renamed = asset::rename(&app, &access.write()?, id, asset_id(&file)?, &asked.name).await?;
    let card = release::find(&app, &access, id).await?;
    Ok((StatusCode::CREATED, Json(Asset::new(&app, access.repository(), &card.release.tag_name, &renamed))))
}

async fn delete(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, file)): One,
) -> ApiResult<StatusCode> {
    asset::remove(&app, &access.write()?, release_id(&id)?, asset_id(&file)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
