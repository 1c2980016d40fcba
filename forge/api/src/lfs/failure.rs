use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::error::ApiError;

/// The media type of all LFS responses.
pub(super) const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.git-lfs+json");

/// An error as `git-lfs` shows it.
#[derive(Debug)]
pub(crate) struct LfsFailure(pub(crate) ApiError);

impl<E: Into<ApiError>> From<E> for LfsFailure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for LfsFailure {
    fn into_response(self) -> Response {
        self.0.log();
        let body = Json(json!({ "message": self.0.message() }));
        let mut response = (self.0.status(), self.0.headers(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
        if let Some(how) = headers.get(header::WWW_AUTHENTICATE).cloned() {
            headers.insert("lfs-authenticate", how);
        }
        response
    }
}
