//! Accepts SSH connections, with the limits that hold for HTTP, and ends them in order.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hearth_app::ClientAddress;
use hearth_git::Holder;
use hearth_http::patience::Pace;
use hearth_ssh::SshServer;
use prometheus_client::metrics::gauge::Gauge;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time};

use crate::{
    config::SshConfig,
    http::{
        activity::{Activity, Working},
        listener::accept,
        places::Places,
        stream::ClientStream,
    },
};

/// How the listener treats its clients.
pub(crate) struct Bounds {
    pub(crate) places: Places,
    pub(crate) pace: Pace,
    /// How long running transfers may go on when the server stops.
    pub(crate) grace: Duration,
}

impl Bounds {
    /// `connections` is kept at the number of open connections.
    pub(crate) fn new(config: &SshConfig, pace: Pace, grace: Duration, connections: Gauge) -> Self {
        let places = Places::new(config.connections, config.connections_per_address, connections);
        Self { places, pace, grace }
    }
}

/// Serves until `stop` becomes true, then waits for running transfers.
pub(crate) async fn serve(
    listener: TcpListener,
    server: SshServer,
    bounds: Bounds,
    mut stop: watch::Receiver<bool>,
) {
    let stopping = stop.clone();
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => break,
            accepted = accept(&listener) => accepted,
        };
        while open.try_join_next().is_some() {}
        let Some((stream, peer)) = accepted else { continue };
        let address = peer.ip().to_canonical();
        let Some(mut place) = bounds.places.enter(Some(Holder::address(address))) else {
            tracing::debug!(client.address = %address, "an SSH connection was refused: too many are open");
            continue;
        };
        let stream = ClientStream::new(stream, bounds.pace, Arc::clone(&place.activity));
        let busy = Busy { activity: Arc::clone(&place.activity), working: Mutex::default() };
        let (server, stopping) = (server.clone(), stopping.clone());
        open.spawn(async move {
            let client = ClientAddress::new(address);
            tokio::select! {
                () = server.serve(stream, client, stopping, move |is_busy| busy.set(is_busy)) => {}
                () = place.lost() => tracing::debug!(client.address = %address, "an SSH connection made room for another"),
            }
        });
    }
    drop(listener);
    let ended = async { while open.join_next().await.is_some() {} };
    if time::timeout(bounds.grace, ended).await.is_err() {
        tracing::warn!(
            grace_s = bounds.grace.as_secs(),
            "SSH transfers were still running at the end of the grace period"
        );
    }
}

/// Marks a connection as working, so that it does not make room for another.
struct Busy {
    activity: Arc<Activity>,
    working: Mutex<Option<Working>>,
}

impl Busy {
    fn set(&self, is_busy: bool) {
        let working = is_busy.then(|| self.activity.work());
        *self.working.lock().unwrap_or_else(PoisonError::into_inner) = working;
    }
}
