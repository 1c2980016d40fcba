//! `/{owner}/{name}/attachments`: upload and download of attachments.

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, thread::attachment};
use hearth_http::routing;
use http::{HeaderMap, StatusCode, header::ETAG};
use serde::{Deserialize, Serialize};

use super::{RepositoryVisit, raw};
use crate::{
    Failure, Page, Web,
    files_form::{self, FilesForm},
};

/// The routes below one repository.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/attachments", routing::post(post)).route("/attachments/{uuid}", routing::get(get))
}

/// The file that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtAttachment {
    uuid: String,
}

/// What the upload script inserts into the text, and why a file was refused.
#[derive(Debug, Serialize)]
struct Taken {
    texts: Vec<String>,
    refused: String,
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// `POST …/attachments`: files for a text that is still being written.
pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    request: Request,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let FilesForm { form: Nothing {}, files, refused } =
        files_form::receive(&app, &page, &visit, request).await?;
    let texts = files.iter().map(|file| files_form::markdown(file, &visit.urls)).collect();
    let (status, refused) = match refused {
        None => (StatusCode::OK, String::new()),
        Some(error) => {
            let mistakes = files_form::mistakes(&page, error)?;
            let sentences: Vec<_> = mistakes.iter().map(|mistake| mistake.sentence.as_str()).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, sentences.join(" "))
        }
    };
    Ok((status, Json(Taken { texts, refused })).into_response())
}

/// `GET …/attachments/{uuid}`.
pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtAttachment>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (file, object) = attachment::open(&app, &visit.access, &at.uuid).await?;
    let tag = format!("\"{}\"", file.sha256);
    if raw::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    raw::object_part(&object, &file.name, &tag, &headers).await
}
