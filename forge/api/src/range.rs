//! `Range: bytes=…`: one range is served; requests for several get the whole.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::blobs::Object;
use hearth_core::Result;
use tokio_util::io::ReaderStream;

const BUFFER_BYTES: usize = 64 << 10;

/// Which of `size` bytes are requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteRange {
    Whole,
    /// From the first offset up to, but without, the second.
    Part(u64, u64),
    Outside,
}

fn byte_range(headers: &HeaderMap, size: u64) -> ByteRange {
    let Some(text) = headers.get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return ByteRange::Whole;
    };
    let Some((start, end)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return ByteRange::Whole;
    };
    match (start.trim().parse::<u64>(), end.trim().parse::<u64>()) {
        (Ok(start), _) if start >= size => ByteRange::Outside,
        (Ok(start), Ok(last)) if last >= start => ByteRange::Part(start, last.saturating_add(1).min(size)),
        (Ok(start), Err(_)) if end.trim().is_empty() => ByteRange::Part(start, size),
        (Err(_), Ok(0)) if start.is_empty() => ByteRange::Outside,
        (Err(_), Ok(last)) if start.is_empty() => ByteRange::Part(size.saturating_sub(last), size),
        _ => ByteRange::Whole,
    }
}

/// Serves an object, or the requested part of it.
pub(crate) async fn serve(object: &Object, headers: &HeaderMap) -> Result<Response> {
    let size = object.size_bytes();
    let accepts = (header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let (status, start, end) = match byte_range(headers, size) {
        ByteRange::Whole => (StatusCode::OK, 0, size),
        ByteRange::Part(start, end) => (StatusCode::PARTIAL_CONTENT, start, end),
        ByteRange::Outside => {
            let all = format!("bytes */{size}");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, all)]).into_response());
        }
    };
    let stream = ReaderStream::with_capacity(object.open_part(start..end).await?, BUFFER_BYTES);
    let mut response = (status, [accepts], Body::from_stream(stream)).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, (end - start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let range = HeaderValue::try_from(format!("bytes {start}-{}/{size}", end - 1));
        response.headers_mut().insert(header::CONTENT_RANGE, range.expect("numbers are plain"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(range: &'static str) -> ByteRange {
        let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        byte_range(&headers, 10)
    }

    #[test]
    fn one_range_is_understood() {
        assert_eq!(ask("bytes=0-3"), ByteRange::Part(0, 4));
        assert_eq!(ask("bytes=4-"), ByteRange::Part(4, 10));
        assert_eq!(ask("bytes=-3"), ByteRange::Part(7, 10));
        assert_eq!(ask("bytes=-30"), ByteRange::Part(0, 10));
        assert_eq!(ask("bytes=8-99"), ByteRange::Part(8, 10));
    }

    #[test]
    fn what_lies_outside_is_told_so() {
        assert_eq!(ask("bytes=10-"), ByteRange::Outside);
        assert_eq!(ask("bytes=-0"), ByteRange::Outside);
    }

    #[test]
    fn everything_else_gets_the_whole() {
        for range in ["bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=x-y", "bytes=-"] {
            assert_eq!(ask(range), ByteRange::Whole, "{range}");
        }
        assert_eq!(byte_range(&HeaderMap::new(), 10), ByteRange::Whole);
    }
}
