//! The only HTTP client for requests on behalf of users: registries, webhooks, mirrors.
//!
//! A user may name an address that only this machine can reach (SSRF). So names are resolved here, every
//! address is checked ([`is_public`]), and the connection uses the checked address without resolving the name
//! again. Redirects are followed one by one under the same rules; the size of bodies and the total time are
//! limited.

mod address;
mod allow;
mod error;
mod request;
mod resolve;

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{Client, Method, Proxy, dns::Resolve, redirect};
use tokio::sync::Semaphore;

pub use address::is_public;
pub use allow::{Allowed, BadEntry};
pub use error::{OutboundError, Result};
pub use request::{OutboundResponse, Request};
pub use reqwest::{StatusCode, Url, header};
pub use resolve::{Resolver, SystemResolver};

/// Concurrent requests; further ones queue, within their own timeout.
const AT_ONCE: usize = 32;
const CONNECT: Duration = Duration::from_secs(5);
const IDLE_CONNECTIONS: usize = 2;

/// Configured by the operator.
#[derive(Clone, Debug, Default)]
pub struct OutboundSettings {
    /// What may be reached although its address is not public.
    pub allowed: Allowed,
    /// A proxy for all connections. It resolves names itself, so it decides what can be reached; none:
    /// connect directly, whatever the environment variables say.
    pub proxy: Option<Url>,
}

/// The client. Clones share its connections.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    /// Created by the first request: most commands make none.
    client: OnceLock<Client>,
    resolver: Arc<dyn Resolve>,
    allowed: Arc<Allowed>,
    proxy: Option<Proxy>,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Outbound").field("allowed", &self.0.allowed).finish_non_exhaustive()
    }
}

impl Outbound {
    pub fn new(settings: OutboundSettings) -> Result<Self> {
        Self::with(settings, SystemResolver)
    }

    /// With a custom resolver, for tests.
    pub fn with(settings: OutboundSettings, resolver: impl Resolver) -> Result<Self> {
        let allowed = Arc::new(settings.allowed);
        let proxy = settings.proxy.map(Proxy::all).transpose().map_err(OutboundError::unreachable)?;
        Ok(Self(Arc::new(Inner {
            client: OnceLock::new(),
            resolver: Arc::new(resolve::Checked::new(resolver, Arc::clone(&allowed))),
            allowed,
            proxy,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        })))
    }

    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.0.client.get() {
            return Ok(client);
        }
        let builder = Client::builder()
            .user_agent(concat!("hearth/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS);
        let builder = match &self.0.proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder.dns_resolver(Arc::clone(&self.0.resolver)),
        };
        let made = builder.build().map_err(OutboundError::unreachable)?;
        Ok(self.0.client.get_or_init(|| made))
    }

    pub fn get(&self, url: Url) -> Request {
        Request::new(self, Method::GET, url)
    }

    pub fn post(&self, url: Url, body: Vec<u8>) -> Request {
        Request::new(self, Method::POST, url).with_body(body)
    }
}
