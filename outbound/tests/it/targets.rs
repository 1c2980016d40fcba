//! What may be reached, and what may not.

use hearth_outbound::OutboundError;

use crate::support::{Names, OUTSIDE, Server, allowing, good, outbound, url};

#[tokio::test]
async fn a_server_outside_is_asked_by_the_name_it_has() {
    let (names, server) = (Names::default(), Server::saying(OUTSIDE, good("hello")).await);
    names.tell("registry.test", &[&[OUTSIDE]]);
    let outbound = outbound(&names);
    let answer = outbound.get(url(&format!("http://registry.test:{}/v2/", server.port()))).send().await;
    assert_eq!(answer.expect("an answer").bytes(10).await.expect("a body"), b"hello");
    let head = &server.heads()[0];
    assert!(head.contains(&format!("host: registry.test:{}", server.port())), "{head}");
    assert!(head.contains("accept-encoding: identity"), "{head}");
}

#[tokio::test]
async fn whatever_leads_to_this_machine_is_refused_before_a_connection() {
    let (names, inside) = (Names::default(), Server::saying("127.0.0.1", good("secret")).await);
    let port = inside.port();
    for (name, addresses) in [
        ("loopback.test", &["127.0.0.1"][..]),
        ("mapped.test", &["::ffff:127.0.0.1"]),
        ("six.test", &["::1"]),
        ("private.test", &["10.0.0.1"]),
        ("metadata.test", &["169.254.169.254"]),
        ("unspecified.test", &["0.0.0.0"]),
        ("multicast.test", &["224.0.0.1"]),
        // One good address does not make up for a bad one.
        ("mixed.test", &[OUTSIDE, "127.0.0.1"]),
        ("localhost", &["127.0.0.1"]),
    ] {
        names.tell(name, &[addresses]);
        let refused = outbound(&names).get(url(&format!("http://{name}:{port}/"))).send().await;
        assert!(matches!(refused, Err(OutboundError::Address { .. })), "{name}: {refused:?}");
    }
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "0.0.0.0",
        "0",
        "[::]",
        "169.254.169.254",
        "①②⑦.⓪.⓪.①",
    ] {
        let refused = outbound(&names).get(url(&format!("http://{host}:{port}/"))).send().await;
        assert!(matches!(refused, Err(OutboundError::Address { .. })), "{host}: {refused:?}");
    }
    assert_eq!(inside.connections(), 0);
}

/// DNS rebinding: the name is public when checked and private when connected, but is resolved only once.
#[tokio::test]
async fn a_name_that_changes_its_mind_reaches_nothing_inside() {
    let (names, outside) = (Names::default(), Server::saying(OUTSIDE, good("outside")).await);
    let inside = Server::saying("127.0.0.1", good("secret")).await;
    names.tell("rebind.test", &[&[OUTSIDE], &["127.0.0.1"]]);
    let outbound = outbound(&names);
    let first = outbound.get(url(&format!("http://rebind.test:{}/", outside.port()))).send().await;
    assert_eq!(first.expect("an answer").bytes(10).await.expect("a body"), b"outside");
    let second = outbound.get(url(&format!("http://rebind.test:{}/", inside.port()))).send().await;
    assert!(matches!(second, Err(OutboundError::Address { .. })), "{second:?}");
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn other_schemes_and_credentials_are_refused() {
    let outbound = outbound(&Names::default());
    for bad in
        ["file:///etc/passwd", "gopher://127.0.0.2/", "ftp://127.0.0.2/", "data:,x", "unix:/run/docker.sock"]
    {
        assert_eq!(outbound.get(url(bad)).send().await.err(), Some(OutboundError::Scheme), "{bad}");
    }
    for bad in ["http://mei@127.0.0.2/", "http://mei:secret@127.0.0.2/", "http://:secret@127.0.0.2/"] {
        assert_eq!(outbound.get(url(bad)).send().await.err(), Some(OutboundError::Credentials), "{bad}");
    }
    let unknown = outbound.get(url("http://nowhere.test/")).send().await.err();
    assert_eq!(unknown, Some(OutboundError::NoSuchHost("nowhere.test".into())));
}

#[tokio::test]
async fn an_operator_may_allow_a_host_or_a_network() {
    let (names, inside) = (Names::default(), Server::saying("127.0.0.1", good("inside")).await);
    names.tell("registry.lab", &[&["127.0.0.1"]]);
    names.tell("other.lab", &[&["127.0.0.1"]]);
    let by_name = allowing(&names, &["registry.lab"]);
    let at = |host: &str| url(&format!("http://{host}:{}/", inside.port()));
    assert!(by_name.get(at("registry.lab")).send().await.is_ok());
    assert!(by_name.get(at("other.lab")).send().await.is_err());
    assert!(by_name.get(at("127.0.0.1")).send().await.is_err());
    let by_network = allowing(&names, &["127.0.0.0/8"]);
    for host in ["registry.lab", "other.lab", "127.0.0.1"] {
        assert!(by_network.get(at(host)).send().await.is_ok(), "{host}");
    }
}

/// Proxies from environment variables would bypass every check.
#[test]
fn proxies_of_the_environment_are_not_asked() {
    if std::env::var_os("HEARTH_OUTBOUND_CHILD").is_none() {
        let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", proxy.local_addr().expect("an address"));
        let program = std::env::current_exe().expect("this program");
        let mut child = std::process::Command::new(program);
        child
            .args(["--exact", "targets::proxies_of_the_environment_are_not_asked"])
            .env("HEARTH_OUTBOUND_CHILD", "1");
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, &address);
        }
        assert!(child.status().expect("it runs").success());
        proxy.set_nonblocking(true).expect("a listener");
        assert!(proxy.accept().is_err(), "nobody asked the proxy");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (names, server) = (Names::default(), Server::saying(OUTSIDE, good("hello")).await);
        let answer = outbound(&names).get(url(&format!("http://{OUTSIDE}:{}/", server.port()))).send().await;
        assert!(answer.is_ok());
        assert_eq!(server.connections(), 1);
    });
}
