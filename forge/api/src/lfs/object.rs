use std::io;

use axum::{
    body::Body,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::TryStreamExt as _;
use hearth_app::{App, blobs::BlobId, lfs};
use hearth_core::{Error, Kind};
use hearth_http::download;
use serde::Deserialize;
use tokio_util::io::StreamReader;

use super::failure::LfsFailure;
use crate::{authenticate::Caller, body, error::ApiResult, git::GitAddress, range};

type Names = Path<(String, String, String)>;

pub(super) fn object_id(oid: &str) -> Result<BlobId, LfsFailure> {
    BlobId::parse(oid).ok_or_else(|| Error::field("oid", "malformed").into())
}

/// The bytes of an object, or a part of them.
pub(super) async fn get(
    State(app): State<App>,
    Path((owner, name, oid)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
) -> Result<Response, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let oid = object_id(&oid)?;
    let object = lfs::open(&app, &access, &oid).await?;
    let mut response = range::serve(&object, &headers).await?;
    let answer = response.headers_mut();
    answer.extend(download::save(oid.as_str(), download::BYTES));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", oid.as_str())) {
        answer.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Receives the bytes of an object, streamed to disk.
pub(super) async fn put(
    State(app): State<App>,
    Path((owner, name, oid)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?.push()?;
    let oid = object_id(&oid)?;
    let size = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let source = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    lfs::store(&app, &access, &oid, size, source).await?;
    Ok(StatusCode::OK)
}

#[derive(Deserialize)]
struct Claim {
    oid: String,
    size: u64,
}

/// Whether an object arrived.
pub(super) async fn verify(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    body: Body,
) -> Result<StatusCode, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let claim: Claim = body::json(&app, body).await?;
    let oid = BlobId::parse(&claim.oid).ok_or(Error::NotFound(Kind::Object))?;
    lfs::verify(&app, &access, &oid, claim.size).await?;
    Ok(StatusCode::OK)
}
