//! User content, byte for byte: never executed, never framed, never served as a page.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use hearth_app::{App, blobs::Object, code, code::RawFile, lfs};
use hearth_core::Error;
use hearth_http::{
    download,
    range::{self, Span},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ETAG, IF_NONE_MATCH},
};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use super::{RepositoryVisit, source::At};
use crate::Failure;

const BUFFER_BYTES: usize = 64 << 10;

/// A file as stored in git.
pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let file = code::raw(&app, &visit.access, &at.kind, &at.rest).await?;
    as_it_is(file, &headers).await
}

async fn as_it_is(file: RawFile, headers: &HeaderMap) -> Result<Response, Failure> {
    let RawFile { place, id, bytes: mut stream } = file;
    let tag = format!("\"{id}\"");
    if is_known(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let Some(span) = Span::requested(headers, stream.size, Some(&tag)) else {
        return Ok(range::outside(stream.size));
    };
    stream.skip(span.bytes.start).await.map_err(Error::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(stream.take(span.length()), BUFFER_BYTES));
    Ok(span.response(shown(place.path.name(), &tag, headers), body))
}

/// A file with LFS pointers resolved.
pub(crate) async fn media(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (file, pointer) = code::media(&app, &visit.access, &at.kind, &at.rest).await?;
    let Some(pointer) = pointer else {
        return as_it_is(file, &headers).await;
    };
    let tag = format!("\"{}\"", pointer.oid.as_str());
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let object = lfs::open(&app, &visit.access, &pointer.oid).await?;
    object_part(&object, file.place.path.name(), &tag, &headers).await
}

/// An object of the blob store, or the requested part of it.
pub(super) async fn object_part(
    object: &Object,
    name: &str,
    tag: &str,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let Some(span) = Span::requested(headers, object.size_bytes(), Some(tag)) else {
        return Ok(range::outside(object.size_bytes()));
    };
    let reader = object.open_part(span.bytes.clone()).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(reader, BUFFER_BYTES));
    Ok(span.response(shown(name, tag, headers), body))
}

pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes())
}

/// Headers with which no browser executes the bytes.
fn shown(name: &str, tag: &str, asked: &HeaderMap) -> HeaderMap {
    let mut headers = download::show_to(asked, name, is_text(name));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    headers
}

/// Judged by the name; unknown types are downloaded.
fn is_text(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "txt", "md", "csv", "tsv", "json", "jsonl", "toml", "yaml", "yml", "ini", "cfg", "log", "lock",
        "patch", "diff", "html", "htm", "svg", "xml", "css", "js", "mjs", "ts", "tsx", "jsx", "py", "rs",
        "go", "c", "h", "cc", "cpp", "hpp", "java", "kt", "rb", "php", "sh", "bash", "sql", "tex", "rst",
        "ipynb", "vue", "lua", "pl", "r", "jl", "swift", "cu",
    ];
    const NAMES: &[&str] =
        &["readme", "license", "licence", "makefile", "dockerfile", "copying", "authors", "sha256sums"];
    let lower = name.to_ascii_lowercase();
    ENDINGS.contains(&ending(name).as_str()) || NAMES.contains(&lower.as_str()) || lower.starts_with('.')
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}
