use std::io;

use axum::{
    body::Body,
    extract::{OriginalUri, Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt as _;
use hearth_app::{App, GitResult as _, push, repository};
use hearth_core::{Error, Kind, Language, Limit};
use hearth_git::{Bounded, Gunzip, Protocol, Service};
use serde::Deserialize;
use tokio::io::AsyncRead;
use tokio_util::io::{ReaderStream, StreamReader};

use super::{GitAddress, failure::GitFailure};
use crate::{Api, authenticate::Caller, error::ApiResult};

type Names = Path<(String, String)>;
type GitResult = Result<Response, GitFailure>;

/// The size of one read of a response.
const BUFFER_BYTES: usize = 64 << 10;

#[derive(Deserialize)]
pub(super) struct ServiceQuery {
    service: Option<String>,
}

/// `GET info/refs?service=…`. Without a service it would be the dumb protocol, which is not supported.
pub(super) async fn advertise(
    State(app): State<App>,
    Path((owner, name)): Names,
    Query(asked): Query<ServiceQuery>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
) -> GitResult {
    let address = GitAddress::new(&uri, owner, &name);
    let service = asked.service.as_deref().and_then(Service::from_name);
    let service = service.ok_or(Error::NotFound(Kind::Page))?;
    let Caller(actor) = caller?;
    let access = address.open(&app, &actor).await?;
    if service == Service::ReceivePack {
        access.push()?;
    }
    let git = repository::git(&app, access.repository()).await?;
    let references = git.advertise(service, protocol(&headers)).await.map_git()?;
    Ok(answer(service, "advertisement", streamed(references)))
}

/// Clone and fetch.
pub(super) async fn upload_pack(
    State(app): State<App>,
    Path((owner, name)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> GitResult {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let git = repository::git(&app, access.repository()).await?;
    let limit = app.limits().fetch();
    let output =
        git.upload_pack(protocol(&headers), input(&headers, body, limit)).await.map_git_within(limit)?;
    Ok(answer(Service::UploadPack, "result", streamed(output)))
}

/// Push.
pub(super) async fn receive_pack(
    State(api): State<Api>,
    Path((owner, name)): Names,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> GitResult {
    let app = &api.app;
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(app, &actor).await?.push()?;
    let git = repository::git(app, access.repository()).await?;
    let limit = app.limits().push();
    let input = input(&headers, body, limit);
    let ticket = push::admit(app, &api.gate, access, language(&headers), &git);
    let output = git.receive_pack(protocol(&headers), input, ticket).await.map_git_within(limit)?;
    Ok(answer(Service::ReceivePack, "result", streamed(output)))
}

fn protocol(headers: &HeaderMap) -> Protocol {
    Protocol::from_header(headers.get("git-protocol").and_then(|value| value.to_str().ok()))
}

/// The language that the pusher's git runs in.
fn language(headers: &HeaderMap) -> Option<Language> {
    Language::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
}

/// The request as a stream, decompressed if needed, and never longer than the limit.
fn input(headers: &HeaderMap, body: Body, limit: Limit) -> Box<dyn AsyncRead + Send + Unpin> {
    let raw = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let encoding = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    if matches!(encoding, Some(b"gzip" | b"x-gzip")) {
        Box::new(Gunzip::new(raw, limit.most))
    } else {
        Box::new(Bounded::new(raw, limit.most))
    }
}

fn streamed(output: impl AsyncRead + Send + 'static) -> Body {
    Body::from_stream(ReaderStream::with_capacity(output, BUFFER_BYTES))
}

fn answer(service: Service, part: &str, body: Body) -> Response {
    let kind = format!("application/x-{}-{part}", service.name());
    let kind = HeaderValue::try_from(kind).expect("the names of services are plain words");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, max-age=0, must-revalidate")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, body).into_response()
}
