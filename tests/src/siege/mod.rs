//! Clients that break no rule and still do harm: they stall, hold connections, and request decompression
//! bombs.

mod scene;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest, Ready};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};

pub use scene::{IDLE, Scene};

/// How often one client reconnects after the server has closed its connection: a siege is bounded even if
/// nobody ends it.
const MOST_RETURNS: usize = 2_000;
/// The delay before a refused client reconnects.
const PAUSE: Duration = Duration::from_millis(200);
/// The receive buffer of a stalled reader: small, so that the server has to wait.
const SMALL_BUFFER_BYTES: u32 = 4096;

/// Many clients of one server, each with an address of its own group on loopback. Dropping it closes all
/// connections.
pub struct Siege {
    runtime: Runtime,
    server: SocketAddr,
    held: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Siege {
    /// A siege of the server at `root`, as in `http://127.0.0.1:3000`, without any clients yet.
    ///
    /// # Panics
    ///
    /// When `root` is no address of that kind.
    pub fn of(root: &str) -> Self {
        let server = root.trim_start_matches("http://").parse().expect("an address and a port");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads can be started");
        Self { runtime, server, held: Arc::default(), asked: Arc::default() }
    }

    /// Adds `count` clients that send the beginning of a request, each the next of `beginnings`, and then
    /// nothing.
    pub fn stall(&self, group: u8, count: u16, beginnings: &[String]) {
        for (number, beginning) in (0..count).zip(beginnings.iter().cycle()) {
            let client = self.client(group, number);
            let beginning = beginning.clone();
            self.runtime.spawn(async move {
                for _ in 0..MOST_RETURNS {
                    client.hold(beginning.as_bytes()).await;
                    sleep(PAUSE).await;
                }
            });
        }
    }

    /// Adds `count` clients that got one response and keep their connection.
    pub fn idle(&self, group: u8, count: u16) {
        let request = self.get("/healthz", "keep-alive");
        self.stall(group, count, &[request]);
    }

    /// Adds `count` clients that request the next of `paths` again and again, and hang up after `patience`.
    pub fn ask(&self, group: u8, count: u16, paths: &[String], patience: Duration) {
        for number in 0..count {
            let client = self.client(group, number);
            let requests: Vec<_> = paths.iter().map(|path| self.get(path, "close")).collect();
            let asked = Arc::clone(&self.asked);
            self.runtime.spawn(async move {
                for request in requests.iter().cycle().skip(usize::from(number)).take(MOST_RETURNS) {
                    // Hanging up is the point: anything that did not arrive in time is ignored.
                    timeout(patience, client.ask(request.as_bytes())).await.unwrap_or_default();
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    }

    /// The number of idle connections that the server keeps open.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// The number of requests sent, answered or not.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn get(&self, path: &str, connection: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: {connection}\r\n\r\n", self.server)
    }

    /// Sixteen clients share an address: `127.0.{group}.{1 + number / 16}`.
    fn client(&self, group: u8, number: u16) -> Besieger {
        let last = u8::try_from(1 + number / 16).unwrap_or(u8::MAX);
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, group, last));
        Besieger { address, server: self.server, held: Arc::clone(&self.held) }
    }
}

struct Besieger {
    address: IpAddr,
    server: SocketAddr,
    held: Arc<AtomicUsize>,
}

impl Besieger {
    async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(SMALL_BUFFER_BYTES)?;
        socket.bind(SocketAddr::new(self.address, 0))?;
        socket.connect(self.server).await
    }

    /// Sends `beginning` and holds the connection, without reading, until the server closes it.
    async fn hold(&self, beginning: &[u8]) {
        let Ok(mut stream) = self.connect().await else { return };
        if stream.write_all(beginning).await.is_err() {
            return;
        }
        self.held.fetch_add(1, Ordering::Relaxed);
        while !is_ended(&stream).await {
            sleep(PAUSE).await;
        }
        self.held.fetch_sub(1, Ordering::Relaxed);
    }

    /// Sends a request and reads the whole response.
    async fn ask(&self, request: &[u8]) {
        let Ok(mut stream) = self.connect().await else { return sleep(PAUSE).await };
        if stream.write_all(request).await.is_err() {
            return;
        }
        let mut bytes = vec![0; 64 << 10];
        while let Ok(1..) = stream.read(&mut bytes).await {}
    }
}

/// Whether the server has closed its end, even with unread bytes before that.
async fn is_ended(stream: &TcpStream) -> bool {
    let ready = timeout(PAUSE, stream.ready(Interest::READABLE)).await;
    ready.is_ok_and(|ready| ready.map_or(true, Ready::is_read_closed))
}
