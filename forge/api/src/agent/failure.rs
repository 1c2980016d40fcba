use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hearth_app::attempt::AgentError;

use hearth_core::{Dependency, Error};
use hearth_runner::protocol::NotReceived;

use crate::error::ApiError;

/// What an agent is told when its request was not carried out.
pub(super) struct Failure(AgentError);

impl<E: Into<AgentError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self.0 {
            AgentError::Gone => StatusCode::GONE.into_response(),
            AgentError::Offset(end) => (StatusCode::CONFLICT, Json(end)).into_response(),
            AgentError::Output(status) => (StatusCode::CONFLICT, Json(status)).into_response(),
            AgentError::NotYet => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            AgentError::Taken => StatusCode::LOCKED.into_response(),
            AgentError::Mismatch => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
            AgentError::NotReceived(path) => {
                (StatusCode::CONFLICT, Json(NotReceived { not_received: path })).into_response()
            }
            AgentError::NotHere => StatusCode::CONFLICT.into_response(),
            // Agents wait longer for disk space than for anything else, and report it.
            AgentError::Other(Error::Unavailable(Dependency::Disk | Dependency::DiskSpace)) => {
                StatusCode::INSUFFICIENT_STORAGE.into_response()
            }
            AgentError::Other(error) => {
                let error = ApiError::from(error);
                error.log();
                (error.status(), error.headers(), Json(error.code())).into_response()
            }
        }
    }
}
