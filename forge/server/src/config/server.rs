use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hearth_git::Capacity;
use serde::{Deserialize, Serialize};

/// Section `[server]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    pub listen: SocketAddr,
    /// The address people use, for links and clone addresses; empty: `http://` and the listening address.
    pub root_url: String,
    /// Further names that people may use for it: a request for any other is not answered.
    pub hosts: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at once, in all and from one address, where an IPv6 network (/64) is one.
    pub connections: u32,
    pub connections_per_address: u32,
    /// Seconds within which a request's head has to arrive, and after which a connection without one is closed.
    pub header_seconds: u64,
    /// Seconds that a client may keep the server waiting, for more of a request or to take more of an answer.
    pub stall_seconds: u64,
    /// A client that sends or takes less than this keeps the server waiting.
    pub slowest_bytes_per_second: u32,
    /// Clones, fetches and pushes at once, in all and of one address or account; 0: as many as the processors suggest.
    pub transfers: usize,
    pub transfers_per_client: usize,
    /// Expensive questions to repositories at once, such as walks and differences, in all and of one address or account; 0:
    /// as many as the processors suggest, and half of all.
    pub questions: usize,
    pub questions_per_client: usize,
    /// Bytes of the packs that are kept for equal clones.
    pub pack_cache_bytes: u64,
    /// Seconds given to running requests when stopping.
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
    /// What all clients and each of them may take.
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
