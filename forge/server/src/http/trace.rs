//! One log line per request: method and path (never the query, which may contain private data), with the id
//! that the response carries in `X-Request-Id`.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue};
use tracing::Instrument as _;

use super::metrics::Metrics;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn layer(State(metrics): State<Metrics>, mut request: Request, next: Next) -> Response {
    let id = metrics.next_request_id();
    let value = HeaderValue::from_str(&id).expect("an id is letters and digits");
    // The client's own id is not trusted: log lines are found by ours alone.
    request.headers_mut().insert(&REQUEST_ID, value.clone());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", request.id = id);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    metrics.answered(&method, &route, status, elapsed);
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if status >= 500 {
            tracing::warn!(%method, path, status, elapsed_ms, "answered");
        } else {
            tracing::debug!(%method, path, status, elapsed_ms, "answered");
        }
    });
    response.headers_mut().insert(&REQUEST_ID, value);
    response
}
