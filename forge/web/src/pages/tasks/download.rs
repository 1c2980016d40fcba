//! Files of tasks as downloads: bytes of people, which no browser may run.

use std::path::Path;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use hearth_core::{Error, urls};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::CONTENT_POLICY;

const BUFFER_BYTES: usize = 64 << 10;

/// Streams a file under a name, as long as it is now: a log may go on growing.
pub(super) async fn send(path: &Path, name: &str) -> Result<Response, Error> {
    let file = tokio::fs::File::open(path).await.map_err(Error::internal)?;
    let size = file.metadata().await.map_err(Error::internal)?.len();
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_LENGTH, size.into()),
        (CONTENT_DISPOSITION, attachment(name)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    Ok((headers, Body::from_stream(ReaderStream::with_capacity(file.take(size), BUFFER_BYTES)))
        .into_response())
}

/// `attachment` with a name of any script (RFC 6266): no path, no line break.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let name: String =
        name.rsplit('/').next().unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect();
    let is_plain = |letter: char| letter == ' ' || letter.is_ascii_graphic() && !"\"\\%".contains(letter);
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let encoded = urls::segment(&name);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            attachment("out/a\r\nX: y\"模型.bin"),
            "attachment; filename=\"aX: y___.bin\"; filename*=UTF-8''aX%3A%20y%22%E6%A8%A1%E5%9E%8B.bin"
        );
    }
}
