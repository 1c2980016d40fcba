//! An error on its way to the page that shows it.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use hearth_core::{BrokenRequest, Dependency, Error};
use http::StatusCode;

use crate::error_page::Step;

/// What handlers fail with: `?` turns every [`Error`] into one.
///
/// The response carries the error; the layer around all pages draws it in the reader's language
/// (`error_page.rs`), so that handlers need not know how.
#[derive(Clone, Debug)]
pub struct Failure {
    pub error: Arc<Error>,
    /// Where the reader can go on instead, as far as the handler knows.
    pub steps: Vec<Step>,
}

impl Failure {
    pub fn status(&self) -> StatusCode {
        status(&self.error)
    }

    /// The same, with where the reader can go on instead.
    #[must_use]
    pub fn with_steps(self, steps: Vec<Step>) -> Self {
        Self { steps, ..self }
    }
}

/// The only mapping of errors to statuses for pages. A 401 is answered with a redirect to the sign-in form.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::SignInRequired => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) | Error::QuotaSpent(_) => StatusCode::FORBIDDEN,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Request(BrokenRequest::Stalled) => StatusCode::REQUEST_TIMEOUT,
        Error::Request(BrokenRequest::Cut) => StatusCode::BAD_REQUEST,
        Error::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(Dependency::DiskSpace) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { error: Arc::new(error.into()), steps: Vec::new() }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
