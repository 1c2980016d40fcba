//! Bytes: one file, or an archive of a commit.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App, GitResult as _,
    code::{self, ArchiveFormat},
    content::{self, Found},
    lfs::{self, Pointer},
    repository,
};
use hearth_core::{Error, Kind};
use hearth_git::TreePath;
use hearth_http::{
    download,
    range::{Span, outside},
};
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use super::REVISION;
use crate::{
    at::InRepository,
    error::ApiResult,
    range,
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

#[derive(Debug, Deserialize)]
pub(crate) struct At {
    r#ref: Option<String>,
}

/// How many bytes are inspected to tell text from binary data.
const HEAD_BYTES: usize = 8_000;
/// Larger files are downloaded, whatever they contain.
const MOST_TEXT_BYTES: usize = 1 << 20;
const BUFFER_BYTES: usize = 64 << 10;

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/raw/{*path}",
            get,
            describe("Download a file").bytes_response().query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/media/{*path}",
            media,
            describe("Download a file, with Git LFS pointers resolved")
                .bytes_response()
                .query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/archive/{*archive}",
            archive,
            describe("Download all files of a commit: `main.zip`, `v1.0.tar.gz`").bytes_response(),
        )
}

/// A file as stored in git.
pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    Query(at): Query<At>,
    asked: HeaderMap,
) -> ApiResult<Response> {
    let found = content::find(&app, &access, at.r#ref.as_deref(), &path).await?;
    let git = repository::git(&app, access.repository()).await?;
    serve(&git, &found, &asked).await
}

/// The same, with LFS pointers resolved.
pub(crate) async fn media(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    Query(at): Query<At>,
    asked: HeaderMap,
) -> ApiResult<Response> {
    let found = content::find(&app, &access, at.r#ref.as_deref(), &path).await?;
    let git = repository::git(&app, access.repository()).await?;
    let id = found.entry.id;
    let head = if found.entry.kind.is_blob() {
        git.run(move |git| git.blob(id, lfs::MAX_POINTER_BYTES)).await.map_git()?.data
    } else {
        None
    };
    let Some(pointer) = head.as_deref().and_then(Pointer::parse) else {
        return serve(&git, &found, &asked).await;
    };
    let object = lfs::open(&app, &access, &pointer.oid).await?;
    let mut response = range::serve(&object, &asked).await?;
    response.headers_mut().extend(download::show(found.path.name(), false));
    tag(response.headers_mut(), pointer.oid.as_str());
    Ok(response)
}

async fn serve(git: &hearth_git::Repository, found: &Found, asked: &HeaderMap) -> ApiResult<Response> {
    if !found.entry.kind.is_blob() {
        return Err(Error::NotFound(Kind::File).into());
    }
    let id = found.entry.id;
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.trim_matches('"') == id.to_string()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut stream = git.blob_stream(id).await.map_git()?;
    let Some(span) = Span::requested(asked, stream.size, Some(&format!("\"{id}\""))) else {
        return Ok(outside(stream.size));
    };
    let held = stream.held().filter(|bytes| bytes.len() <= MOST_TEXT_BYTES);
    let is_text = held.is_some_and(|bytes| !bytes[..bytes.len().min(HEAD_BYTES)].contains(&0));
    let mut headers = download::show(found.path.name(), is_text);
    tag(&mut headers, &id.to_string());
    stream.skip(span.bytes.start).await.map_err(Error::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(stream.take(span.length()), BUFFER_BYTES));
    Ok(span.response(headers, body))
}

fn tag(headers: &mut HeaderMap, id: &str) {
    if let Ok(tag) = HeaderValue::try_from(format!("\"{id}\"")) {
        headers.insert(header::ETAG, tag);
    }
}

/// All files of a commit: `main.zip`, `v1.0.tar.gz`.
pub(crate) async fn archive(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, file)): Named,
) -> ApiResult<Response> {
    let (revision, format) = ArchiveFormat::split(&file).ok_or(Error::NotFound(Kind::Revision))?;
    let row = access.repository();
    let git = repository::git(&app, row).await?;
    let wanted = revision.to_owned();
    let commit = git.run(move |git| content::resolve(git, &wanted)).await.map_git()?;
    let folder = TreePath::new(row.name.key()).map_err(Error::internal)?;
    let stream = code::archive(&app, &git, commit, format, folder).await?;
    let name = format!("{}-{}{}", row.name, revision.replace('/', "-"), format.suffix());
    let body = Body::from_stream(ReaderStream::with_capacity(stream, BUFFER_BYTES));
    Ok((download::save(&name, format.content_type()), body).into_response())
}
