use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

tokio::task_local! {
    static CURRENT: ClientAddress;
}

/// The origin of a request, to the level of a machine or household: an IPv6 network counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    network: IpAddr,
    forwards: bool,
}

impl ClientAddress {
    pub fn new(address: IpAddr) -> Self {
        let network = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            },
        };
        Self { network, forwards: false }
    }

    /// The same, for a request that claims to be forwarded although no proxy is trusted.
    #[must_use]
    pub const fn forwarding(self) -> Self {
        Self { forwards: true, ..self }
    }

    /// Whether it claims to be forwarded although no proxy is trusted.
    pub(crate) const fn forwards(self) -> bool {
        self.forwards
    }

    /// The address; for an IPv6 network, its first address.
    pub fn network(self) -> IpAddr {
        self.network
    }

    /// Does the work of a request from here: the audit log names the address for what it changes.
    pub async fn work<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The origin of the request that is being worked on. None: the server's own work, or its operator's.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(|client| *client).ok()
    }
}

impl Default for ClientAddress {
    /// For requests that did not come over a network, such as in tests.
    fn default() -> Self {
        Self::new(Ipv6Addr::UNSPECIFIED.into())
    }
}

impl fmt::Display for ClientAddress {
    /// `192.0.2.7`, or `2001:db8:0:1::/64`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network {
            IpAddr::V4(address) => address.fmt(formatter),
            // This machine is one address, not a network.
            IpAddr::V6(network) if network == Ipv6Addr::UNSPECIFIED => formatter.write_str("::1"),
            IpAddr::V6(network) => write!(formatter, "{network}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_knows_where_its_request_came_from_and_the_servers_own_came_from_nowhere() {
        let there = ClientAddress::new("192.0.2.7".parse().expect("an address"));
        assert_eq!(there.work(async { ClientAddress::current() }).await, Some(there));
        assert_eq!(ClientAddress::current(), None);
    }

    #[test]
    fn an_address_is_written_as_far_as_it_is_known() {
        let written = |text: &str| ClientAddress::new(text.parse().expect("an address")).to_string();
        assert_eq!(written("192.0.2.7"), "192.0.2.7");
        assert_eq!(written("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(written("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::/64");
        assert_eq!(written("::1"), "::1");
    }
}
