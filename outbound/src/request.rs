use std::{sync::Arc, time::Duration};

use reqwest::{
    Method, Response, StatusCode, Url,
    header::{
        ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName,
        HeaderValue, LOCATION,
    },
};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};
use url::Host;

use crate::{Outbound, OutboundError, Result};

const PATIENCE: Duration = Duration::from_secs(15);

/// A request to another server.
#[derive(Debug)]
pub struct Request {
    outbound: Outbound,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
    patience: Duration,
    redirects: u8,
}

/// The head of a response; its body is read up to a limit.
#[derive(Debug)]
pub struct OutboundResponse {
    response: Response,
    deadline: Instant,
    patience: Duration,
    _place: OwnedSemaphorePermit,
}

impl Request {
    pub(crate) fn new(outbound: &Outbound, method: Method, url: Url) -> Self {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        Self {
            outbound: outbound.clone(),
            method,
            url,
            headers,
            body: Vec::new(),
            patience: PATIENCE,
            redirects: 0,
        }
    }

    pub(crate) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// A bearer token; redirects to other origins do not get it.
    #[must_use]
    pub fn bearer(mut self, token: &str) -> Self {
        if let Ok(mut value) = HeaderValue::try_from(format!("Bearer {token}")) {
            value.set_sensitive(true);
            self.headers.insert(AUTHORIZATION, value);
        }
        self
    }

    /// The timeout for everything together: name resolution, connections, redirects and the body.
    #[must_use]
    pub fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How many redirects are followed; none by default.
    #[must_use]
    pub fn redirects(mut self, most: u8) -> Self {
        self.redirects = most;
        self
    }

    pub async fn send(self) -> Result<OutboundResponse> {
        let (patience, deadline) = (self.patience, Instant::now() + self.patience);
        let too_slow = || OutboundError::TooSlow(patience.as_secs());
        let asked = async {
            let place = Arc::clone(&self.outbound.0.places).acquire_owned().await.map_err(|_| too_slow())?;
            self.follow().await.map(|response| (response, place))
        };
        let (response, place) = timeout_at(deadline, asked).await.map_err(|_| too_slow())??;
        if response.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(OutboundError::Compressed);
        }
        Ok(OutboundResponse { response, deadline, patience, _place: place })
    }

    async fn follow(mut self) -> Result<Response> {
        let most = self.redirects;
        loop {
            self.check()?;
            let Self { outbound, method, url, headers, body, .. } = &self;
            let request = outbound.client()?.request(method.clone(), url.clone()).headers(headers.clone());
            let response = request.body(body.clone()).send().await?;
            let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if most == 0 || !is_redirect {
                return Ok(response);
            }
            if self.redirects == 0 {
                return Err(OutboundError::Redirects(most));
            }
            self.redirects -= 1;
            self.move_on(&response)?;
        }
    }

    /// Host names are checked when they are resolved; literal addresses are checked here.
    fn check(&self) -> Result<()> {
        if !matches!(self.url.scheme(), "http" | "https") {
            return Err(OutboundError::Scheme);
        }
        if !self.url.username().is_empty() || self.url.password().is_some() {
            return Err(OutboundError::Credentials);
        }
        let inner = &self.outbound.0;
        let address = match self.url.host() {
            None => return Err(OutboundError::Scheme),
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            // A proxy resolves names itself, perhaps to its own machine.
            Some(Host::Domain(name))
                if inner.proxy.is_some() && is_local(name) && !inner.allowed.has_host(name) =>
            {
                return Err(OutboundError::NoSuchHost(name.to_owned()));
            }
            Some(Host::Domain(_)) => return Ok(()),
        };
        let host = self.url.host_str().unwrap_or_default().to_owned();
        if inner.allowed.allows(address) || inner.allowed.has_host(&host) {
            Ok(())
        } else {
            Err(OutboundError::Address { host, address })
        }
    }

    fn move_on(&mut self, response: &Response) -> Result<()> {
        let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = target.and_then(|text| self.url.join(text).ok()).ok_or(OutboundError::BadRedirect)?;
        if self.url.scheme() == "https" && target.scheme() != "https" {
            return Err(OutboundError::BadRedirect);
        }
        if target.origin() != self.url.origin() {
            self.headers.remove(AUTHORIZATION);
            self.headers.remove(COOKIE);
        }
        let is_kept =
            matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
        if !is_kept && self.method != Method::GET {
            self.method = Method::GET;
            self.body = Vec::new();
            self.headers.remove(CONTENT_TYPE);
        }
        self.url = target;
        Ok(())
    }
}

/// Whether a name means the local machine.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

impl OutboundResponse {
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The URL after all redirects.
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// The whole body, at most this many bytes.
    pub async fn bytes(mut self, most_bytes: usize) -> Result<Vec<u8>> {
        let (patience, deadline) = (self.patience, self.deadline);
        let too_large = OutboundError::TooLarge { most_bytes: most_bytes as u64 };
        if self.response.content_length().is_some_and(|announced| announced > most_bytes as u64) {
            return Err(too_large);
        }
        let read = async {
            let mut body = Vec::new();
            while let Some(chunk) = self.response.chunk().await? {
                if body.len() + chunk.len() > most_bytes {
                    return Err(too_large);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(body)
        };
        timeout_at(deadline, read).await.map_err(|_| OutboundError::TooSlow(patience.as_secs()))?
    }
}
