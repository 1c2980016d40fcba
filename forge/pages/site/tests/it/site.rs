//! A site in memory, with a clock that stands still, and browsers that keep cookies.

use std::{collections::BTreeMap, sync::Mutex};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header, request::Builder},
};
use hearth_app::{
    Password,
    mail::{MailSettings, Mailer, Security},
    testing::{Choices, TestHearth},
    user::{self, NewAccount},
};
use hearth_core::urls;
use hearth_pages_site::router;
use hearth_store::user as rows;
use http_body_util::BodyExt;
use tower::ServiceExt;

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// An unreachable mail server.
pub(crate) fn mailer() -> Mailer {
    let settings = MailSettings {
        host: "127.0.0.1".into(),
        port: 1,
        security: Security::None,
        from: "Hearth <hearth@hearth.test>".into(),
        ..MailSettings::default()
    };
    Mailer::new(&settings).expect("good settings")
}

pub(crate) struct Site {
    router: Router,
    pub(crate) hearth: TestHearth,
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(Choices::default()).await
    }

    pub(crate) async fn with(choices: Choices) -> Self {
        Self::of(TestHearth::with(choices).await)
    }

    /// One for every supported database.
    pub(crate) async fn all() -> Vec<Self> {
        TestHearth::all().await.into_iter().map(Self::of).collect()
    }

    fn of(hearth: TestHearth) -> Self {
        Self { router: router(hearth.app.clone()), hearth }
    }

    /// A new visitor.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: Mutex::default() }
    }

    /// A signed-in user; the account is created if it does not exist.
    pub(crate) async fn signed_in(&self, name: &str) -> Browser<'_> {
        self.ensure_account(name, false).await;
        self.entered(name).await
    }

    /// A signed-in site administrator.
    pub(crate) async fn signed_in_admin(&self, name: &str) -> Browser<'_> {
        self.ensure_account(name, true).await;
        self.entered(name).await
    }

    async fn ensure_account(&self, name: &str, is_admin: bool) {
        let app = &self.hearth.app;
        let mut reader = app.store().read().await.expect("a reader");
        let found = rows::find_by_name(&mut reader, name).await.expect("an answer");
        drop(reader);
        let password = Password::new(PASSWORD);
        if found.is_some() {
            user::reset_password(app, name, &password).await.expect("the account is there");
        } else {
            let (name, email) = (name.to_owned(), format!("{name}@example.org"));
            let new = NewAccount { name, email, password, is_admin, ..NewAccount::default() };
            user::create_as_operator(app, new).await.expect("the account is new");
        }
    }

    async fn entered(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let fields = [("name", name), ("password", PASSWORD)];
        let answer = browser.post(urls::sign_in(), urls::sign_in(), &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// Reads a page in a language, as a new visitor.
    pub(crate) async fn get(&self, path: &str, language: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, language);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Fills in the form of `page` and sends it to `action`, as a new visitor.
    pub(crate) async fn post(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.browser().post(page, action, fields).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body that ends").to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Keeps the cookies it is given. Reads English unless told otherwise.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_in(path, "en").await
    }

    pub(crate) async fn get_in(&self, path: &str, language: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, language);
        self.send(request, Body::empty()).await
    }

    /// Opens a page without reading it yet.
    pub(crate) async fn open(&self, path: &str) -> Body {
        let request = Request::get(path).header(header::COOKIE, self.cookie_header());
        let request = request.body(Body::empty()).expect("a request");
        self.site.router.clone().oneshot(request).await.expect("a router always answers").into_body()
    }

    /// Opens `page`, takes the token of its form, and sends the fields to `action`.
    pub(crate) async fn post(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(page).await;
        let token = shown.between("name=\"csrf\" value=\"", "\"").to_owned();
        self.post_with(&token, action, fields).await
    }

    /// The same with files, as a browser without scripts sends them: names and bytes.
    pub(crate) async fn post_files(
        &self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Answer {
        let shown = self.get(page).await;
        let token = shown.between("name=\"csrf\" value=\"", "\"").to_owned();
        self.post_files_with(&token, action, fields, files).await
    }

    /// The same with the given token.
    pub(crate) async fn post_files_with(
        &self,
        token: &str,
        action: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Answer {
        let mut body = String::new();
        let mut part = |head: &str, value: &str| {
            body.extend(["--b\r\nContent-Disposition: form-data; ", head, "\r\n\r\n", value, "\r\n"]);
        };
        part("name=\"csrf\"", token);
        for (name, value) in fields {
            part(&format!("name=\"{name}\""), value);
        }
        for (name, bytes) in files {
            part(&format!("name=\"files\"; filename=\"{name}\""), bytes);
        }
        body.push_str("--b--\r\n");
        let request = Request::post(action)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// Sends the fields with the given token.
    pub(crate) async fn post_with(&self, token: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", token)
            .extend_pairs(fields)
            .finish();
        let request = Request::post(action)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    pub(crate) async fn send(&self, request: Builder, body: Body) -> Answer {
        let request = request.header(header::COOKIE, self.cookie_header());
        let answer = self.site.send(request.body(body).expect("a request")).await;
        let mut cookies = self.cookies.lock().expect("no test panics while it holds the cookies");
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a plain cookie");
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            if cookie.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        answer
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().expect("no test panics while it holds the cookies");
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("no test panics while it holds the cookies").get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().expect("no test panics while it holds the cookies");
        cookies.insert(name.to_owned(), value.to_owned());
    }
}

impl Answer {
    /// The text between two markers.
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
