use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::error::ApiError;

/// An error as git shows it: a plain line after `remote:`.
#[derive(Debug)]
pub(crate) struct GitFailure(pub(crate) ApiError);

impl<E: Into<ApiError>> From<E> for GitFailure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for GitFailure {
    fn into_response(self) -> Response {
        self.0.log();
        // Malformed packets are a bad request, not a form with invalid fields.
        let status = match self.0.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        let body = format!("{}\n", self.0.message());
        (status, self.0.headers(), [(header::CONTENT_TYPE, plain)], body).into_response()
    }
}
