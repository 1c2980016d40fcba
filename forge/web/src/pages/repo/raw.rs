//! Bytes of people, as they are: never run, never framed, never taken for a page.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use hearth_app::{App, code, code::Content, lfs};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
        IF_NONE_MATCH,
    },
};
use tokio_util::io::ReaderStream;

use super::{RepositoryVisit, source::At};
use crate::{CONTENT_POLICY, Failure};

const BUFFER_BYTES: usize = 64 << 10;

/// A file as git has it.
pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let place = code::locate(&app, &visit.access, &at.kind, &at.rest).await?;
    let (id, stream) = code::raw(&app, &visit.access, &place).await?;
    let tag = format!("\"{id}\"");
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let size_bytes = stream.size;
    let body = Body::from_stream(ReaderStream::with_capacity(stream, BUFFER_BYTES));
    Ok(bytes(place.path.name(), size_bytes, &tag, body))
}

/// A file as people mean it: a large one comes from beside git.
pub(crate) async fn media(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let place = code::locate(&app, &visit.access, &at.kind, &at.rest).await?;
    let file = code::file(&app, &visit.access, &place).await?;
    let Content::Lfs(pointer) = file.content else {
        return get(State(app), visit, Path(at), headers).await;
    };
    let tag = format!("\"{}\"", pointer.oid.as_str());
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let (object, size_bytes) = lfs::open(&app, &visit.access, &pointer.oid).await?;
    let body = Body::from_stream(ReaderStream::with_capacity(object, BUFFER_BYTES));
    Ok(bytes(place.path.name(), size_bytes, &tag, body))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes())
}

/// Bytes under a name, in a way that no browser runs them.
pub(crate) fn bytes(name: &str, size_bytes: u64, tag: &str, body: Body) -> Response {
    let (kind, disposition) = match picture_type(name) {
        Some(kind) => (kind, "inline"),
        None if is_text(name) => ("text/plain; charset=utf-8", "inline"),
        None => ("application/octet-stream", "attachment"),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_LENGTH, HeaderValue::from(size_bytes)),
        (CONTENT_DISPOSITION, content_disposition(disposition, name)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (ETAG, HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""))),
    ];
    (headers, body).into_response()
}

/// `inline; filename="…"; filename*=UTF-8''…` (RFC 6266): no path, no line break, no direction marks.
pub(crate) fn content_disposition(disposition: &str, name: &str) -> HeaderValue {
    let name: String =
        name.rsplit('/').next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let encoded = hearth_core::urls::segment(&name);
    HeaderValue::from_str(&format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Pictures that browsers draw without running anything in them.
pub(super) fn picture_type(name: &str) -> Option<&'static str> {
    match ending(name).as_str() {
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "gif" => Some("image/gif"),
        "webp" => Some("image/webp"),
        "bmp" => Some("image/bmp"),
        "ico" => Some("image/x-icon"),
        _ => None,
    }
}

/// By its name; anything that is not known is downloaded.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_the_header() {
        let value = content_disposition("attachment", "a\r\nSet-Cookie: x\"/../数据.bin");
        assert_eq!(value, "attachment; filename=\"__.bin\"; filename*=UTF-8''%E6%95%B0%E6%8D%AE.bin");
    }

    #[test]
    fn nothing_that_runs_is_a_picture() {
        for name in ["a.svg", "a.html", "a.pdf", "a.xml"] {
            assert_eq!(picture_type(name), None, "{name}");
        }
    }
}
