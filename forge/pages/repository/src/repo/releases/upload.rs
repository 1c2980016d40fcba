//! Files of releases in pieces, as the page's script sends them, so that a broken connection loses nothing.

use std::io;

use axum::{
    Json,
    extract::{Path, Query, Request, State},
    response::{IntoResponse as _, Response},
};
use futures_util::TryStreamExt as _;
use hearth_app::{
    App,
    release::{
        self,
        upload::{self, Declared, Upload},
    },
};
use hearth_web::form::check_token;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use tokio_util::io::StreamReader;

use super::AtRelease;
use crate::{Failure, Flash, Form, NoFields, Page, repo::RepositoryVisit, respond};

/// The header with the visitor's token, where the body is the file.
const TOKEN: &str = "x-csrf-token";

/// What the script needs to go on.
#[derive(Debug, Serialize)]
struct Progress {
    address: String,
    offset: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BeginForm {
    name: String,
    size: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtUpload {
    id: String,
    uuid: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Begins {
    offset: u64,
}

fn state(visit: &RepositoryVisit, upload: &Upload) -> Response {
    let address = visit.urls.release_part(upload.release_id, &format!("uploads/{}", upload.uuid));
    Json(Progress { address, offset: upload.received_bytes }).into_response()
}

/// `POST …/releases/{id}/uploads`: a file is declared, or one that was begun is found again.
pub(crate) async fn begin(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtRelease>,
    Form(form): Form<BeginForm>,
) -> Result<Response, Failure> {
    let declared = Declared { name: form.name, size_bytes: form.size, sha256: None };
    let begun = upload::begin(&app, &visit.access.write()?, at.id()?, declared).await?;
    Ok(state(&visit, &begun))
}

/// `POST …/releases/{id}/uploads/{uuid}?offset=`: the body is what comes next.
pub(crate) async fn append(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtUpload>,
    Query(from): Query<Begins>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Failure> {
    let token = headers.get(TOKEN).and_then(|token| token.to_str().ok()).unwrap_or_default();
    check_token(&page, token)?;
    let writing = visit.access.write()?;
    let id = AtRelease { id: at.id }.id()?;
    let source = StreamReader::new(request.into_body().into_data_stream().map_err(io::Error::other));
    let after = upload::append(&app, &writing, (id, &at.uuid), from.offset, source).await?;
    Ok(state(&visit, &after))
}

/// `POST …/releases/{id}/uploads/{uuid}/finish`.
pub(crate) async fn finish(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtUpload>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let id = AtRelease { id: at.id }.id()?;
    let made = upload::finish(&app, &visit.access.write()?, id, &at.uuid).await?;
    let card = release::find(&app, &visit.access, id).await?;
    let flash = Flash::new("flash-release-asset-added", made.name);
    Ok(respond::see_other_with(&visit.urls.release(&card.release.tag_name), flash))
}

/// `POST …/releases/{id}/uploads/{uuid}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtUpload>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let id = AtRelease { id: at.id }.id()?;
    upload::abandon(&app, &visit.access.write()?, id, &at.uuid).await?;
    let card = release::find(&app, &visit.access, id).await?;
    let flash = Flash::new("flash-release-upload-deleted", "");
    Ok(respond::see_other_with(&visit.urls.release(&card.release.tag_name), flash))
}
