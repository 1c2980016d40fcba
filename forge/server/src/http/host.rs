//! Checks the host name of requests, against DNS rebinding: a page of another site can make its own name
//! resolve to this address and then send requests from the visitor's network or machine. Such a name is
//! unknown here and refused.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Uri, header::HOST, uri::Authority};

use crate::config::Config;

/// Monitoring uses any address it finds the server at: these answer everybody the same.
const ANY_NAME: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The accepted host names.
#[derive(Clone, Debug)]
pub(crate) struct Hosts(Arc<Known>);

#[derive(Debug)]
struct Known {
    names: BTreeSet<String>,
    /// Only this machine can connect, so only its own addresses are accepted.
    is_loopback: bool,
}

impl Hosts {
    /// From the configuration: the public address, additional names, and the addresses given to agents.
    pub(crate) fn new(config: &Config, listening: SocketAddr) -> Self {
        let host = |address: &str| address.parse::<Uri>().ok()?.host().map(plain);
        let clusters = config.engine.kubernetes.iter().filter_map(|cluster| host(&cluster.server_address));
        let names = config.server.hosts.iter().map(|name| plain(name));
        let names = names.chain(host(&config.server.root_url)).chain(clusters).collect();
        Self(Arc::new(Known { names, is_loopback: listening.ip().to_canonical().is_loopback() }))
    }

    fn knows(&self, host: &str) -> bool {
        let host = plain(host);
        if self.0.names.contains(&host) || host == "localhost" {
            return true;
        }
        // An IP address cannot be rebound by DNS.
        host.parse::<IpAddr>()
            .is_ok_and(|address| !self.0.is_loopback || address.to_canonical().is_loopback())
    }

    /// Whether every host name in the request is known. A browser always sends one; programs may omit it.
    fn answer(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let mut told = headers.get_all(HOST).iter().map(|host| {
            let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            authority.is_some_and(|authority| self.knows(authority.host()))
        });
        uri.host().is_none_or(|host| self.knows(host)) && told.all(|is_known| is_known)
    }
}

/// Normalises a name: lowercase, without the trailing dot and the brackets of IPv6.
fn plain(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase()
}

pub(crate) async fn layer(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if ANY_NAME.contains(&request.uri().path()) || hosts.answer(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    hearth_web::unknown_host()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(listening: &str) -> Hosts {
        let mut config = Config::default();
        config.server.root_url = "https://forge.example.org:8443/git".to_owned();
        config.server.hosts = vec!["Forge.lan".to_owned()];
        Hosts::new(&config, listening.parse().unwrap())
    }

    fn answers(hosts: &Hosts, name: &str) -> bool {
        let headers = HeaderMap::from_iter([(HOST, name.parse().unwrap())]);
        hosts.answer(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn on_loopback_only_loopback_and_what_is_configured_is_answered() {
        let hosts = hosts("127.0.0.1:3000");
        for name in ["localhost:3000", "LOCALHOST", "127.0.0.1:3000", "127.0.0.2", "[::1]:3000"] {
            assert!(answers(&hosts, name), "{name}");
        }
        for name in ["forge.example.org", "forge.example.org:8443", "forge.example.org.", "forge.lan:3000"] {
            assert!(answers(&hosts, name), "{name}");
        }
        for name in
            ["evil.example", "evil.example:3000", "192.168.1.7:3000", "localhost.evil.example", "", "a b"]
        {
            assert!(!answers(&hosts, name), "{name}");
        }
    }

    #[test]
    fn elsewhere_an_address_is_answered_and_an_unknown_name_is_not() {
        let hosts = hosts("0.0.0.0:3000");
        for name in ["192.168.1.7:3000", "[2001:db8::7]", "localhost:3000", "forge.example.org"] {
            assert!(answers(&hosts, name), "{name}");
        }
        assert!(!answers(&hosts, "evil.example:3000"));
    }

    #[test]
    fn every_name_of_a_request_has_to_be_known() {
        let hosts = hosts("127.0.0.1:3000");
        let mut headers = HeaderMap::new();
        assert!(hosts.answer(&Uri::from_static("/"), &headers));
        assert!(!hosts.answer(&Uri::from_static("http://evil.example/"), &headers));
        headers.append(HOST, "localhost".parse().unwrap());
        headers.append(HOST, "evil.example".parse().unwrap());
        assert!(!hosts.answer(&Uri::from_static("/"), &headers));
    }

    #[test]
    fn pods_reach_the_server_by_the_name_that_they_are_told() {
        let mut config = Config::default();
        config.engine.kubernetes = vec![
            serde_json::from_value(
                serde_json::json!({ "server_address": "http://hearth.default.svc:8080/" }),
            )
            .unwrap(),
        ];
        let hosts = Hosts::new(&config, "0.0.0.0:8080".parse().unwrap());
        assert!(answers(&hosts, "hearth.default.svc:8080"));
    }
}
