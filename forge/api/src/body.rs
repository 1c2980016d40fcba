//! Bodies of JSON, bounded in size and depth.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use hearth_core::Error;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, ApiResult};

/// The largest body of an ordinary call.
pub const LARGEST: usize = 1 << 20;
/// The largest body of a call that carries a file.
pub const LARGEST_WITH_FILE: usize = 64 << 20;
/// Deeper JSON has no use here.
const DEEPEST: usize = 64;

/// A body of JSON; an empty one counts as `{}`.
#[derive(Debug)]
pub struct Input<T>(pub T);

/// The same for calls that carry a file.
#[derive(Debug)]
pub struct FileInput<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> ApiResult<Self> {
        read(request.into_body(), LARGEST).await.map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for FileInput<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> ApiResult<Self> {
        read(request.into_body(), LARGEST_WITH_FILE).await.map(Self)
    }
}

/// Reads a whole body of at most `most` bytes.
pub async fn bytes(body: Body, most: usize) -> ApiResult<Bytes> {
    axum::body::to_bytes(body, most).await.map_err(|_| ApiError::BodyTooLarge)
}

async fn read<T: DeserializeOwned>(body: Body, most: usize) -> ApiResult<T> {
    parse(&bytes(body, most).await?)
}

/// JSON that is no JSON, nested too deep, or of the wrong shape, is a mistake of the caller.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let bytes = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}" } else { bytes };
    if depth(bytes) > DEEPEST {
        return Err(Error::field("body", "json-depth").into());
    }
    serde_json::from_slice(bytes).map_err(|_| Error::field("body", "json").into())
}

/// How deep brackets are nested, strings left out.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn brackets_in_strings_are_text() {
        assert_eq!(depth(br#"{"a": "[[[{\"["}"#), 1);
        assert_eq!(depth(b"[[{}]]"), 3);
    }

    #[test]
    fn deep_and_broken_bodies_are_refused() {
        assert!(parse::<Value>("[".repeat(65).as_bytes()).is_err());
        assert!(parse::<Value>(b"{\"a\":").is_err());
        assert!(parse::<Value>(b"\xff\xfe").is_err());
        assert!(parse::<Value>(b"").is_ok());
    }
}
