use std::time::{Duration, Instant};

use reqwest::{Body, Method, RequestBuilder, Response, StatusCode, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use tracing::warn;
use url::Url;

use super::trust;
use crate::{
    Secret,
    protocol::{GIVE_UP, PREFIX, REFUSED_GIVE_UP},
};

/// Why talking to the server is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// The attempt is over for the server, or our token is not good any more.
    Gone,
    /// The server did not answer for as long as we wait.
    GaveUp,
}

/// What one request brought.
pub(crate) enum Attempt {
    /// An answer that means something: done, or a conflict the caller knows.
    Answer(Response),
    Refused,
    Gone,
    /// No answer, or one that says nothing about the request.
    Nothing,
}

/// Talks to the server with the task's token, patiently.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Secret,
}

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
const READ_PATIENCE: Duration = Duration::from_mins(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl Client {
    pub(crate) fn new(
        server: &Url,
        authorities: Option<&str>,
        token: Secret,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        // No proxy of the environment: the server is named, and near. Redirects would carry the token elsewhere.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_PATIENCE)
            .read_timeout(READ_PATIENCE)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        let http = match server.scheme() {
            "http" => http.tls_certs_only([]),
            _ => http.tls_certs_merge(trust::known(authorities)?),
        };
        let http = http.build()?;
        let mut base = server.clone();
        base.set_path(&format!("{}/{PREFIX}", base.path().trim_end_matches('/')));
        Ok(Self { http, base, token })
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_with(method, path, &[])
    }

    pub(crate) fn request_with(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
    ) -> RequestBuilder {
        let mut address = self.base.clone();
        address.set_path(&format!("{}{path}", self.base.path()));
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        self.http.request(method, address).bearer_auth(self.token.expose())
    }

    /// Sends once.
    pub(crate) async fn attempt(&self, request: RequestBuilder) -> Attempt {
        match request.send().await {
            Ok(answer) => match answer.status() {
                status if status.is_success() => Attempt::Answer(answer),
                StatusCode::CONFLICT | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
                    Attempt::Answer(answer)
                }
                StatusCode::GONE => Attempt::Gone,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Attempt::Refused,
                status => {
                    warn!(%status, "the server answered nothing useful");
                    Attempt::Nothing
                }
            },
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "the server does not answer");
                Attempt::Nothing
            }
        }
    }

    /// Sends until there is an answer. The body of a request cannot be sent twice, so it is made anew each time.
    pub(crate) async fn call(&self, make: impl Fn() -> RequestBuilder) -> Result<Response, Silence> {
        let mut patience = Patience::new();
        loop {
            let attempt = self.attempt(make()).await;
            if let Some(answer) = patience.next(attempt).await? {
                return Ok(answer);
            }
        }
    }

    /// Sends a piece until it is taken, and reads the answer as JSON.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        (kind, body): (&str, impl Into<Body> + Clone),
    ) -> Result<Posted<T>, Silence> {
        let mut patience = Patience::new();
        loop {
            let request = self.request_with(Method::POST, path, query);
            let request = request.header(CONTENT_TYPE, kind).body(body.clone());
            let Some(answer) = patience.next(self.attempt(request).await).await? else { continue };
            let status = answer.status();
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                return Ok(Posted::TooLarge);
            }
            // An answer that broke off was perhaps carried out: sending again finds out.
            match answer.json().await {
                Ok(value) if status == StatusCode::CONFLICT => return Ok(Posted::Conflict(value)),
                Ok(value) => return Ok(Posted::Done(value)),
                Err(_) => {
                    patience.next(Attempt::Nothing).await?;
                }
            }
        }
    }

    pub(crate) async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, Silence> {
        let mut patience = Patience::new();
        loop {
            let attempt = self.attempt(self.request_with(Method::GET, path, query)).await;
            let Some(answer) = patience.next(attempt).await? else { continue };
            match answer.json().await {
                Ok(value) => return Ok(value),
                Err(_) => {
                    patience.next(Attempt::Nothing).await?;
                }
            }
        }
    }
}

/// The answer to something that was appended.
pub(crate) enum Posted<T> {
    Done(T),
    Conflict(T),
    TooLarge,
}

/// A message of the protocol, as a body and its type.
pub(crate) fn json(value: &impl Serialize) -> (&'static str, Vec<u8>) {
    let text = serde_json::to_vec(value).expect("the messages of the protocol have text keys only");
    ("application/json", text)
}

/// How long to go on, and how long to pause before the next try.
pub(crate) struct Patience {
    failing_since: Option<Instant>,
    refused_since: Option<Instant>,
    pause: Duration,
}

impl Patience {
    pub(crate) const fn new() -> Self {
        Self { failing_since: None, refused_since: None, pause: FIRST_PAUSE }
    }

    /// An answer to use, or nothing after a pause; an error when it is time to end.
    pub(crate) async fn next(&mut self, attempt: Attempt) -> Result<Option<Response>, Silence> {
        match attempt {
            Attempt::Answer(answer) => return Ok(Some(answer)),
            Attempt::Gone => return Err(Silence::Gone),
            Attempt::Refused => {
                if self.refused_since.get_or_insert_with(Instant::now).elapsed() > REFUSED_GIVE_UP {
                    return Err(Silence::Gone);
                }
            }
            Attempt::Nothing => self.refused_since = None,
        }
        if self.failing_since.get_or_insert_with(Instant::now).elapsed() > GIVE_UP {
            return Err(Silence::GaveUp);
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(None)
    }
}
