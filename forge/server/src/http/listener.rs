//! Accepts connections, with limits against slow or too many clients, and shuts them down gracefully.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    response::{IntoResponse as _, Response},
};
use hearth_core::BrokenRequest;
use hearth_git::Holder;
use hearth_http::patience::Pace;
use http::{HeaderValue, Request, StatusCode, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use prometheus_client::metrics::gauge::Gauge;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time,
};
use tower::ServiceExt as _;

use super::{
    activity::Activity,
    body::{RequestBody, ResponseBody},
    operation::{self, Held},
    places::Places,
    stream::{self, ClientStream},
};
use crate::config::ServerConfig;

/// The size limit of a request's head, including the address.
const MOST_HEAD_BYTES: usize = 32 << 10;
/// The size of a connection's read and write buffers.
const MOST_BUFFER_BYTES: usize = 64 << 10;
const MOST_HEADERS: usize = 128;
/// A pause after the system refused a connection, e.g. for lack of file descriptors.
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// Serves until `stop` becomes true, then waits for running requests as long as configured. `connections` is
/// kept at the number of open connections.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    config: &ServerConfig,
    connections: Gauge,
    mut stop: watch::Receiver<bool>,
) {
    allow_many_files();
    let places = Places::new(config.connections, config.connections_per_address, connections);
    let proxies: Vec<IpAddr> = config.trusted_proxies.iter().map(IpAddr::to_canonical).collect();
    let pace = config.pace();
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(config.header_seconds))
        .max_header_size(MOST_HEAD_BYTES)
        .max_buf_size(MOST_BUFFER_BYTES)
        .max_headers(MOST_HEADERS);
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => break,
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, peer)) = accepted else { continue };
        let address = peer.ip().to_canonical();
        let holder = (!proxies.contains(&address)).then(|| Holder::address(address));
        let Some(mut place) = places.enter(holder) else {
            tracing::debug!(client.address = %address, "a connection was refused: too many are open");
            continue;
        };
        let (held, released) = operation::hold();
        let client =
            Client { router: router.clone(), peer, pace, activity: Arc::clone(&place.activity), held };
        let stream = ClientStream::new(stream, pace, Arc::clone(&place.activity));
        let service = service_fn(move |request| {
            let client = client.clone();
            async move { Ok::<_, Infallible>(client.answer(request).await) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => {
                    if let Err(error) = ended {
                        tracing::debug!(error = &error as &dyn std::error::Error, "a connection ended early");
                    }
                    // A client that hangs up keeps its place while an operation it started goes on.
                    released.wait().await;
                },
                () = place.lost() => tracing::debug!(client.address = %address, "a connection made room for another"),
            }
        });
    }
    drop(listener);
    let grace = Duration::from_secs(config.shutdown_seconds);
    if time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            grace_s = grace.as_secs(),
            "requests were still running at the end of the grace period"
        );
    }
}

/// Every connection is an open file, and many systems limit a program to a thousand unless it asks for more.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    // If the limit cannot be raised, it was set on purpose.
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).ok();
}

/// The next connection. `None` if it could not be accepted.
pub(crate) async fn accept(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            stream::prepare(&stream);
            Some((stream, peer))
        }
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a connection cannot be accepted");
            time::sleep(AFTER_REFUSAL).await;
            None
        }
    }
}

/// State shared by the requests of one connection.
#[derive(Clone)]
struct Client {
    router: Router,
    peer: SocketAddr,
    pace: Pace,
    activity: Arc<Activity>,
    held: Held,
}

impl Client {
    async fn answer(self, request: Request<Incoming>) -> http::Response<ResponseBody> {
        let working = self.activity.work();
        let has_stalled = Arc::new(AtomicBool::new(false));
        let mut request = request.map(|body| {
            let activity = Arc::clone(&self.activity);
            Body::new(RequestBody::new(body, self.pace, activity, Arc::clone(&has_stalled)))
        });
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.held);
        let Ok(mut response) = self.router.oneshot(request).await;
        if has_stalled.load(Ordering::Relaxed) {
            response = given_up(response);
        }
        response.map(|inner| ResponseBody { inner, _working: working })
    }
}

/// The response to an incomplete request, whatever its handler returned. It is the connection's last: where
/// the next request would begin is unknown.
fn given_up(response: Response) -> Response {
    let mut response = if response.status() == StatusCode::REQUEST_TIMEOUT {
        response
    } else {
        (StatusCode::REQUEST_TIMEOUT, format!("{}\n", BrokenRequest::Stalled)).into_response()
    };
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
