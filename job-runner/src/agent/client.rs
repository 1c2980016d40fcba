use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reqwest::{Body, Method, RequestBuilder, StatusCode, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use tracing::{info, warn};
use url::Url;

use super::{
    answer::{Answer, Attempt},
    patience::Patience,
    stop::Stopper,
    trust,
};
use crate::{Secret, protocol::PREFIX};

/// Why talking to the server has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientError {
    /// The server considers the attempt over, or our token is not valid any more.
    Gone,
    /// The server did not answer for as long as we retry.
    GaveUp,
    /// The server refuses a request that has to succeed.
    Rejected(StatusCode),
}

/// Talks to the server with the task's token, with retries.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    /// For bodies that take longer than the read timeout: the caller watches whether they still make
    /// progress.
    sending: reqwest::Client,
    base: Url,
    token: Secret,
    stopper: Stopper,
    /// Calls that are failing, and since when: logged when it begins and when it ends, not each time.
    silent: Arc<Mutex<BTreeMap<String, Instant>>>,
}

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection may be idle in both directions.
pub(crate) const READ_PATIENCE: Duration = Duration::from_mins(1);

impl Client {
    pub(crate) fn new(
        server: &Url,
        authorities: Option<&str>,
        token: Secret,
        stopper: Stopper,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        // No proxy from the environment: the server is nearby and known. Redirects would send the token
        // elsewhere.
        let builder = || -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
            let http = reqwest::Client::builder()
                .connect_timeout(CONNECT_PATIENCE)
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none());
            Ok(match server.scheme() {
                "http" => http.tls_certs_only([]),
                _ => http.tls_certs_merge(trust::known(authorities)?),
            })
        };
        let (http, sending) = (builder()?.read_timeout(READ_PATIENCE).build()?, builder()?.build()?);
        let mut base = server.clone();
        base.set_path(&format!("{}/{PREFIX}", base.path().trim_end_matches('/')));
        Ok(Self { http, sending, base, token, stopper, silent: Arc::default() })
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
        self.http.request(method, self.address(path, query)).bearer_auth(self.token.expose())
    }

    /// Builds the upload of a body of any size, for [`Client::attempt_while`].
    pub(crate) fn upload(&self, path: &str, query: &[(&str, String)]) -> RequestBuilder {
        self.sending.put(self.address(path, query)).bearer_auth(self.token.expose())
    }

    fn address(&self, path: &str, query: &[(&str, String)]) -> Url {
        let mut address = self.base.clone();
        address.set_path(&format!("{}{path}", self.base.path()));
        if !query.is_empty() {
            address.query_pairs_mut().extend_pairs(query);
        }
        address
    }

    pub(crate) fn patience(&self) -> Patience {
        Patience::new(self.stopper.clone())
    }

    /// Sends once, and waits for the response to begin.
    pub(crate) async fn attempt(&self, request: RequestBuilder) -> Attempt {
        self.attempt_while(request, std::future::pending()).await
    }

    /// Sends once, and waits for the response until `stalled` resolves.
    pub(crate) async fn attempt_while(
        &self,
        request: RequestBuilder,
        stalled: impl Future<Output = ()>,
    ) -> Attempt {
        let (http, request) = request.build_split();
        let request = match request {
            Ok(request) => request,
            Err(error) => {
                warn!(error = &error as &dyn std::error::Error, "a request cannot be made");
                return Attempt::Nothing;
            }
        };
        let call = format!("{} {}", request.method(), request.url().path());
        let sent = tokio::select! {
            sent = http.execute(request) => sent,
            () = stalled => {
                self.note_silence(&call, &"it stalls");
                return Attempt::Nothing;
            }
        };
        match sent {
            Ok(response) => {
                let status = response.status();
                let attempt = Attempt::of(response);
                match attempt {
                    Attempt::Nothing => self.note_silence(&call, &status),
                    _ => self.note_answer(&call),
                }
                attempt
            }
            Err(error) => {
                self.note_silence(&call, &hearth_core::chain(&error));
                Attempt::Nothing
            }
        }
    }

    fn note_silence(&self, call: &str, why: &dyn std::fmt::Display) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if !silent.contains_key(call) {
            silent.insert(call.to_owned(), Instant::now());
            warn!(call, %why, "the server gives no usable answer; the request is repeated");
        }
    }

    fn note_answer(&self, call: &str) {
        let silent_since = self.silent.lock().unwrap_or_else(PoisonError::into_inner).remove(call);
        if let Some(since) = silent_since {
            info!(call, silent_seconds = since.elapsed().as_secs(), "the server answers again");
        }
    }

    /// Retries until there is an answer. A request body cannot be sent twice, so it is rebuilt each time.
    pub(crate) async fn call(&self, make: impl Fn() -> RequestBuilder) -> Result<Answer, ClientError> {
        let mut patience = self.patience();
        loop {
            let attempt = self.attempt(make()).await;
            match patience.next(attempt).await? {
                Some(Answer::NoRoom) => patience.pause().await?,
                Some(answer) => return Ok(answer),
                None => {}
            }
        }
    }

    /// Retries a piece until it is accepted, and reads the answer as JSON.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        (kind, body): (&str, impl Into<Body> + Clone),
    ) -> Result<Posted<T>, ClientError> {
        let mut patience = self.patience();
        loop {
            let request = self.request_with(Method::POST, path, query);
            let request = request.header(CONTENT_TYPE, kind).body(body.clone());
            let posted = match patience.next(self.attempt(request).await).await? {
                None => continue,
                Some(Answer::TooLarge) => return Ok(Posted::TooLarge),
                Some(Answer::Rejected(status)) => return Ok(Posted::Rejected(status)),
                Some(Answer::Done(answer)) => answer.json().await.map(Posted::Done).ok(),
                Some(Answer::Conflict(answer)) => answer.json().await.map(Posted::Conflict).ok(),
                Some(Answer::NoRoom) => None,
            };
            match posted {
                Some(posted) => return Ok(posted),
                // The request may have been carried out although the answer broke off: sending it again finds
                // out.
                None => patience.pause().await?,
            }
        }
    }

    pub(crate) async fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, ClientError> {
        let mut patience = self.patience();
        loop {
            let attempt = self.attempt(self.request_with(Method::GET, path, query)).await;
            match patience.next(attempt).await? {
                None => continue,
                Some(Answer::Done(answer)) => {
                    if let Ok(value) = answer.json().await {
                        return Ok(value);
                    }
                }
                Some(Answer::NoRoom) => {}
                Some(answer) => return Err(answer.as_rejection()),
            }
            patience.pause().await?;
        }
    }
}

impl Answer {
    /// For a call where anything but success is a rejection.
    pub(crate) const fn as_rejection(&self) -> ClientError {
        ClientError::Rejected(match self {
            Self::Rejected(status) => *status,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Self::Done(_) => StatusCode::OK,
        })
    }
}

/// The answer to an append.
pub(crate) enum Posted<T> {
    Done(T),
    Conflict(T),
    TooLarge,
    /// The server will never accept it.
    Rejected(StatusCode),
}

/// A protocol message, as a content type and body.
pub(crate) fn json(value: &impl Serialize) -> (&'static str, Vec<u8>) {
    let text = serde_json::to_vec(value).expect("the messages of the protocol have text keys only");
    ("application/json", text)
}
