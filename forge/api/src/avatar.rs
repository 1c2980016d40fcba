//! Account pictures at an address of their own, for programs that show people.

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hearth_http::{figure::Figure, routing::get};

use crate::Api;

/// The longest name that is drawn; no account has a longer one.
const LONGEST: usize = 100;

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/avatars/{name}", get(draw))
}

/// The picture of any name, whether or not anybody has it: so it says nothing about accounts.
async fn draw(Path(name): Path<String>) -> Response {
    let name: String = name.chars().take(LONGEST).collect();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
    ];
    (headers, Figure::of(&name).picture()).into_response()
}
