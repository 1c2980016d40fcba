use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use hearth_app::{
    App,
    attempt::{self, AgentAccess},
};
use hearth_core::Error;

use super::failure::Failure;

/// The attempt whose token the request carries.
pub(super) struct Agent(pub(super) AgentAccess);

impl FromRequestParts<App> for Agent {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Error::SignInRequired)?;
        Ok(Self(attempt::enter(app, token).await?))
    }
}
