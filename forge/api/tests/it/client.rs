use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, request::Builder},
};
use hearth_app::{
    App,
    access_token::{self, NewToken},
    push,
    testing::TestHearth,
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// A program that talks to the API, as somebody or as nobody.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    authorization: Option<String>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn anonymous(app: &App) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let gate = push::listen(app, &folder.path().join("push.sock")).expect("the gate opens");
        Self { router: hearth_api::router(app, Arc::new(gate)), authorization: None }
    }

    /// With a token of this person that is good for `scopes`.
    pub(crate) async fn with_token(hearth: &TestHearth, name: &str, scopes: &str) -> Self {
        let token = token(hearth, name, scopes).await;
        Self::anonymous(&hearth.app).authorized(&format!("Bearer {token}"))
    }

    pub(crate) fn authorized(&self, header: &str) -> Self {
        Self { router: self.router.clone(), authorization: Some(header.to_owned()) }
    }

    /// The same without credentials.
    pub(crate) fn anonymously(&self) -> Self {
        Self { router: self.router.clone(), authorization: None }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the whole body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        self.call_with(request, Body::from(body.to_owned())).await
    }

    /// Adds the credentials to any request.
    pub(crate) async fn call_with(&self, mut request: Builder, body: Body) -> Answer {
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        self.send(request.body(body).expect("a request")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, "").await
    }
}

/// Creates an access token for `scopes`, which are separated by commas.
pub(crate) async fn token(hearth: &TestHearth, name: &str, scopes: &str) -> String {
    let user = hearth.actor(name).await.user().expect("a person").clone();
    let words = scopes.split([',', ' ']).map(str::to_owned).collect();
    let new = NewToken { name: scopes.to_owned(), scopes: words, days: None };
    access_token::mint_for(&hearth.app, &user, new).await.expect("a new token").secret
}
