//! The middleware around all pages: identifies the reader and their language, refuses cross-site forms, and
//! draws error pages.

use std::{net::SocketAddr, pin::Pin, time::Instant};

use crate::{
    Language, Web, cookie,
    entered::Entered,
    error_page,
    failure::Failure,
    flash::Flash,
    page::{Page, Viewer},
    session::{self, SessionActor},
    theme::Theme,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use data_encoding::BASE32_NOPAD;
use hearth_app::{
    ClientAddress,
    user::{self, SignUpMode, User},
};
use hearth_core::{Action, Error};
use http::{HeaderMap, Method, Uri, header};
use sha2::{Digest, Sha256};

/// The cookie that binds forms to one visitor.
const VISIT: &str = "hearth_visit";

/// Behind one type, so that the compiler looks into what drawing an error page awaits once, and not for every route.
pub fn layer(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Pin<Box<dyn Future<Output = Response> + Send>> {
    Box::pin(surround(web, request, next))
}

async fn surround(web: Web, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let jar = CookieJar::from_headers(request.headers());
    let visit = jar.get(VISIT).map(|cookie| cookie.value().to_owned()).filter(|visit| visit.len() >= 32);
    let is_new = visit.is_none();
    let visit = visit.unwrap_or_else(|| BASE32_NOPAD.encode(&web.app().random().bytes::<20>()));
    let session = session::of(&web, &jar);
    let (session_actor, fault) = match session::actor(web.app(), &session).await {
        Ok(session_actor) => (session_actor, None),
        Err(error) => (SessionActor::anonymous(), Some(error)),
    };
    session_actor.actor.charge_account();
    let sign_up_mode = sign_up_mode(&web, &session_actor).await;
    let page = page(&web, &jar, &request, &visit, session_actor, sign_up_mode, started);
    let came_from = came_from(request.method(), request.headers());

    let entered = Entered::default();
    let mut response = if let Some(fault) = fault {
        Failure::from(fault).into_response()
    } else if is_cross_site(request.method(), request.headers(), &web) {
        Failure::from(Error::Forbidden(Action::CrossSite)).into_response()
    } else {
        request.extensions_mut().insert(session.clone());
        request.extensions_mut().insert(page.clone());
        request.extensions_mut().insert(entered.clone());
        next.run(request).await
    };
    if let Err(error) = session::persist(&web, &jar, &session, &mut response).await {
        response = Failure::from(error).into_response();
    }

    if is_bare_failure(&response) {
        let status = response.status();
        response = Failure::from(Error::internal(format!("a part answered {status} without a page")))
            .into_response();
    }
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        // The log names the request itself.
        let path = came_from.filter(|_| !matches!(&*failure.error, Error::Internal(_)));
        let told = Page { path: path.unwrap_or_else(|| page.path.clone()), ..page.clone() };
        response = error_page::draw(&web, &told, &entered, &failure, response).await;
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    if is_page {
        if is_new {
            cookie::set(headers, &web, VISIT, &visit, cookie::Life::Session);
        }
        if page.flash.is_some() {
            cookie::set(headers, &web, Flash::COOKIE, "", cookie::Life::Delete);
        }
        if let Some(language) = asked_language(&page.path) {
            cookie::set(headers, &web, cookie::LANGUAGE, language.as_str(), cookie::Life::Year);
        }
    }
    if let Some(flash) = response.extensions_mut().remove::<Flash>() {
        cookie::set(response.headers_mut(), &web, Flash::COOKIE, &flash.to_cookie(), cookie::Life::Session);
    }
    response
}

/// A failure without a readable body, such as the framework's own.
fn is_bare_failure(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_said = kind.is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"));
    response.status().is_server_error() && !is_said && response.extensions().get::<Failure>().is_none()
}

fn page(
    web: &Web,
    jar: &CookieJar,
    request: &Request,
    visit: &str,
    session_actor: SessionActor,
    sign_up_mode: SignUpMode,
    started: Instant,
) -> Page {
    let SessionActor { actor, administering_until } = session_actor;
    let value = |name: &str| jar.get(name).map(axum_extra::extract::cookie::Cookie::value);
    let chosen = |choice: fn(&User) -> Option<&str>| actor.user().and_then(choice);
    // The cookie of an ended session is about to be deleted: the token must not depend on it.
    let session = actor.user().and_then(|_| value(cookie::session(web))).unwrap_or_default();
    let path = path_and_query(request.uri());
    let accepted = || Language::accepted(request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
    let language = asked_language(&path)
        .or_else(|| actor.user()?.language)
        .or_else(|| value(cookie::LANGUAGE)?.parse().ok())
        .or_else(accepted)
        .unwrap_or_default();
    let theme = chosen(|user| user.theme.as_deref())
        .or_else(|| value(cookie::THEME))
        .and_then(|theme| theme.parse::<Theme>().ok())
        .unwrap_or_default();
    let reference = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map_or_else(
        || BASE32_NOPAD.encode(&web.app().random().bytes::<5>()).to_ascii_lowercase(),
        str::to_owned,
    );
    Page {
        language,
        theme,
        viewer: actor.user().map(Viewer::of),
        client: client(request),
        csrf: form_token(visit, session),
        sign_up_mode,
        path,
        flash: value(Flash::COOKIE).and_then(Flash::from_cookie),
        administering_until,
        now: web.app().now(),
        reference,
        started,
        registry: web.registry,
        actor,
    }
}

/// Visitors are offered an account where they can get one. When the database does not say, they are not.
async fn sign_up_mode(web: &Web, session_actor: &SessionActor) -> SignUpMode {
    if session_actor.actor.user().is_some() {
        return SignUpMode::Closed;
    }
    user::known_sign_up_mode(web.app()).await.unwrap_or(SignUpMode::Closed)
}

/// The server sets the address that it trusts; tests set none.
fn client(request: &Request) -> ClientAddress {
    let told = request.extensions().get::<ClientAddress>().copied();
    let peer = || request.extensions().get::<ConnectInfo<SocketAddr>>();
    told.or_else(|| peer().map(|peer| ClientAddress::new(peer.0.ip()))).unwrap_or_default()
}

/// The CSRF token of forms. It is derived from two secrets of the browser, and reveals neither.
fn form_token(visit: &str, session: &str) -> String {
    let hash = Sha256::new()
        .chain_update("form\0")
        .chain_update(visit)
        .chain_update("\0")
        .chain_update(session)
        .finalize();
    BASE32_NOPAD.encode(&hash[..20])
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// The page with the form that was sent: who has to sign in first, or changes the language, comes back there. What the
/// form was sent to is often no page.
fn came_from(method: &Method, headers: &HeaderMap) -> Option<String> {
    if method.is_safe() {
        return None;
    }
    let page = headers.get(header::REFERER)?.to_str().ok()?.parse::<Uri>().ok()?;
    Some(path_and_query(&page))
}

fn asked_language(path: &str) -> Option<Language> {
    let (_, query) = path.split_once('?')?;
    let (_, tag) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?;
    Language::of_tag(&tag)
}

/// Browsers say where a request comes from; one that changes something must come from this site.
fn is_cross_site(method: &Method, headers: &HeaderMap, web: &Web) -> bool {
    if method.is_safe() {
        return false;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    // Older browsers send `Origin` alone; programs send neither, and depend on the token of the form.
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes() != web.origin.as_bytes() && !is_own_host(origin, headers))
}

/// The site was reached by another name than the configured one, e.g. `localhost`: `Origin` and `Host` agree.
fn is_own_host(origin: &http::HeaderValue, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    host.is_some_and(|host| origin.is_some_and(|(_, from)| from == host))
}
