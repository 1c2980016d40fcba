//! Bytes of users, given back so that no browser takes them for a page of this site.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use hearth_core::urls;

/// Kinds that a browser may show by itself: they carry no script.
const SHOWN: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("png", "image/png"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
];

/// The headers of a file called `name`. `is_text`: its first bytes look like text.
pub(crate) fn headers(name: &str, is_text: bool) -> HeaderMap {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let shown = SHOWN.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind);
    let kind = match shown {
        Some(kind) => kind,
        None if is_text => "text/plain; charset=utf-8",
        None => "application/octet-stream",
    };
    let how = if shown.is_some() || is_text { "inline" } else { "attachment" };
    guarded(kind, &disposition(how, name))
}

/// The headers of something to save as `name`.
pub(crate) fn download(name: &str, kind: &'static str) -> HeaderMap {
    guarded(kind, &disposition("attachment", name))
}

fn guarded(kind: &'static str, disposition: &str) -> HeaderMap {
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    let mut headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ]);
    if let Ok(disposition) = HeaderValue::from_str(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers
}

/// RFC 6266: a plain name for old clients, and the real one.
fn disposition(how: &str, name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", urls::segment(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_scripts_become_text() {
        for name in ["a.html", "a.svg", "a.js", "a.xml", "a.pdf"] {
            assert_eq!(headers(name, true)[header::CONTENT_TYPE], "text/plain; charset=utf-8", "{name}");
        }
        assert_eq!(headers("a.pdf", false)[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(headers("a.PNG", false)[header::CONTENT_TYPE], "image/png");
    }

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let disposition = disposition("attachment", "数\"\r\nx: y/据.bin");
        assert_eq!(disposition, "attachment; filename=\"_.bin\"; filename*=UTF-8''%E6%8D%AE.bin");
    }
}
