//! A client of the HTTP API, as a program would use it.

use std::sync::Once;
use std::time::Duration;

use reqwest::Method;
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder, Response};
use reqwest::redirect::Policy;
use serde_json::Value;

/// An HTTP client.
#[derive(Clone)]
pub struct Api {
    http: Client,
    root: String,
    token: Option<String>,
}

impl Api {
    /// A client of the API at this root: with a token, or anonymous.
    pub fn new(root: &str, token: Option<&str>) -> Self {
        let http = client_builder()
            .redirect(Policy::none())
            .timeout(Duration::from_mins(2))
            .build()
            .expect("an HTTP client");
        Self { http, root: root.to_owned(), token: token.map(str::to_owned) }
    }

    /// The address of the site, without a trailing slash.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// A request that can still be modified; `path` starts with `/`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.root));
        match &self.token {
            Some(token) => request.header("Authorization", format!("token {token}")),
            None => request,
        }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path))
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::DELETE, path))
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.request(Method::POST, path).json(body))
    }

    #[track_caller]
    pub fn put_bytes(&self, path: &str, bytes: &[u8]) -> Answer {
        Answer::to(self.request(Method::PUT, path).body(bytes.to_owned()))
    }

    #[track_caller]
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.request(Method::PATCH, path).json(body))
    }

    /// A long response that is read while it arrives, such as a live log.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    #[track_caller]
    pub fn stream(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().expect("the server answers")
    }
}

/// A client that ignores proxies from the environment.
pub(crate) fn client_builder() -> ClientBuilder {
    static PROVIDER: Once = Once::new();
    // An error means that another test has installed it already.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    Client::builder().no_proxy()
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// Sends a request.
    ///
    /// # Panics
    ///
    /// When the server does not answer, or not with text.
    #[track_caller]
    pub fn to(request: RequestBuilder) -> Self {
        let response = request.send().expect("the server answers");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self { status, headers, body: response.text().expect("the answer is text") }
    }

    /// Sends a request to a server that may be down.
    pub fn attempt(request: RequestBuilder) -> Option<Self> {
        let response = request.send().ok()?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Some(Self { status, headers, body: response.text().ok()? })
    }

    /// The value of a header, or empty.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// All values of a header.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values.filter_map(|value| Some(value.to_str().ok()?.to_owned())).collect()
    }

    /// Asserts the status of the response.
    ///
    /// # Panics
    ///
    /// When it is another.
    #[track_caller]
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("not JSON ({e}): {}", self.body))
    }
}
