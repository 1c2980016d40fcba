//! Files of releases: downloaded, added by a plain form, deleted.

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App,
    blobs::Promise,
    release::{self, asset},
};
use hearth_core::{Action, AssetId, Error, Kind};
use hearth_http::{
    download,
    range::{self, Span},
    upload,
};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, ETAG},
};
use serde::Deserialize;
use tokio_util::io::ReaderStream;

use super::AtRelease;
use crate::{
    Failure, Flash, Form, NoFields, Page,
    repo::{RepositoryVisit, raw::is_known},
    respond,
};

const BUFFER_BYTES: usize = 64 << 10;
/// Room for the other fields and the boundaries of the form, in bytes.
const FORM_OVERHEAD_BYTES: u64 = 64 << 10;
/// The longest token that is read.
const MOST_TOKEN_BYTES: usize = 1_024;

/// `v1.0/model.safetensors`: a tag, which may contain slashes, and a name, which does not.
#[derive(Debug, Deserialize)]
pub(crate) struct AtFile {
    file: String,
}

/// `GET …/releases/download/{tag}/{name}`, or a part of it.
pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtFile>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (tag, name) = at.file.rsplit_once('/').ok_or(Error::NotFound(Kind::Attachment))?;
    let (found, object) = asset::open(&app, &visit.access, tag, name).await?;
    let version = format!("\"{}\"", found.sha256);
    if is_known(&headers, &version) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, version)]).into_response());
    }
    let Some(span) = Span::requested(&headers, object.size_bytes(), Some(&version)) else {
        return Ok(range::outside(object.size_bytes()));
    };
    if method == Method::GET && span.bytes.start == 0 {
        asset::note_download(&app, &found).await?;
    }
    let reader = object.open_part(span.bytes.clone()).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(reader, BUFFER_BYTES));
    let mut saved = download::save(&found.name, download::BYTES);
    if let Ok(version) = HeaderValue::from_str(&version) {
        saved.insert(ETAG, version);
    }
    saved.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(span.response(saved, body))
}

/// `POST …/releases/{id}/assets`: a form with one file, streamed to the store. The token must come before the file.
pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtRelease>,
    mut request: Request,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    let id = at.id()?;
    let card = release::find(&app, &visit.access, id).await?;
    let limit = app.limits().release_asset();
    let most = limit.most.saturating_add(FORM_OVERHEAD_BYTES);
    DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX)).apply(&mut request);
    let unreadable = || Error::field("form", "form-unreadable");
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut is_own = false;
    while let Some(mut field) = form.next_field().await.map_err(|error| Error::of_body(&error, limit))? {
        match field.name() {
            Some("csrf") => {
                let mut token = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(|_| unreadable())? {
                    token.extend_from_slice(&piece);
                    if token.len() > MOST_TOKEN_BYTES {
                        return Err(unreadable().into());
                    }
                }
                hearth_web::form::check_token(&page, &String::from_utf8_lossy(&token))?;
                is_own = true;
            }
            Some("files") => {
                if !is_own {
                    return Err(Error::Forbidden(Action::CrossSite).into());
                }
                let name = field.file_name().unwrap_or_default().to_owned();
                let source = upload::bytes(field);
                let made = asset::add(&app, &writing, id, &name, &Promise::default(), source).await;
                let made = made.map_err(|error| upload::refused(error, "files"))?;
                let flash = Flash::new("flash-release-asset-added", made.name);
                return Ok(respond::see_other_with(&visit.urls.release(&card.release.tag_name), flash));
            }
            _ => {}
        }
    }
    Err(Error::field("files", "required").into())
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtAsset {
    id: String,
    asset: String,
}

/// `POST …/releases/{id}/assets/{asset}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtAsset>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    let id = AtRelease { id: at.id }.id()?;
    let file: AssetId = at.asset.parse().map_err(|_| Error::NotFound(Kind::Attachment))?;
    let removed = asset::remove(&app, &writing, id, file).await?;
    let card = release::find(&app, &visit.access, id).await?;
    let flash = Flash::new("flash-release-asset-deleted", removed.name);
    Ok(respond::see_other_with(&visit.urls.release(&card.release.tag_name), flash))
}
