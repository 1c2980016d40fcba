//! From the `Authorization` header to an [`Actor`]. Cookies mean nothing here: a page of another site cannot make a
//! browser act through the API.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Uri, request::Parts},
};
use hearth_app::{Actor, App, attempt, credential};
use hearth_core::Error;

use crate::{
    credentials::Credentials,
    error::{ApiError, ApiResult},
};

/// Who calls; anonymous where the request says nothing.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        if has_token_in_address(&parts.uri) {
            return Err(ApiError::BadCredentials);
        }
        authenticate(&App::from_ref(state), &parts.headers).await.map(Self)
    }
}

/// Addresses are kept in logs and histories, so nothing secret is taken from them.
fn has_token_in_address(uri: &Uri) -> bool {
    let names = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    names.into_iter().any(|(name, _)| matches!(&*name, "token" | "access_token"))
}

/// Wrong credentials are an error, never an anonymous reader.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> ApiResult<Actor> {
    let token = match Credentials::of(headers).map_err(|_| ApiError::BadCredentials)? {
        Credentials::Anonymous => return Ok(Actor::anonymous()),
        Credentials::Token(token) | Credentials::Basic { password: token, .. } => token,
    };
    if let Some(actor) = credential::by_token(app, &token).await? {
        return Ok(actor);
    }
    // A running task reads the repository of its code.
    Ok(attempt::authenticate(app, &token).await?.ok_or(Error::SignInRequired)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_in_addresses_are_noticed() {
        assert!(has_token_in_address(&Uri::from_static("/api/v1/user?page=1&token=abc")));
        assert!(has_token_in_address(&Uri::from_static("/x?access_token=abc")));
        assert!(!has_token_in_address(&Uri::from_static("/x?q=token")));
    }
}
