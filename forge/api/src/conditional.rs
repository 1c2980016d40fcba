//! Tags for answers of JSON, so that a client that has one already is told that it is still the same.

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// Larger answers get no tag.
const MOST_BYTES: u64 = 1 << 20;
/// How much of a hash tells two answers apart.
const TAG_BYTES: usize = 16;

/// Gives every successful answer of JSON to a `GET` a tag, and answers 304 where the client named that tag.
pub(crate) async fn tag_layer(request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_get || !is_taggable(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
    // The size was announced, and the body is in memory: reading it cannot fail.
    let Ok(bytes) = axum::body::to_bytes(body, most).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = format!("W/\"{}\"", HEXLOWER.encode(&Sha256::digest(&bytes)[..TAG_BYTES]));
    let value = HeaderValue::from_str(&tag).expect("a tag consists of hex digits");
    parts.headers.insert(header::ETAG, value);
    // What somebody may see depends on who asks.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    parts.headers.entry(header::VARY).or_insert(HeaderValue::from_static("Authorization"));
    if known.is_some_and(|known| is_named(&known, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_taggable(response: &Response) -> bool {
    let is_small = response.body().size_hint().exact().is_some_and(|size| size <= MOST_BYTES);
    response.status() == StatusCode::OK
        && is_small
        && is_json(response.headers())
        && !response.headers().contains_key(header::ETAG)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Whether the client's list of tags contains this one; tags of both kinds are compared by their text.
fn is_named(known: &HeaderValue, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(known) = known.to_str() else { return false };
    known.trim() == "*" || known.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_any_list() {
        let named = |list: &'static str| is_named(&HeaderValue::from_static(list), "W/\"ab\"");
        assert!(named("W/\"ab\"") && named("\"x\", \"ab\"") && named("*"));
        assert!(!named("\"abc\"") && !named(""));
    }
}
