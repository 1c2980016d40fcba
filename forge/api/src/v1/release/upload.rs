//! Large files of releases in pieces: declare the file, append pieces at the offset that the last answer gave, finish. After a
//! broken request, ask for the offset and go on.

use axum::{
    Json,
    extract::{Path, Query, Request, State},
    http::StatusCode,
};
use hearth_app::{
    App,
    release::{
        self,
        upload::{self, Declared},
    },
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{asset::source, release_id};
use crate::{
    at::InReleases,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::release::{Asset, Upload},
};

pub(super) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/releases/{id}/uploads";
    let one = "/repos/{owner}/{repo}/releases/{id}/uploads/{uuid}";
    table
        .get(all, list, describe("List your unfinished uploads to a release").response::<Vec<Upload>>())
        .post(
            all,
            begin,
            describe("Begin to upload a file in pieces, or go on with the same one")
                .request::<BeginUpload>()
                .response::<Upload>()
                .status(201),
        )
        .get(one, get, describe("Get how much of an upload has arrived").response::<Upload>())
        .patch(
            one,
            append,
            describe("Append the body to an upload; what arrives is kept even if the request breaks off")
                .response::<Upload>()
                .query("offset", "where the body begins: the offset of the last answer"),
        )
        .delete(one, abandon, describe("Remove an upload with what has arrived of it"))
        .post(
            "/repos/{owner}/{repo}/releases/{id}/uploads/{uuid}/finish",
            finish,
            describe("Make a file of the release of an upload that has arrived completely")
                .response::<Asset>()
                .status(201),
        )
}

/// A file that is to be uploaded.
#[derive(Debug, Deserialize, ToSchema)]
struct BeginUpload {
    name: String,
    /// In bytes.
    size: u64,
    /// In hex; it is checked at the end.
    sha256: Option<String>,
}

#[derive(Debug, Deserialize)]
struct At {
    offset: u64,
}

type OfRelease = Path<(String, String, String)>;
type One = Path<(String, String, String, String)>;

async fn list(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): OfRelease,
) -> ApiResult<Json<Vec<Upload>>> {
    access.write()?;
    let found = upload::list(&app, &access, release_id(&id)?).await?;
    Ok(Json(found.iter().map(|upload| Upload::new(&app, access.repository(), upload)).collect()))
}

async fn begin(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): OfRelease,
    Input(asked): Input<BeginUpload>,
) -> ApiResult<(StatusCode, Json<Upload>)> {
    let declared = Declared { name: asked.name, size_bytes: asked.size, sha256: asked.sha256 };
    let begun = upload::begin(&app, &access.write()?, release_id(&id)?, declared).await?;
    Ok((StatusCode::CREATED, Json(Upload::new(&app, access.repository(), &begun))))
}

async fn get(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, uuid)): One,
) -> ApiResult<Json<Upload>> {
    let found = upload::find(&app, &access.write()?, release_id(&id)?, &uuid).await?;
    Ok(Json(Upload::new(&app, access.repository(), &found)))
}

async fn append(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, uuid)): One,
    Query(at): Query<At>,
    request: Request,
) -> ApiResult<Json<Upload>> {
    let (writing, id) = (access.write()?, release_id(&id)?);
    let source = source(request.into_body());
    let after = upload::append(&app, &writing, (id, &uuid), at.offset, source).await?;
    Ok(Json(Upload::new(&app, access.repository(), &after)))
}

async fn finish(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, uuid)): One,
) -> ApiResult<(StatusCode, Json<Asset>)> {
    let id = release_id(&id)?;
    let made = upload::finish(&app, &access.write()?, id, &uuid).await?;
    let card = release::find(&app, &access, id).await?;
    Ok((StatusCode::CREATED, Json(Asset::new(&app, access.repository(), &card.release.tag_name, &made))))
}

async fn abandon(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, uuid)): One,
) -> ApiResult<StatusCode> {
    upload::abandon(&app, &access.write()?, release_id(&id)?, &uuid).await?;
    Ok(StatusCode::NO_CONTENT)
}
