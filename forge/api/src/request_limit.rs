//! `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10): what is left of the requests that somebody may make.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use hearth_app::{
    Actor, App, ClientAddress,
    request_limit::{self, RequestStanding, WINDOW},
};
use hearth_core::Result;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Where whoever finds out who makes a request leaves how it counted.
#[derive(Clone, Debug, Default)]
struct Counted(Arc<OnceLock<RequestStanding>>);

/// Adds the headers to every answer to a request that was counted.
pub(crate) async fn layer(mut request: Request, next: Next) -> Response {
    let counted = Counted::default();
    request.extensions_mut().insert(counted.clone());
    let mut response = next.run(request).await;
    if let Some(standing) = counted.0.get() {
        write(response.headers_mut(), standing);
    }
    response
}

/// Counts a request once, however often its handler asks who makes it. Fails with [`hearth_core::Error::TooManyRequests`].
pub(crate) fn count(app: &App, parts: &Parts, actor: &Actor, from: ClientAddress) -> Result<()> {
    let standing = || request_limit::count(app, actor, from);
    match parts.extensions.get::<Counted>() {
        Some(counted) => counted.0.get_or_init(standing).check(),
        None => standing().check(),
    }
}

fn write(headers: &mut HeaderMap, standing: &RequestStanding) {
    let (name, most, left) = (standing.limit.name, standing.limit.most, standing.left);
    let policy = format!("\"{name}\";q={most};w={}", WINDOW.as_secs());
    let state = format!("\"{name}\";r={left};t={}", standing.renewed_after.as_secs().max(1));
    for (header, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
        headers.insert(header, HeaderValue::try_from(value).expect("a name and numbers are plain text"));
    }
}
