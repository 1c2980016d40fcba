use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use hearth_git::Capacity;
use hearth_http::patience::Pace;
use serde::{Deserialize, Serialize};

/// Section `[server]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    pub listen: SocketAddr,
    /// The public address, for links and clone addresses; empty for `http://` and the listening address.
    pub root_url: String,
    /// Additional host names of the server: a request for any other is not answered.
    pub hosts: Vec<String>,
    /// Peers whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpAddr>,
    /// Maximum connections, in total and per address, where an IPv6 network (/64) counts as one.
    pub connections: u32,
    pub connections_per_address: u32,
    /// Seconds within which a request's head has to arrive, and after which an idle connection is closed.
    pub header_seconds: u64,
    /// Seconds that a client may keep the server waiting, in sending a request or receiving a response.
    pub stall_seconds: u64,
    /// A client that sends or receives less than this counts as keeping the server waiting.
    pub slowest_bytes_per_second: u32,
    /// Concurrent clones, fetches and pushes, in total and per address or account; 0 for a default based on
    /// the cores.
    pub transfers: usize,
    pub transfers_per_client: usize,
    /// Concurrent expensive queries on repositories, such as walks and diffs, in total and per address or
    /// account; 0 for a default based on the cores, and half of all.
    pub questions: usize,
    pub questions_per_client: usize,
    /// The size of the pack cache in bytes.
    pub pack_cache_bytes: u64,
    /// Seconds for running requests to finish when stopping.
    pub shutdown_seconds: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            root_url: String::new(),
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            connections: 4096,
            connections_per_address: 512,
            header_seconds: 30,
            stall_seconds: 60,
            slowest_bytes_per_second: 512,
            transfers: 0,
            transfers_per_client: 0,
            questions: 0,
            questions_per_client: 0,
            pack_cache_bytes: Capacity::default().pack_cache_bytes,
            shutdown_seconds: 30,
        }
    }
}

impl ServerConfig {
    /// Whether nothing says that other machines reach the server: neither the address it listens on, nor its
    /// names, nor a proxy, which may run on this machine.
    pub(crate) fn is_only_for_this_machine(&self) -> bool {
        let is_here = |name: &str| {
            let name = name.trim_start_matches('[').trim_end_matches(']');
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|it| it.to_canonical().is_loopback())
        };
        let root = self.root_url.parse::<http::Uri>().ok();
        let is_root_here =
            self.root_url.is_empty() || root.is_some_and(|root| root.host().is_some_and(is_here));
        self.listen.ip().to_canonical().is_loopback()
            && is_root_here
            && self.hosts.iter().all(|name| is_here(name))
            && self.trusted_proxies.is_empty()
    }

    /// How long a client may keep the server waiting.
    pub(crate) fn pace(&self) -> Pace {
        Pace::new(Duration::from_secs(self.stall_seconds), self.slowest_bytes_per_second)
    }

    /// The capacity for all clients and for each of them.
    pub(crate) fn capacity(&self) -> Capacity {
        let usual = Capacity::default();
        let or_usual = |chosen: usize, usual: usize| if chosen == 0 { usual } else { chosen };
        let questions = or_usual(self.questions, usual.questions);
        Capacity {
            transfers: or_usual(self.transfers, usual.transfers),
            transfers_per_client: or_usual(self.transfers_per_client, usual.transfers_per_client),
            questions,
            questions_per_client: or_usual(self.questions_per_client, questions / 2),
            pack_cache_bytes: self.pack_cache_bytes,
        }
    }
}
