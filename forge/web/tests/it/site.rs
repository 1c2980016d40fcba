//! A site in memory, with a clock that stands still.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use hearth_core::{FixedClock, SeededChance, Timestamp, Urls};
use hearth_web::{Web, router};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) struct Site(Router);

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        let clock = FixedClock::at(Timestamp::from_second(1_795_000_000));
        let urls = Urls::new(&"http://hearth.test".parse().expect("an address"));
        Self(router(Web::new(Arc::new(clock), Arc::new(SeededChance::new(1)), &urls)))
    }

    /// Reads a page in a language.
    pub(crate) async fn get(&self, path: &str, language: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, language);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Fills in the first form of `page`, as a browser would: with its cookie and its token.
    pub(crate) async fn post(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page, "en").await;
        let token = shown.between("name=\"csrf\" value=\"", "\"").to_owned();
        let cookie = shown.headers[header::SET_COOKIE].to_str().expect("a plain cookie");
        let cookie = cookie.split(';').next().expect("a cookie has a value").to_owned();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &token)
            .extend_pairs(fields)
            .finish();
        let request = Request::post(action)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body that ends").to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    /// The text between two marks.
    pub(crate) fn between(&self, start: &str, end: &str) -> &str {
        let rest = self.body.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {}", self.body)).1;
        rest.split_once(end).expect("the end of the mark").0
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a plain header"))
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        cookies
            .iter()
            .find_map(|cookie| cookie.to_str().ok()?.strip_prefix(name)?.strip_prefix('=')?.split(';').next())
    }
}
