use std::{io, net::IpAddr, net::SocketAddr, pin::Pin, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{Allowed, OutboundError};

/// Resolves host names to addresses.
pub trait Resolver: Send + Sync + 'static {
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// Uses the system's resolver.
#[derive(Clone, Copy, Debug)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Only returns addresses that may be connected to. The connection uses them without resolving the name
/// again.
pub(crate) struct Checked<R> {
    resolver: Arc<R>,
    allowed: Arc<Allowed>,
}

impl<R: Resolver> Checked<R> {
    pub(crate) fn new(resolver: R, allowed: Arc<Allowed>) -> Self {
        Self { resolver: Arc::new(resolver), allowed }
    }
}

impl<R: Resolver> Resolve for Checked<R> {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, allowed) = (Arc::clone(&self.resolver), Arc::clone(&self.allowed));
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found =
                resolver.resolve(host.clone()).await.map_err(|_| OutboundError::NoSuchHost(host.clone()))?;
            if found.is_empty() {
                return Err(OutboundError::NoSuchHost(host).into());
            }
            // One forbidden address is reason enough to refuse: mixing them suggests an attack.
            if !allowed.has_host(&host)
                && let Some(address) = found.iter().find(|address| !allowed.allows(**address))
            {
                return Err(OutboundError::Address { host, address: *address }.into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
