//! `GET /-/picture/{signature}/{address}`: a picture of another host that a text shows, passed on by this site.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, picture, picture::NoPicture};
use hearth_http::download;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_NONE_MATCH, RETRY_AFTER},
};

/// Answers without a page: a browser shows the description of the picture instead.
pub(crate) async fn get(
    State(app): State<App>,
    Path((signature, address)): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let picture = match picture::get(&app, &signature, &address).await {
        Ok(picture) => picture,
        Err(NoPicture::Unsigned) => return StatusCode::NOT_FOUND.into_response(),
        Err(NoPicture::Failed { retry_after }) => {
            let seconds = HeaderValue::from(retry_after.as_secs());
            return (StatusCode::BAD_GATEWAY, [(RETRY_AFTER, seconds)]).into_response();
        }
    };
    let tag = format!("\"{}\"", picture.fetched_at.as_microsecond());
    let mut headers = download::show_picture_to(&asked, picture.kind);
    if let Ok(kept) = HeaderValue::from_str(&format!("private, max-age={}", picture.fresh_for.as_secs())) {
        headers.insert(CACHE_CONTROL, kept);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_LENGTH, picture.size_bytes.into());
    (headers, download::body(tokio::fs::File::from_std(picture.file), picture.size_bytes)).into_response()
}
