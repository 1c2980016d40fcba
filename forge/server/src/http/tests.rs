//! The listener on a real socket, with misbehaving clients.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    routing::{get, post},
};
use futures_util::{StreamExt as _, stream};
use prometheus_client::metrics::gauge::Gauge;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::listener;
use crate::config::ServerConfig;

/// Longer than any wait that a test provokes.
const LONG: Duration = Duration::from_secs(30);

/// A listener with handlers of every kind, and a count of its open streams.
struct Server {
    address: SocketAddr,
    streams: Arc<AtomicUsize>,
    connections: Gauge,
    _stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn quick() -> ServerConfig {
    ServerConfig { stall_seconds: 1, header_seconds: 1, ..ServerConfig::default() }
}

async fn start(config: ServerConfig) -> Server {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let streams = Arc::new(AtomicUsize::new(0));
    let router = Router::new()
        .route("/", get(|| async { "home" }))
        .route("/count", post(|body: Bytes| async move { body.len().to_string() }))
        // A handler that ignores how its body ended.
        .route(
            "/deaf",
            post(|body: Body| async {
                axum::body::to_bytes(body, 100).await.map_or(0, |b| b.len()).to_string()
            }),
        )
        .route("/endless", get(endless))
        .route("/quiet", get(quiet))
        .with_state(Arc::clone(&streams));
    let (stop, stopping) = watch::channel(false);
    let connections = Gauge::default();
    let gauge = connections.clone();
    let task = tokio::spawn(async move { listener::serve(listener, router, &config, gauge, stopping).await });
    Server { address, streams, connections, _stop: stop, task }
}

async fn endless(State(open): State<Arc<AtomicUsize>>) -> Body {
    open.fetch_add(1, Ordering::SeqCst);
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    Body::from_stream(stream::unfold(Counted(open), move |open| {
        let piece = piece.clone();
        async move { Some((Ok::<_, Infallible>(piece), open)) }
    }))
}

/// Sends something, nothing for three times as long as a client may stall, and something again.
async fn quiet() -> Body {
    let first = stream::iter([Ok::<_, Infallible>("first")]);
    let second = stream::once(async {
        sleep(Duration::from_secs(3)).await;
        Ok("second")
    });
    Body::from_stream(first.chain(second))
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A client on this machine with its own address.
    async fn connect_from(&self, last: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 1, last), 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    async fn ask(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.write_all(request.as_bytes()).await.unwrap();
        rest(&mut client).await
    }
}

/// Everything until the server closes the connection.
async fn rest(client: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A reset is an end as well.
    timeout(LONG, client.read_to_end(&mut said)).await.expect("the server ends the connection").ok();
    String::from_utf8_lossy(&said).into_owned()
}

async fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("not within 30 s: {what}");
}

fn head(path: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n")
}

#[tokio::test]
async fn a_body_that_stops_is_answered_and_its_connection_closed() {
    let server = start(quick()).await;
    for path in ["/count", "/deaf"] {
        let said = server.ask(&format!("{}x", head(path, 10))).await;
        assert!(said.starts_with("HTTP/1.1 408 "), "{path}: {said}");
        assert!(said.contains("connection: close"), "{path}: {said}");
        assert!(said.contains("server.stall_seconds"), "{path}: {said}");
    }
}

#[tokio::test]
async fn a_body_that_trickles_ends_as_one_that_stops() {
    let server = start(quick()).await;
    let (mut from, mut to) = server.connect().await.into_split();
    to.write_all(head("/count", 1000).as_bytes()).await.unwrap();
    let trickle = tokio::spawn(async move {
        while to.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    });
    let mut said = String::new();
    timeout(LONG, from.read_to_string(&mut said)).await.expect("an answer").ok();
    trickle.abort();
    assert!(said.starts_with("HTTP/1.1 408 "), "{said}");
}

#[tokio::test]
async fn a_slow_upload_goes_on_as_long_as_bytes_flow() {
    let server = start(quick()).await;
    let mut client = server.connect().await;
    client.write_all(head("/count", 30 * 512).as_bytes()).await.unwrap();
    for _ in 0..30 {
        sleep(Duration::from_millis(100)).await;
        client.write_all(&[b'x'; 512]).await.unwrap();
    }
    let said = rest(&mut client).await;
    assert!(said.starts_with("HTTP/1.1 200 ") && said.ends_with("15360"), "{said}");
}

#[tokio::test]
async fn a_reader_that_stops_is_left() {
    let server = start(quick()).await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        let mut client = server.connect().await;
        client.write_all(b"GET /endless HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
        clients.push(client);
    }
    wait_until("the streams begin", || server.streams.load(Ordering::SeqCst) == 8).await;
    assert_eq!(server.connections.get(), 8);
    wait_until("the streams end", || server.streams.load(Ordering::SeqCst) == 0).await;
    wait_until("the connections end", || server.connections.get() == 0).await;
}

#[tokio::test]
async fn a_stream_that_has_nothing_to_say_is_left_alone() {
    let server = start(quick()).await;
    let said = server.ask("GET /quiet HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    assert!(said.contains("first") && said.contains("second"), "{said}");
}

#[tokio::test]
async fn connections_without_a_request_are_closed() {
    let server = start(quick()).await;
    assert_eq!(server.ask("").await, "");
    assert_eq!(server.ask("GET / HTTP/1.1\r\nHos").await, "");
    let said = server.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert!(said.ends_with("home"), "{said}");
}

#[tokio::test]
async fn a_new_address_is_answered_while_others_hold_every_place() {
    let config = ServerConfig { connections: 40, connections_per_address: 20, ..ServerConfig::default() };
    let server = start(config).await;
    let mut held = Vec::new();
    for n in 0..60 {
        let mut client = server.connect_from(n % 2).await;
        let request = if n < 30 { head("/count", 10) } else { String::new() };
        client.write_all(request.as_bytes()).await.ok();
        held.push(client);
    }
    for n in 2..12 {
        let mut client = server.connect_from(n).await;
        client.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
        let said = rest(&mut client).await;
        assert!(said.ends_with("home"), "{n}: {said}");
    }
    // The address with the most is served too, at the cost of an idle connection of its own.
    let mut client = server.connect_from(0).await;
    client.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut client).await.ends_with("home"));
}

#[tokio::test]
async fn heads_have_bounds() {
    let server = start(quick()).await;
    let many = "X-Y: 1\r\n".repeat(200);
    let said = server.ask(&format!("GET / HTTP/1.1\r\nHost: h\r\n{many}\r\n")).await;
    assert!(said.starts_with("HTTP/1.1 431 "), "{said}");
    let long = "x".repeat(100 << 10);
    let said = server.ask(&format!("GET / HTTP/1.1\r\nHost: h\r\nX: {long}\r\n\r\n")).await;
    assert!(said.starts_with("HTTP/1.1 431 ") || said.is_empty(), "{said}");
    for lengths in
        ["Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: x\r\n"]
    {
        let said = server.ask(&format!("POST /count HTTP/1.1\r\nHost: h\r\n{lengths}\r\nx")).await;
        assert!(said.starts_with("HTTP/1.1 400 "), "{lengths}: {said}");
    }
}

#[tokio::test]
async fn of_two_lengths_the_chunks_count_and_nothing_is_taken_for_a_request() {
    let server = start(quick()).await;
    for order in [
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ] {
        let body = "2\r\nab\r\n0\r\n\r\n";
        let said = server.ask(&format!("POST /count HTTP/1.1\r\nHost: h\r\n{order}\r\n{body}")).await;
        assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "{said}");
        assert!(said.ends_with('2'), "{said}");
    }
}
