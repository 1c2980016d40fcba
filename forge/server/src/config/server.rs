use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// Section `[server]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    pub listen: SocketAddr,
    /// The address people use, for links and clone addresses; empty: `http://` and the listening address.
    pub root_url: String,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at once, in all and from one address.
    pub connections: u32,
    pub connections_per_address: u32,
    /// Seconds within which a request's head has to arrive.
    pub header_seconds: u64,
    /// Seconds given to running requests when stopping.
    pub shutdown_seconds: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            root_url: String::new(),
            trusted_proxies: Vec::new(),
            connections: 4096,
            connections_per_address: 1024,
            header_seconds: 30,
            shutdown_seconds: 30,
        }
    }
}
