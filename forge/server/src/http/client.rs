//! The client's address. Only a trusted proxy's header is believed.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use hearth_app::ClientAddress;
use hearth_git::Holder;
use http::HeaderMap;

/// Adds the [`ClientAddress`] to every request; queries on repositories count against its share.
pub(crate) async fn layer(
    State(trusted): State<Arc<[IpAddr]>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let address = ClientAddress::new(address(peer.ip(), request.headers(), &trusted));
        let forwards = trusted.is_empty() && request.headers().contains_key("x-forwarded-for");
        request.extensions_mut().insert(if forwards { address.forwarding() } else { address });
        let holders = vec![Holder::address(address.network())];
        return address.work(hearth_git::on_behalf_of(holders, next.run(request))).await;
    }
    next.run(request).await
}

/// Each proxy appends the address it was reached from: the last one that is not a trusted proxy is the
/// client.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer.to_canonical()) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let told: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut last = peer;
    for text in told.into_iter().rev() {
        let Ok(address) = text.trim().parse::<IpAddr>() else { return last };
        last = address;
        if !trusted.contains(&address.to_canonical()) {
            return address;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    fn asked(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(asked("192.0.2.9", &["203.0.113.1"], &[]), "192.0.2.9");
        assert_eq!(asked("192.0.2.9", &["203.0.113.1"], &["192.0.2.8"]), "192.0.2.9");
        assert_eq!(asked("192.0.2.9", &["203.0.113.1"], &["192.0.2.9"]), "203.0.113.1");
        assert_eq!(asked("::ffff:192.0.2.9", &["203.0.113.1"], &["192.0.2.9"]), "203.0.113.1");
    }

    #[test]
    fn what_the_client_wrote_before_the_proxies_is_not_believed() {
        let proxies = ["192.0.2.9", "192.0.2.8"];
        let lines = ["127.0.0.1, 203.0.113.1", "192.0.2.8"];
        assert_eq!(asked("192.0.2.9", &lines, &proxies), "203.0.113.1");
        assert_eq!(asked("192.0.2.9", &["203.0.113.1, nonsense"], &proxies), "192.0.2.9");
        assert_eq!(asked("192.0.2.9", &[], &proxies), "192.0.2.9");
    }

    #[tokio::test]
    async fn what_a_client_asks_of_repositories_comes_from_its_share() {
        let trusted: Arc<[IpAddr]> = Arc::from(["192.0.2.9".parse().unwrap()]);
        let router = Router::new()
            .route("/", get(|| async { format!("{:?}", hearth_git::current_holders()) }))
            .layer(middleware::from_fn_with_state(trusted, layer));
        let mut request =
            Request::builder().header("x-forwarded-for", "203.0.113.1").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 9], 4000))));
        let answer = router.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        assert_eq!(&body[..], b"[Address(203.0.113.1)]");
    }
}
