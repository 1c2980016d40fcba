//! AiForge's envelope: HTTP 200 with `{code, msg, data}`, and a code other than 0 for a refusal.

use axum::{
    Json,
    extract::{FromRef, FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use hearth_app::App;
use hearth_core::{Action, Conflict, Dependency, Error, FieldError};
use serde::{Serialize, de::DeserializeOwned};

use crate::{body::Input, error::ApiError};

/// The envelope of all AiForge responses.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope<T> {
    code: i64,
    msg: String,
    data: T,
}

/// A handler's answer.
pub(super) type Answer<T> = Result<Json<Envelope<T>>, Refusal>;

pub(super) fn good<T>(data: T) -> Json<Envelope<T>> {
    Json(Envelope { code: 0, msg: "ok".to_owned(), data })
}

/// A code of AiForge, with the sentence for its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(pub(super) i64, &'static str);

pub(super) const NO_QUEUE: Code = Code(1001, "No resource queue is available");
pub(super) const NOT_FINISHED: Code = Code(2002, "The state of the task does not allow this");
pub(super) const SPEC: Code = Code(2003, "The specification is not available");
pub(super) const TOO_MANY: Code = Code(2004, "You have as many waiting and running tasks as you may have");
pub(super) const NO_DATASET: Code = Code(2007, "The data set does not exist");
pub(super) const NO_MODEL: Code = Code(2008, "The model does not exist");
pub(super) const NO_BOOT_FILE: Code = Code(2014, "The boot file does not exist");
pub(super) const NOT_PYTHON: Code = Code(2015, "The boot file must be a Python file");
pub(super) const NO_BRANCH: Code = Code(2020, "The branch does not exist");
pub(super) const IMAGE: Code = Code(2027, "The image is not available");
pub(super) const MODEL_NAME: Code = Code(4001, "The name of the model is invalid");
pub(super) const MODEL_EXISTS: Code = Code(4003, "The name of the model exists already");
pub(super) const NOT_AVAILABLE: Code = Code(6003, "Not available on this server");
pub(super) const PARAMETER: Code = Code(9001, "Wrong parameter");
pub(super) const NO_RIGHT: Code = Code(9003, "You may not do this");
pub(super) const NOT_FOUND: Code = Code(9004, "It does not exist, or you may not see it");
pub(super) const SYSTEM: Code = Code(9009, "A fault of the system; please try again later");

impl Code {
    /// The code in an envelope, with data.
    pub(super) fn with<T>(self, data: T) -> Envelope<T> {
        Envelope { code: self.0, msg: self.1.to_owned(), data }
    }

    /// A refusal with this code, and with details.
    pub(super) fn about(self, what: impl std::fmt::Display) -> Refusal {
        Refusal::Code(self.0, format!("{}: {what}", self.1))
    }
}

/// Why a call was not carried out.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// In the envelope.
    Code(i64, String),
    /// By its status: AiForge answers a caller without a good token with 401.
    Status(ApiError),
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Code(code.0, code.1.to_owned())
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        error.log();
        match &error {
            ApiError::BadCredentials | ApiError::Core(Error::SignInRequired) => Self::Status(error),
            ApiError::MethodNotAllowed => PARAMETER.into(),
            ApiError::Core(known) => match (code(known), known) {
                (code, Error::Invalid(fields)) => code.about(said(fields)),
                (code, _) => code.into(),
            },
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        ApiError::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Code(code, msg) => Json(Envelope { code, msg, data: () }).into_response(),
            Self::Status(error) => error.into_response(),
        }
    }
}

/// The only mapping of errors to codes.
fn code(error: &Error) -> Code {
    match error {
        Error::NotFound(_) => NOT_FOUND,
        Error::Unavailable(Dependency::Engine) | Error::Forbidden(Action::RunUnsandboxed) => NO_QUEUE,
        Error::SignInRequired | Error::Forbidden(_) => NO_RIGHT,
        Error::QuotaSpent(_) => TOO_MANY,
        Error::Conflict(Conflict::NameTaken) => MODEL_EXISTS,
        Error::Conflict(Conflict::EmptyRepository) => NO_BRANCH,
        Error::Conflict(Conflict::State) => NOT_FINISHED,
        Error::Invalid(fields) => fields.first().map_or(PARAMETER, of_field),
        Error::TooLarge(_) | Error::Request(_) => PARAMETER,
        Error::Conflict(_) | Error::TooManyRequests { .. } | Error::Unavailable(_) | Error::Internal(_) => {
            SYSTEM
        }
    }
}

fn of_field(field: &FieldError) -> Code {
    match (field.field, field.code) {
        ("spec", _) => SPEC,
        ("image", _) => IMAGE,
        ("revision", _) => NO_BRANCH,
        ("boot_file", "not-python") => NOT_PYTHON,
        ("boot_file", _) => NO_BOOT_FILE,
        ("model", _) => MODEL_NAME,
        _ => PARAMETER,
    }
}

fn said(fields: &[FieldError]) -> String {
    let each: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.field, field.code)).collect();
    each.join(", ")
}

/// The query string; an unreadable one is a wrong parameter.
#[derive(Debug)]
pub(super) struct Parameters<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let Query(asked) = Query::try_from_uri(&parts.uri).map_err(|_| PARAMETER.about("the query"))?;
        Ok(Self(asked))
    }
}

/// A JSON body; an unreadable one is a wrong parameter.
#[derive(Debug)]
pub(super) struct Given<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Given<T>
where
    App: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let Input(given) = Input::from_request(request, state).await?;
        Ok(Self(given))
    }
}

/// A number of a query. Scripts of pages write `undefined` where they have none.
pub(super) fn number<T: std::str::FromStr>(text: &str, name: &str) -> Result<Option<T>, Refusal> {
    match text.trim() {
        "" | "undefined" | "null" => Ok(None),
        text => text.parse().map(Some).map_err(|_| PARAMETER.about(name)),
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::{Kind, Quota};

    use super::*;

    fn coded(error: Error) -> i64 {
        match Refusal::from(error) {
            Refusal::Code(code, _) => code,
            Refusal::Status(error) => i64::from(error.status().as_u16()),
        }
    }

    #[test]
    fn every_error_has_the_code_that_clients_know() {
        for (error, expected) in [
            (Error::NotFound(Kind::Task), 9004),
            (Error::SignInRequired, 401),
            (Error::Forbidden(Action::Write), 9003),
            (Error::QuotaSpent(Quota { name: "active-tasks", used: 20, most: 20 }), 2004),
            (Error::field("spec", "fits-nowhere"), 2003),
            (Error::field("image", "unknown-choice"), 2027),
            (Error::field("boot_file", "no-such-file"), 2014),
            (Error::field("boot_file", "not-python"), 2015),
            (Error::field("revision", "unknown-revision"), 2020),
            (Error::field("parameters", "too-many"), 9001),
            (Error::Unavailable(Dependency::Engine), 1001),
            (Error::internal("no"), 9009),
        ] {
            assert_eq!(coded(error), expected);
        }
    }

    #[test]
    fn a_page_that_has_no_number_may_say_so() {
        assert_eq!(number::<u32>("undefined", "node_id").expect("none"), None);
        assert_eq!(number::<u32>("2", "node_id").expect("one"), Some(2));
        assert!(number::<u32>("two", "node_id").is_err());
    }
}
