//! From the `Authorization` header to an [`Actor`]. Cookies are ignored: a page of another site cannot make a
//! browser act through the API.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Uri, request::Parts},
};
use hearth_app::{Actor, App, ClientAddress, Password, access_token, attempt, lfs_ticket, user};
use hearth_core::Error;

use crate::{
    credentials::Credentials,
    error::{ApiError, ApiResult},
    request_limit,
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
        let Ok(Client(from)) = Client::from_request_parts(parts, state).await;
        let app = App::from_ref(state);
        if let Some(actor) = by_ticket(&app, parts).await? {
            request_limit::count(&app, parts, &actor, from)?;
            return Ok(Self(actor));
        }
        let actor = authenticate(&app, &parts.headers, from).await?;
        request_limit::count(&app, parts, &actor, from)?;
        let Some(name) = stand_in(&parts.headers, &parts.uri) else { return Ok(Self(actor)) };
        let deed = (!parts.method.is_safe()).then(|| format!("{} {}", parts.method, parts.uri.path()));
        Ok(Self(user::act_as(&app, &actor, &name, deed.as_deref()).await?))
    }
}

/// Whoever came by SSH and got a ticket, which is good for large files alone.
async fn by_ticket(app: &App, parts: &Parts) -> ApiResult<Option<Actor>> {
    if !is_for_large_files(parts.uri.path()) {
        return Ok(None);
    }
    let Ok(Credentials::Token(ticket)) = Credentials::of(&parts.headers) else { return Ok(None) };
    let actor = lfs_ticket::authenticate(app, &ticket).await?;
    if let Some(actor) = &actor {
        actor.charge_account();
    }
    Ok(actor)
}

/// `/{owner}/{name}/info/lfs/…`, perhaps after the kind of repository.
fn is_for_large_files(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let first = parts.next();
    if matches!(first, Some("models" | "datasets")) {
        parts.next();
    }
    matches!([parts.next(), parts.next(), parts.next()], [Some(_), Some("info"), Some("lfs")])
}

/// For whom a site administrator wants to act, by the header or the parameter that Gitea calls `sudo`.
fn stand_in(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let header = headers.get("sudo").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let parameter = || {
        let mut pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        pairs.find(|(name, _)| name == "sudo").map(|(_, value)| value.into_owned())
    };
    header.or_else(parameter).filter(|name| !name.is_empty())
}

/// URLs are kept in logs and histories, so tokens in them are not accepted.
fn has_token_in_address(uri: &Uri) -> bool {
    let names = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    names.into_iter().any(|(name, _)| matches!(&*name, "token" | "access_token"))
}

/// Wrong credentials are an error, never anonymous access. Password guesses are counted per `from`.
pub async fn authenticate(app: &App, headers: &HeaderMap, from: ClientAddress) -> ApiResult<Actor> {
    let actor = match Credentials::of(headers).map_err(|_| ApiError::BadCredentials)? {
        Credentials::Anonymous => Actor::anonymous(),
        Credentials::Token(token) => by_token(app, &token).await?.ok_or(Error::SignInRequired)?,
        Credentials::Basic { name, password } => match by_token(app, &password).await? {
            Some(actor) => actor,
            None => user::authenticate(app, &name, &Password::new(password), from).await?,
        },
    };
    actor.charge_account();
    Ok(actor)
}

/// A person's token, or that of a running task, which reads the repository of its code.
async fn by_token(app: &App, token: &str) -> ApiResult<Option<Actor>> {
    match access_token::authenticate(app, token).await? {
        Some(actor) => Ok(Some(actor)),
        None => Ok(attempt::authenticate(app, token).await?),
    }
}

/// Where a request comes from, as set by the server around the router.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub ClientAddress);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().copied().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_are_for_large_files_alone() {
        for path in ["/mei/llm.git/info/lfs/locks", "/models/mei/llm/info/lfs/objects/batch"] {
            assert!(is_for_large_files(path), "{path}");
        }
        for path in ["/api/v1/repos/mei/llm/contents/info/lfs/x", "/mei/llm.git/info/refs", "/mei/info/lfs/x"]
        {
            assert!(!is_for_large_files(path), "{path}");
        }
    }

    #[test]
    fn tokens_in_addresses_are_noticed() {
        assert!(has_token_in_address(&Uri::from_static("/api/v1/user?page=1&token=abc")));
        assert!(has_token_in_address(&Uri::from_static("/x?access_token=abc")));
        assert!(!has_token_in_address(&Uri::from_static("/x?q=token")));
    }
}
