//! The one way in which the server itself asks others over HTTP because somebody wants it to: registries, webhooks, mirrors.
//!
//! Whoever names an address here may want to reach what only this machine reaches. So names are resolved here, every address is held
//! against a list ([`is_public`]), and the connection goes to an address that was looked at: nobody resolves the name a second time.
//! Redirects are followed one by one by the same rules, bodies end at a bound, and everything together at a time.

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
pub use request::{Answer, Request};
pub use reqwest::{StatusCode, Url, header};
pub use resolve::{Resolver, SystemResolver};

/// Requests at once; further ones wait, within their time.
const AT_ONCE: usize = 32;
const CONNECT: Duration = Duration::from_secs(5);
const IDLE_CONNECTIONS: usize = 2;

/// What an operator chose.
#[derive(Clone, Debug, Default)]
pub struct OutboundSettings {
    /// What may be reached although it is no public address.
    pub allowed: Allowed,
    /// A proxy that makes all connections. It resolves names by itself, so it decides what is reached; none: connections are made here,
    /// whatever the environment says.
    pub proxy: Option<Url>,
}

/// The client. Clones share its connections.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    /// Made for the first question: most commands ask none.
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

    /// With names that a test decides.
    pub fn with(settings: OutboundSettings, resolver: impl Resolver) -> Result<Self> {
        let allowed = Arc::new(settings.allowed);
        let proxy = settings.proxy.map(Proxy::all).transpose().map_err(OutboundError::away)?;
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
        let made = builder.build().map_err(OutboundError::away)?;
        Ok(self.0.client.get_or_init(|| made))
    }

    pub fn get(&self, url: Url) -> Request {
        Request::new(self, Method::GET, url)
    }

    pub fn post(&self, url: Url, body: Vec<u8>) -> Request {
        Request::new(self, Method::POST, url).with_body(body)
    }
}
