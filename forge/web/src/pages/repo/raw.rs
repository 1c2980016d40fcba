//! User content, byte for byte: never executed, never framed, never served as a page.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use hearth_app::{App, code, code::RawFile, lfs};
use hearth_http::download;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, ETAG, IF_NONE_MATCH},
};
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
    Ok(as_it_is(file, &headers))
}

fn as_it_is(file: RawFile, headers: &HeaderMap) -> Response {
    let RawFile { place, id, bytes: stream } = file;
    let tag = format!("\"{id}\"");
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let size_bytes = stream.size;
    let body = Body::from_stream(ReaderStream::with_capacity(stream, BUFFER_BYTES));
    bytes(place.path.name(), size_bytes, &tag, body)
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
        return Ok(as_it_is(file, &headers));
    };
    let tag = format!("\"{}\"", pointer.oid.as_str());
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let object = lfs::open(&app, &visit.access, &pointer.oid).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(object.open().await?, BUFFER_BYTES));
    Ok(bytes(file.place.path.name(), object.size_bytes(), &tag, body))
}

pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes())
}

/// Serves bytes in such a way that no browser executes them.
pub(super) fn bytes(name: &str, size_bytes: u64, tag: &str, body: Body) -> Response {
    let mut headers = download::show(name, is_text(name));
    headers.insert(CONTENT_LENGTH, size_bytes.into());
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    (headers, body).into_response()
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
