//! [`hearth_core::Error`] for programs: the only mapping to statuses, and Gitea's JSON.
//!
//! A handler fails with [`ApiError`]. It becomes a bare status that carries the error along; [`error_body_layer`], the
//! middleware around all of `/api/v1`, writes the body, and does the same for rejections by the framework
//! itself, so that every error is JSON.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use hearth_app::App;
use hearth_core::{BrokenRequest, Conflict, Error};
use serde::Serialize;
use utoipa::ToSchema;

/// A longer explanation by the framework is left out.
const LONGEST_REJECTION_BYTES: usize = 1_000;

/// The result of a handler.
pub type ApiResult<T, E = ApiError> = Result<T, E>;

/// Why a request was not carried out.
#[derive(Debug)]
pub enum ApiError {
    /// An error from the rest of Hearth.
    Core(Error),
    /// An `Authorization` header, or a token in a URL, that is not accepted.
    BadCredentials,
    /// The route is there, but not for this method.
    MethodNotAllowed,
}

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self::Core(error.into())
    }
}

impl ApiError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadCredentials => StatusCode::UNAUTHORIZED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Core(error) => hearth_http::status(error),
        }
    }

    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadCredentials => "bad-credentials",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Core(error) => match error {
                Error::NotFound(_) => "not-found",
                Error::SignInRequired => "sign-in-required",
                Error::Forbidden(_) => "forbidden",
                Error::Conflict(_) => "conflict",
                Error::Invalid(_) => "invalid",
                Error::TooLarge(_) => "too-large",
                Error::QuotaSpent(_) => "quota-spent",
                Error::Request(BrokenRequest::Stalled) => "request-stalled",
                Error::Request(BrokenRequest::Cut) => "request-cut",
                Error::TooManyRequests { .. } => "too-many-requests",
                Error::Unavailable(_) => "unavailable",
                Error::Internal(_) => "internal",
            },
        }
    }

    /// One line without paths, SQL or causes.
    pub fn message(&self) -> String {
        match self {
            Self::BadCredentials => "the credentials are malformed".to_owned(),
            Self::MethodNotAllowed => "method not allowed".to_owned(),
            Self::Core(error) => hearth_http::message(error),
        }
    }

    /// `field: code` for each field that is wrong.
    fn fields(&self) -> Vec<String> {
        match self {
            Self::Core(Error::Invalid(fields)) => {
                fields.iter().map(|field| format!("{}: {}", field.field, field.code)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Headers that belong to the status: how to sign in, when to retry.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Self::Core(error) = self
            && let Some(wait) = error.retry_after()
        {
            headers.insert(header::RETRY_AFTER, wait.as_secs().into());
            if matches!(error, Error::TooManyRequests { .. }) {
                // The same for clients that look for how much is left of what they may ask.
                headers.insert("ratelimit-remaining", 0.into());
                headers.insert("ratelimit-reset", wait.as_secs().into());
            }
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Hearth\""));
        }
        headers
    }

    /// Logs internal errors, once, with all their causes.
    pub fn log(&self) {
        match self {
            Self::Core(error) => hearth_http::log(error),
            Self::BadCredentials | Self::MethodNotAllowed => {}
        }
    }
}

/// Gitea answers 422 where the name of an organisation or a team, or of a repository at its new owner, is taken; only for
/// new repositories it is 409.
pub(crate) fn taken_as_invalid(error: Error) -> Error {
    match error {
        Error::Conflict(Conflict::NameTaken) => Error::field("name", "taken"),
        other => other,
    }
}

/// Carries the error from the handler to the layer that writes it.
#[derive(Clone, Debug)]
pub struct Failure(pub Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.headers()).into_response();
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}

/// The body of every failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// One line for a person who reads logs.
    pub message: String,
    /// Where the API is described.
    pub url: String,
    /// `field: code` for each field that is wrong.
    pub errors: Vec<String>,
    /// A stable code for programs.
    pub code: &'static str,
}

/// Gives every error of the API its JSON body.
pub(crate) async fn error_body_layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = catch_panic(next.run(request)).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    if is_json(response.headers()) && response.extensions().get::<Failure>().is_none() {
        return response;
    }
    let (refused, body) = response.into_parts();
    let (message, errors, code) = if let Some(Failure(error)) = refused.extensions.get::<Failure>() {
        error.log();
        (error.message(), error.fields(), error.code())
    } else {
        (rejection(status, body).await, Vec::new(), "refused")
    };
    let url = app.urls().absolute("/api/swagger");
    let body = Json(Problem { message, url, errors, code });
    let mut faced = (status, body).into_response();
    for (name, value) in &refused.headers {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            faced.headers_mut().insert(name, value.clone());
        }
    }
    faced
}

/// What the framework says of a request that it cannot read: which parameter of the address is unusable, for example.
async fn rejection(status: StatusCode, body: Body) -> String {
    let text = to_bytes(body, LONGEST_REJECTION_BYTES).await.unwrap_or_default();
    match String::from_utf8_lossy(&text).trim() {
        "" => status.canonical_reason().unwrap_or("refused").to_lowercase(),
        said => said.to_owned(),
    }
}

/// Turns a panic into a response, instead of a dropped connection.
async fn catch_panic(answer: impl Future<Output = Response>) -> Response {
    let stopped = |_| ApiError::from(Error::internal("a handler stopped at a fault")).into_response();
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(stopped)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hearth_core::{Action, Dependency, Kind};

    use super::*;

    #[test]
    fn every_error_has_its_status() {
        let cases = [
            (Error::NotFound(Kind::Repository), 404),
            (Error::SignInRequired, 401),
            (Error::Forbidden(Action::Write), 403),
            (Error::Forbidden(Action::Archived), 423),
            (Error::Conflict(Conflict::NameTaken), 409),
            (Error::Conflict(Conflict::HashMismatch), 422),
            (Error::field("name", "required"), 422),
            (Error::Unavailable(Dependency::Database), 503),
            (Error::Request(BrokenRequest::Stalled), 408),
            (Error::Request(BrokenRequest::Cut), 400),
            (Error::Unavailable(Dependency::DiskSpace), 507),
            (Error::internal("no"), 500),
        ];
        for (error, status) in cases {
            assert_eq!(ApiError::from(error).status().as_u16(), status);
        }
    }

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back() {
        let error = ApiError::from(Error::TooManyRequests { retry_after: Duration::from_secs(7) });
        assert_eq!(error.headers()[header::RETRY_AFTER], "7");
        assert_eq!(error.headers()["ratelimit-remaining"], "0");
        assert_eq!(error.headers()["ratelimit-reset"], "7");
    }

    #[tokio::test]
    async fn a_handler_that_stops_at_a_fault_still_answers() {
        let response = catch_panic(async { panic!("a fault of ours") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn causes_stay_in_the_log() {
        let error = ApiError::from(Error::internal("/secret/path"));
        assert_eq!(error.message(), "internal error");
        assert!(hearth_core::chain(&Error::internal("why")).ends_with(": why"));
    }
}
