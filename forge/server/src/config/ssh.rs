use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use hearth_http::patience::Pace;
use hearth_ssh::SshSettings;
use serde::{Deserialize, Serialize};

/// Section `[ssh]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SshConfig {
    pub enabled: bool,
    /// Empty: port 2222 of this machine, or of all its addresses where `server.listen` is not for this machine alone.
    pub listen: String,
    /// In clone addresses; empty: that of the site.
    pub host: String,
    /// In clone addresses; 0: the listening port.
    pub port: u16,
    /// Maximum connections, in total and per address, where an IPv6 network (/64) counts as one.
    pub connections: u32,
    pub connections_per_address: u32,
    /// Seconds within which a client has to prove a key, and then to ask for something.
    pub login_seconds: u64,
    /// Keys that a client may prove in vain.
    pub login_attempts: usize,
    /// Commands at once on one connection.
    pub channels: usize,
    /// Seconds that a connection may be idle, or a client be silent while the server waits for it.
    pub idle_seconds: u64,
    /// What a client may send on one channel before the server has taken it.
    pub window_bytes: u32,
    /// New keys are agreed on after so many bytes in one direction, at most 1 GiB, and after so many seconds.
    pub rekey_bytes: usize,
    pub rekey_seconds: u64,
    /// Seconds for which large files may be transferred over HTTP after `git-lfs-authenticate`.
    pub lfs_ticket_seconds: u64,
}

/// The most bytes that the ciphers may send with one key.
const MOST_REKEY_BYTES: usize = 1 << 30;
const USUAL_PORT: u16 = 2222;

impl Default for SshConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: String::new(),
            host: String::new(),
            port: 0,
            connections: 512,
            connections_per_address: 64,
            login_seconds: 30,
            login_attempts: 10,
            channels: 10,
            idle_seconds: 600,
            window_bytes: 1 << 20,
            rekey_bytes: MOST_REKEY_BYTES,
            rekey_seconds: 3600,
            lfs_ticket_seconds: 3600,
        }
    }
}

impl SshConfig {
    /// Where to listen, beside the pages at `site`. None: `listen` is no address.
    pub(crate) fn address(&self, site: SocketAddr) -> Option<SocketAddr> {
        if !self.listen.is_empty() {
            return self.listen.parse().ok();
        }
        let ip = match site.ip() {
            ip if ip.to_canonical().is_loopback() => ip,
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        Some(SocketAddr::new(ip, USUAL_PORT))
    }

    /// Whether the operator chose where to listen. If not, and the port is taken, the site does without SSH.
    pub(crate) fn is_chosen(&self) -> bool {
        !self.listen.is_empty()
    }

    /// The bounds on every connection. `pace` is how slowly a client may read.
    pub(crate) fn settings(&self, pace: Pace) -> SshSettings {
        SshSettings {
            login: Duration::from_secs(self.login_seconds),
            login_attempts: self.login_attempts.max(1),
            channels: self.channels.max(1),
            idle: Duration::from_secs(self.idle_seconds.max(1)),
            pace,
            window_bytes: self.window_bytes.max(64 << 10),
            rekey_bytes: self.rekey_bytes.clamp(1 << 20, MOST_REKEY_BYTES),
            rekey: Duration::from_secs(self.rekey_seconds.max(60)),
            ticket: Duration::from_secs(self.lfs_ticket_seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_site_that_others_reach_listens_to_others() {
        let beside = |site: &str, listen: &str| {
            let config = SshConfig { listen: listen.into(), ..SshConfig::default() };
            config.address(site.parse().expect("an address")).map(|address| address.to_string())
        };
        assert_eq!(beside("127.0.0.1:3000", "").as_deref(), Some("127.0.0.1:2222"));
        assert_eq!(beside("[::1]:3000", "").as_deref(), Some("[::1]:2222"));
        assert_eq!(beside("192.168.1.7:3000", "").as_deref(), Some("0.0.0.0:2222"));
        assert_eq!(beside("[::]:3000", "").as_deref(), Some("[::]:2222"));
        assert_eq!(beside("0.0.0.0:3000", "127.0.0.1:22").as_deref(), Some("127.0.0.1:22"));
        assert_eq!(beside("0.0.0.0:3000", "22"), None);
    }
}
