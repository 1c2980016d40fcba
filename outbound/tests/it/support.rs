use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use hearth_outbound::{Allowed, Outbound, OutboundSettings, Resolver};
use reqwest::Url;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Stands for the public network: the only network that the tests allow.
pub(crate) const OUTSIDE: &str = "127.0.0.2";

/// A resolver with scripted answers per name; the last answer repeats.
#[derive(Clone, Default)]
pub(crate) struct Names(Arc<Mutex<HashMap<String, Vec<Vec<IpAddr>>>>>);

impl Names {
    pub(crate) fn tell(&self, host: &str, answers: &[&[&str]]) {
        let parse = |text: &&str| text.parse().expect("an address");
        let answers = answers.iter().map(|answer| answer.iter().map(parse).collect()).collect();
        self.0.lock().expect("nobody panics").insert(host.to_owned(), answers);
    }
}

impl Resolver for Names {
    fn resolve(&self, host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let mut known = self.0.lock().expect("nobody panics");
        let answer = match known.get_mut(&host) {
            None => Err(io::ErrorKind::NotFound.into()),
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers[0].clone()),
        };
        Box::pin(async { answer })
    }
}

pub(crate) fn outbound(names: &Names) -> Outbound {
    allowing(names, &[OUTSIDE])
}

pub(crate) fn allowing(names: &Names, entries: &[&str]) -> Outbound {
    rustls::crypto::ring::default_provider().install_default().ok();
    let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
    let allowed = Allowed::parse(&entries).expect("good entries");
    let settings = OutboundSettings { allowed, proxy: None };
    Outbound::with(settings, names.clone()).expect("a client")
}

/// A listener that answers every connection alike, and counts them.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Responds with exactly these bytes.
    pub(crate) async fn saying(host: &str, answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::doing(host, move |mut stream| {
            let answer = answer.clone();
            async move {
                stream.write_all(&answer).await.ok();
            }
        })
        .await
    }

    /// Runs a handler for each connection once the request head has arrived.
    pub(crate) async fn doing<Done>(host: &str, answer: impl Fn(TcpStream) -> Done + Send + 'static) -> Self
    where
        Done: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (connections, heads) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counted, noted) = (Arc::clone(&connections), Arc::clone(&heads));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => break,
                    }
                }
                noted.lock().expect("nobody panics").push(String::from_utf8_lossy(&head).to_lowercase());
                tokio::spawn(answer(stream));
            }
        });
        Self { address, connections, heads }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The request heads, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("nobody panics").clone()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

pub(crate) fn good(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

pub(crate) fn redirect(status: u16, target: &str) -> String {
    format!(
        "HTTP/1.1 {status} Elsewhere\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

pub(crate) fn url(text: &str) -> Url {
    text.parse().expect("an address")
}
