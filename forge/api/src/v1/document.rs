use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::Api;

/// The path of the document, below `/api/v1`.
pub(crate) const PATH: &str = "/openapi.json";

/// The OpenAPI document of everything under `/api/v1`.
pub(crate) async fn get(State(api): State<Api>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], api.document.to_string()).into_response()
}

/// Redirects the address given in errors to the page that describes the API.
pub(crate) async fn redirect() -> Redirect {
    Redirect::to(hearth_core::urls::api())
}
