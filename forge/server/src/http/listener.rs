//! Accepts connections with bounds that slow or many clients meet, and ends them politely.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time,
};
use tower::ServiceExt as _;

use crate::config::ServerConfig;

/// Bytes of a request's head, the address included.
const MOST_HEAD_BYTES: usize = 64 << 10;
const MOST_HEADERS: usize = 128;
/// A pause after the system refused a connection, e.g. for want of file descriptors.
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// Serves until `stop` becomes true, then waits for running requests as long as the configuration allows.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    config: &ServerConfig,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(config.connections as usize));
    let addresses = Addresses::new(config.connections_per_address);
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(config.header_seconds))
        .max_buf_size(MOST_HEAD_BYTES)
        .max_headers(MOST_HEADERS);
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let Some(address) = addresses.enter(peer.ip()) else { continue };
        let service = router.clone().map_request(move |mut request: http::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(axum::body::Body::new)
        });
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = &error as &dyn std::error::Error, "a connection ended early");
            }
            drop((place, address));
        });
    }
    drop(listener);
    let grace = Duration::from_secs(config.shutdown_seconds);
    if time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(grace_s = grace.as_secs(), "requests were still running at the end of the grace");
    }
}

type Place = tokio::sync::OwnedSemaphorePermit;

/// The next connection, once there is a place for it. `None`: it could not be accepted.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, Place)> {
    let place = Arc::clone(places).acquire_owned().await.expect("the places are never closed");
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Small answers are sent at once; a stream that refuses the option works all the same.
            stream.set_nodelay(true).ok();
            Some((stream, peer, place))
        }
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a connection cannot be accepted");
            time::sleep(AFTER_REFUSAL).await;
            None
        }
    }
}

/// Counts open connections by address.
#[derive(Clone, Debug)]
struct Addresses {
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
    most: u32,
}

/// One connection of an address; it counts until dropped.
#[derive(Debug)]
struct Entered {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    fn new(most: u32) -> Self {
        Self { open: Arc::default(), most }
    }

    fn enter(&self, address: IpAddr) -> Option<Entered> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Entered { addresses: self.clone(), address })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut open = self.addresses.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_no_more() {
        let addresses = Addresses::new(2);
        let here = IpAddr::from([127, 0, 0, 1]);
        let first = addresses.enter(here).expect("room");
        let _second = addresses.enter(here).expect("room");
        assert!(addresses.enter(here).is_none());
        assert!(addresses.enter(IpAddr::from([127, 0, 0, 2])).is_some());
        drop(first);
        assert!(addresses.enter(here).is_some());
    }
}
