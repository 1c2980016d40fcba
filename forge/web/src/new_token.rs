//! A new access token on its way to the page that asked for one, which shows it once. It travels in a cookie
//! for that page alone: an address would be kept in the history and in logs, and the database keeps only the
//! hashes of tokens.

use axum::{extract::FromRequestParts, response::Response};
use axum_extra::extract::CookieJar;
use hearth_app::{App, access_token, code};
use hearth_core::{Error, Permission};
use http::{HeaderValue, header::CACHE_CONTROL, request::Parts};

use crate::{Page, RepositoryVisit, Web, cookie};

const COOKIE: &str = "hearth_new_token";
/// Long enough to follow a redirect.
const LIFE: cookie::Life = cookie::Life::Minutes(2);

/// The secret that the request brings, if any.
#[derive(Debug)]
pub struct NewToken(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for NewToken {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self(jar.get(COOKIE).map(|cookie| cookie.value().to_owned())))
    }
}

impl NewToken {
    /// Adds the token to the redirect to the page at `path`.
    pub fn hand_over(response: &mut Response, web: &Web, path: &str, secret: &str) {
        cookie::set_at(response.headers_mut(), web, path, COOKIE, secret, LIFE);
    }

    /// The secret, if it is the reader's own: somebody else may have set the cookie.
    pub async fn secret(self, web: &Web, page: &Page) -> Result<Option<String>, Error> {
        let Some(secret) = self.0 else { return Ok(None) };
        let is_own = access_token::is_own(web.app(), &page.actor, &secret).await?;
        Ok(is_own.then_some(secret))
    }

    /// Marks the page at `path` as the one that showed the token: nothing keeps it.
    pub fn forget(response: &mut Response, web: &Web, path: &str) {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        cookie::set_at(headers, web, path, COOKIE, "", cookie::Life::Delete);
    }
}

/// The address of the empty repository whose home page is at `path`, if the reader may push to it: that page
/// shows a new token.
pub async fn shows_token(app: &App, page: &Page, path: &str) -> Result<Option<String>, Error> {
    let Some(visit) = RepositoryVisit::of_home(app, page, path).await? else { return Ok(None) };
    let can_push = visit.access.can(Permission::Write) && code::is_empty(app, &visit.access).await?;
    Ok(can_push.then(|| visit.urls.home().to_owned()))
}
