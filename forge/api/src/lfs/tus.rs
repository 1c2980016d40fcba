//! Uploads that go on where they were cut, in the core of the tus protocol 1.0.0: `HEAD` says how much has arrived, `PATCH` appends.
//! The address, with the declared size, is from the batch call.

use std::io;

use axum::{
    body::Body,
    extract::{OriginalUri, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::TryStreamExt as _;
use hearth_app::{
    App,
    lfs_upload::{self, Declared},
};
use hearth_core::Error;
use serde::Deserialize;
use tokio_util::io::StreamReader;

use super::{failure::LfsFailure, object::object_id};
use crate::{authenticate::Caller, error::ApiResult, git::GitAddress};

const VERSION: &str = "1.0.0";
const OFFSET: &str = "upload-offset";
const CONTENT: &str = "application/offset+octet-stream";

type Names = Path<(String, String, String)>;

#[derive(Debug, Deserialize)]
pub(super) struct Size {
    size: u64,
}

/// How much of an object has arrived.
pub(super) async fn head(
    State(app): State<App>,
    Path((owner, name, oid)): Names,
    Query(Size { size }): Query<Size>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
) -> Result<Response, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?.push()?;
    let declared = Declared { oid: object_id(&oid)?, size_bytes: size };
    let offset = lfs_upload::offset(&app, &access, &declared).await?;
    let mut response = at(StatusCode::OK, offset);
    response.headers_mut().insert("upload-length", size.into());
    Ok(response)
}

/// Appends the body at the offset that the client names.
pub(super) async fn patch(
    State(app): State<App>,
    Path((owner, name, oid)): Names,
    Query(Size { size }): Query<Size>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?.push()?;
    let declared = Declared { oid: object_id(&oid)?, size_bytes: size };
    let content = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content != Some(CONTENT) {
        return Err(Error::field("content-type", "unknown-choice").into());
    }
    let offset = headers.get(OFFSET).and_then(|value| value.to_str().ok()?.parse().ok());
    let offset: u64 = offset.ok_or_else(|| Error::field("upload-offset", "number"))?;
    let source = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let after = lfs_upload::append(&app, &access, &declared, offset, source).await?;
    Ok(at(StatusCode::NO_CONTENT, after))
}

fn at(status: StatusCode, offset: u64) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers.insert(OFFSET, offset.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
