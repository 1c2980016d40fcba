use std::{net::IpAddr, str::FromStr};

use crate::is_public;

/// What may be reached although it is not public: host names and networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    hosts: Vec<String>,
    networks: Vec<Network>,
}

/// An address and its prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    length: u8,
}

/// An entry that is neither a host nor a network.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a host, like registry.example.org, nor an address or network, like 10.0.0.0/8")]
pub struct BadEntry(String);

impl Allowed {
    /// Hosts, addresses and networks, as written in the configuration.
    pub fn parse(entries: &[String]) -> Result<Self, BadEntry> {
        let mut allowed = Self::default();
        for entry in entries {
            let text = entry.trim();
            if let Ok(network) = text.parse() {
                allowed.networks.push(network);
            } else if is_host(text) {
                allowed.hosts.push(text.trim_end_matches('.').to_ascii_lowercase());
            } else {
                return Err(BadEntry(entry.clone()));
            }
        }
        Ok(allowed)
    }

    /// Whether a host name is allowed, whatever it resolves to.
    pub(crate) fn has_host(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.hosts.contains(&host)
    }

    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.has(address))
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u8>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(most);
        if length <= most { Ok(Self { address, length }) } else { Err(()) }
    }
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        let same = match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros()
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        same >= u32::from(self.length)
    }
}

fn is_host(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.len() <= 253
        && text.trim_end_matches('.').split('.').all(is_part)
        // Only digits and dots is a mistyped address.
        && !text.trim_end_matches('.').ends_with(|last: char| last.is_ascii_digit() && !text.contains(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(entries: &[&str]) -> Result<Allowed, BadEntry> {
        Allowed::parse(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn hosts_and_networks_are_allowed_as_they_are_written() {
        let some = allowed(&["Registry.Lab.", "10.1.0.0/16", "127.0.0.2", "fd00::/8"]).expect("good entries");
        assert!(some.has_host("registry.lab") && some.has_host("REGISTRY.lab."));
        assert!(!some.has_host("evil.registry.lab") && !some.has_host("lab"));
        let is = |text: &str| some.allows(text.parse().expect("an address"));
        assert!(
            is("10.1.255.1") && is("::ffff:10.1.0.1") && is("127.0.0.2") && is("fd12::1") && is("8.8.8.8")
        );
        assert!(!is("10.2.0.1") && !is("127.0.0.1") && !is("fe80::1"));
    }

    #[test]
    fn what_is_neither_is_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0",
            "http://registry.lab",
            "a b",
            "registry.lab:5000",
            "*.lab",
            "::1/129",
        ] {
            assert_eq!(allowed(&[bad]), Err(BadEntry(bad.into())), "{bad}");
        }
    }
}
