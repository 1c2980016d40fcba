//! `Range: bytes=…` (RFC 9110, section 14): one range is served; requests for several get the whole.

use std::ops::Range;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, IF_RANGE, RANGE},
};

/// The bytes of a file that a request gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub bytes: Range<u64>,
    total: u64,
    is_part: bool,
}

impl Span {
    /// What is requested of `total` bytes with this entity tag; none if no byte of the range exists. A range
    /// that cannot be read is ignored, and so is one for another version of the file (`If-Range`).
    pub fn requested(headers: &HeaderMap, total: u64, tag: Option<&str>) -> Option<Self> {
        let whole = Self { bytes: 0..total, total, is_part: false };
        let wanted = headers.get(RANGE).and_then(|value| value.to_str().ok());
        let is_current = headers.get(IF_RANGE).is_none_or(|known| tag.is_some_and(|tag| known == tag));
        let Some((start, end)) = wanted
            .filter(|_| is_current)
            .and_then(|text| text.strip_prefix("bytes="))
            .and_then(|range| range.split_once('-'))
        else {
            return Some(whole);
        };
        let bytes = match (start.trim().parse::<u64>(), end.trim().parse::<u64>()) {
            (Ok(start), _) if start >= total => return None,
            (Ok(start), Ok(last)) if last >= start => start..last.saturating_add(1).min(total),
            (Ok(start), Err(_)) if end.trim().is_empty() => start..total,
            (Err(_), Ok(0)) if start.is_empty() => return None,
            (Err(_), Ok(_)) if start.is_empty() && total == 0 => return None,
            (Err(_), Ok(count)) if start.is_empty() => total.saturating_sub(count)..total,
            _ => return Some(whole),
        };
        Some(Self { bytes, total, is_part: true })
    }

    /// How many bytes these are.
    pub fn length(&self) -> u64 {
        self.bytes.end - self.bytes.start
    }

    /// The response with these bytes as its body.
    pub fn response(&self, mut headers: HeaderMap, body: Body) -> Response {
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(CONTENT_LENGTH, self.length().into());
        if !self.is_part {
            return (headers, body).into_response();
        }
        let Range { start, end } = self.bytes;
        let range = HeaderValue::try_from(format!("bytes {start}-{}/{}", end - 1, self.total));
        headers.insert(CONTENT_RANGE, range.expect("numbers are plain"));
        (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
    }
}

/// 416: no byte of the requested range exists.
pub fn outside(total: u64) -> Response {
    (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, format!("bytes */{total}"))]).into_response()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(range: &'static str, total: u64) -> Option<Span> {
        Span::requested(&HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]), total, None)
    }

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        let part = |range| asked(range, 10).filter(|span| span.is_part).map(|span| span.bytes);
        assert_eq!(part("bytes=0-3"), Some(0..4));
        assert_eq!(part("bytes=4-"), Some(4..10));
        assert_eq!(part("bytes=-3"), Some(7..10));
        assert_eq!(part("bytes=-30"), Some(0..10));
        assert_eq!(part("bytes=8-99"), Some(8..10));
        assert_eq!(part("bytes=0-18446744073709551615"), Some(0..10));
    }

    #[test]
    fn what_lies_outside_is_refused() {
        for (range, total) in [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)] {
            assert_eq!(asked(range, total), None, "{range}");
        }
    }

    #[test]
    fn anything_else_gets_the_whole() {
        for range in ["bytes=3-1", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-"] {
            assert_eq!(asked(range, 10), Some(Span { bytes: 0..10, total: 10, is_part: false }), "{range}");
        }
    }

    #[test]
    fn a_range_of_another_version_gets_the_whole() {
        let headers = HeaderMap::from_iter([
            (RANGE, HeaderValue::from_static("bytes=1-2")),
            (IF_RANGE, HeaderValue::from_static("\"a\"")),
        ]);
        let length = |tag| Span::requested(&headers, 10, tag).map(|span| span.length());
        assert_eq!(length(Some("\"a\"")), Some(2));
        assert_eq!(length(Some("\"b\"")), Some(10));
        assert_eq!(length(None), Some(10));
    }

    #[test]
    fn a_part_says_where_it_is() {
        let response = asked("bytes=2-4", 10).expect("a part").response(HeaderMap::new(), Body::empty());
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(response.headers()[CONTENT_RANGE], "bytes 2-4/10");
        assert_eq!(response.headers()[CONTENT_LENGTH], "3");
        assert_eq!(outside(10).headers()[CONTENT_RANGE], "bytes */10");
    }

    proptest! {
        #[test]
        fn any_header_gets_bytes_that_exist(text in "(bytes=)?[0-9, -]{0,24}", total in any::<u64>()) {
            let value = HeaderValue::from_str(&text).expect("plain letters");
            let headers = HeaderMap::from_iter([(RANGE, value)]);
            if let Some(span) = Span::requested(&headers, total, None) {
                prop_assert!(span.bytes.start <= span.bytes.end && span.bytes.end <= total);
                prop_assert!(!span.is_part || span.length() > 0);
                span.response(HeaderMap::new(), Body::empty());
            }
        }

        #[test]
        fn a_range_that_exists_is_what_was_asked_for(total in 1..u64::MAX, first in any::<u64>(), count in 0..u64::MAX) {
            let first = first % total;
            let last = first.saturating_add(count);
            let value = HeaderValue::from_str(&format!("bytes={first}-{last}")).expect("plain letters");
            let span = Span::requested(&HeaderMap::from_iter([(RANGE, value)]), total, None);
            prop_assert_eq!(span.map(|span| span.bytes), Some(first..last.saturating_add(1).min(total)));
        }
    }
}
