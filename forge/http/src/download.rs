//! Downloads of user content, served so that no browser treats it as a page of this site: no scripts, no
//! subresources.

use std::{io, path::Path};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use hearth_core::urls;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        VARY, X_CONTENT_TYPE_OPTIONS,
    },
};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::io::ReaderStream;

/// The content type of unknown bytes.
pub const BYTES: &str = "application/octet-stream";
const BUFFER_BYTES: usize = 64 << 10;
const POLICY: &str = "default-src 'none'; sandbox";
/// Vector graphics have styles of their own.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Types that a browser may display inline: they cannot contain scripts.
const SHOWN: &[(&str, &str)] = &[
    ("aac", "audio/aac"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("m4a", "audio/mp4"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("png", "image/png"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
];

/// Headers for a download saved as `name`.
pub fn save(name: &str, kind: &'static str) -> HeaderMap {
    let mut headers = guarded(kind, "attachment", name);
    let own = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own);
    headers
}

/// Headers for displaying a file inline if a browser can do so without running anything in it. With
/// `is_text`, it is shown as plain text, whatever its name says.
pub fn show(name: &str, is_text: bool) -> HeaderMap {
    match shown(name) {
        Some(kind) => guarded(kind, "inline", name),
        None if is_text => guarded("text/plain; charset=utf-8", "inline", name),
        None => save(name, BYTES),
    }
}

/// The same for a request with these headers. An SVG picture is one only for an `<img>`, where browsers run
/// and load nothing; as a page of its own it is text.
pub fn show_to(asked: &HeaderMap, name: &str, is_text: bool) -> HeaderMap {
    if ending(name) != "svg" {
        return show(name, is_text);
    }
    let mut headers = if wants_picture(asked) { show_picture("image/svg+xml") } else { show(name, true) };
    headers.insert(VARY, HeaderValue::from_static("accept"));
    headers
}

/// Headers for a picture of this content type in a page, whoever made it: its own styles apply, nothing in it runs,
/// and it loads nothing.
fn show_picture(kind: &'static str) -> HeaderMap {
    let mut headers = guarded(kind, "inline", "picture");
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PICTURE_POLICY));
    let own = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own);
    headers
}

/// The same for a request with these headers: vector graphics are saved where a page is asked for, so that nobody's
/// drawing looks like one of ours.
pub fn show_picture_to(asked: &HeaderMap, kind: &'static str) -> HeaderMap {
    if kind != "image/svg+xml" {
        return show_picture(kind);
    }
    let accepted = asked.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut headers = if accepted.contains("html") { save("picture.svg", BYTES) } else { show_picture(kind) };
    headers.insert(VARY, HeaderValue::from_static("accept"));
    headers
}

/// Whether the request is one of an `<img>`. Requests for a page accept HTML.
fn wants_picture(asked: &HeaderMap) -> bool {
    let accepted = asked.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.contains("image/") && !accepted.contains("html")
}

/// Whether browsers display a file of this name as an image.
pub fn is_picture(name: &str) -> bool {
    shown(name).is_some_and(|kind| kind.starts_with("image/"))
}

/// Whether browsers can play a file of this name: as a video, or else as audio.
pub fn is_video(name: &str) -> Option<bool> {
    let kind = shown(name).filter(|kind| !kind.starts_with("image/"))?;
    Some(kind.starts_with("video/"))
}

/// Streams a file as a download, up to its current size: a log may be growing.
pub async fn file(path: &Path, name: &str, kind: &'static str) -> io::Result<Response> {
    let file = tokio::fs::File::open(path).await?;
    let size_bytes = file.metadata().await?.len();
    Ok(send(file, size_bytes, name, kind))
}

/// Streams this many bytes of a source as a download.
pub fn send(
    source: impl AsyncRead + Send + 'static,
    size_bytes: u64,
    name: &str,
    kind: &'static str,
) -> Response {
    let mut headers = save(name, kind);
    headers.insert(CONTENT_LENGTH, size_bytes.into());
    (headers, body(source, size_bytes)).into_response()
}

/// This many bytes of a source, read as they are sent: whoever takes them slowly holds no more than a piece of them.
pub fn body(source: impl AsyncRead + Send + 'static, size_bytes: u64) -> Body {
    Body::from_stream(ReaderStream::with_capacity(source.take(size_bytes), BUFFER_BYTES))
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

fn shown(name: &str) -> Option<&'static str> {
    let ending = ending(name);
    SHOWN.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
}

fn guarded(kind: &'static str, disposition: &str, name: &str) -> HeaderMap {
    HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, named(disposition, name)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ])
}

/// `inline; filename="…"; filename*=UTF-8''…` (RFC 6266): an ASCII name for old clients and the real one,
/// without paths, line breaks or bidirectional control characters.
fn named(disposition: &str, name: &str) -> HeaderValue {
    let is_fit = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name.rsplit('/').next().unwrap_or_default().chars().filter(is_fit).collect();
    let is_plain = |letter: char| letter == ' ' || letter.is_ascii_graphic() && !"\"\\%".contains(letter);
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let encoded = urls::segment(&name);
    HeaderValue::from_str(&format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_scripts_become_text() {
        for name in ["a.html", "a.svg", "a.js", "a.xml", "a.pdf"] {
            assert_eq!(show(name, true)[CONTENT_TYPE], "text/plain; charset=utf-8", "{name}");
            assert!(!is_picture(name), "{name}");
        }
        assert_eq!(show("a.pdf", false)[CONTENT_TYPE], BYTES);
        assert_eq!(show("a.PNG", false)[CONTENT_TYPE], "image/png");
        assert!(is_picture("a.webp") && !is_picture("a.webm"));
    }

    #[test]
    fn an_svg_picture_is_one_only_inside_a_page() {
        let kind = |accepted| {
            let asked = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accepted))]);
            let headers = show_to(&asked, "a.svg", true);
            assert!(headers[CONTENT_SECURITY_POLICY].to_str().expect("text").contains("sandbox"));
            assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
            headers[CONTENT_TYPE].clone()
        };
        assert_eq!(kind("image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"), "image/svg+xml");
        assert_eq!(kind("text/html,application/xhtml+xml,image/avif,*/*;q=0.8"), "text/plain; charset=utf-8");
        assert_eq!(kind("*/*"), "text/plain; charset=utf-8");
        let navigation = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/html,*/*;q=0.8"))]);
        let headers = show_picture_to(&navigation, "image/svg+xml");
        assert_eq!(
            (&headers[CONTENT_TYPE], &headers[VARY]),
            (&HeaderValue::from_static(BYTES), &HeaderValue::from_static("accept"))
        );
        assert!(headers[CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment"));
        assert_eq!(show_picture_to(&HeaderMap::new(), "image/svg+xml")[CONTENT_TYPE], "image/svg+xml");
        assert_eq!(show_picture_to(&navigation, "image/png")[CONTENT_TYPE], "image/png");
        let page =
            show_to(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("image/*"))]), "a.html", true);
        assert_eq!(page[CONTENT_TYPE], "text/plain; charset=utf-8");
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (name, header) in [
            (
                "out/a\r\nX: y\"模型.bin",
                "attachment; filename=\"aX: y___.bin\"; filename*=UTF-8''aX%3A%20y%22%E6%A8%A1%E5%9E%8B.bin",
            ),
            (
                "a\r\nSet-Cookie: x\"/../数据.bin",
                "attachment; filename=\"__.bin\"; filename*=UTF-8''%E6%95%B0%E6%8D%AE.bin",
            ),
            ("a\u{202e}gnp.exe", "attachment; filename=\"agnp.exe\"; filename*=UTF-8''agnp.exe"),
        ] {
            assert_eq!(save(name, BYTES)[CONTENT_DISPOSITION], header);
        }
    }
}
