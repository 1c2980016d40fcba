//! The smallest HTTP server that a git client can clone from and push to.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use hearth_git::{Protocol, Push, PushGate, PushId, PushRules, Repository, Service, Verdict};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the rules saw, and the answers they are to give.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) max_bytes: Option<u64>,
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
    /// The title of each pushed branch's newest commit, read before the push was accepted, and how long its history is.
    pub(crate) commits: Arc<Mutex<Vec<(String, u64)>>>,
}

impl PushRules for Rules {
    type Pusher = String;

    async fn check(&self, pusher: &String, push: &Push) -> Verdict {
        let size = push.size_bytes().await.unwrap();
        let updates = push.updates.clone();
        let titles = push.run(move |git| {
            let tips = updates.into_iter().filter(|update| update.name.branch().is_some());
            let tips = tips.filter_map(|update| update.new);
            tips.map(|tip| Ok((git.commit(tip)?.title, git.count_commits(tip)?.value))).collect()
        });
        let titles: hearth_git::Result<Vec<(String, u64)>> = titles.await;
        self.commits.lock().unwrap().extend(titles.unwrap());
        let mut seen = self.seen.lock().unwrap();
        seen.extend(push.updates.iter().map(|update| format!("check {} {:?}", update.name, update.kind())));
        seen.push(format!("by={pusher} options={:?}", push.options));
        if size > self.max_bytes.unwrap_or(u64::MAX) {
            Verdict::Reject(vec![format!("{size} bytes are too many")])
        } else {
            Verdict::Accept(vec!["Checked.".to_owned()])
        }
    }

    async fn recorded(&self, _pusher: &String, push: &Push) -> Vec<String> {
        let names: Vec<_> = push.updates.iter().map(|update| update.name.to_string()).collect();
        self.seen.lock().unwrap().push(format!("recorded {}", names.join(" ")));
        vec![format!("Look at http://example.org/{}", names.join("+"))]
    }
}

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(repository: Repository, folder: &Path, rules: Rules) -> Self {
        let seen = Arc::clone(&rules.seen);
        let gate = Arc::new(PushGate::listen(&folder.join("push.sock"), rules).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/r.git", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            for number in 0_u128.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (repository, gate) = (repository.clone(), Arc::clone(&gate));
                tokio::spawn(async move { answer(stream, &repository, &gate, number.to_be_bytes()).await });
            }
        });
        Self { url, seen, task }
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(stream: TcpStream, repository: &Repository, gate: &PushGate<Rules>, random: [u8; 16]) {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.unwrap();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut version, mut is_chunked, mut is_gzip) = (0, None, false, false);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "git-protocol" => version = Some(value.to_owned()),
            "transfer-encoding" => is_chunked = value == "chunked",
            "content-encoding" => is_gzip = value == "gzip",
            "expect" => stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.unwrap(),
            _ => {}
        }
    }
    assert!(!is_gzip, "this server does not inflate");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    while is_chunked {
        let mut size = String::new();
        stream.read_line(&mut size).await.unwrap();
        let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).unwrap() + 2];
        stream.read_exact(&mut chunk).await.unwrap();
        is_chunked = chunk.len() > 2;
        body.extend_from_slice(&chunk[..chunk.len() - 2]);
    }
    let protocol = Protocol::from_header(version.as_deref());
    let (service, kind) = match target.split_once("?service=") {
        Some((_, service)) => (Service::from_name(service).unwrap(), "advertisement"),
        None => (Service::from_name(target.rsplit('/').next().unwrap()).unwrap(), "result"),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/x-{}-{kind}\r\n\r\n",
        service.name()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    if kind == "advertisement" {
        let mut references = repository.advertise(service, protocol).await.unwrap();
        tokio::io::copy(&mut references, &mut stream).await.unwrap();
    } else {
        let body = std::io::Cursor::new(body);
        let mut output = match service {
            Service::UploadPack => repository.upload_pack(protocol, body).await.unwrap(),
            Service::ReceivePack => {
                let ticket = gate.admit(repository, PushId::from_random(random), "mei".to_owned());
                repository.receive_pack(protocol, body, ticket).await.unwrap()
            }
        };
        // A client that has what it needs may hang up.
        let _ = tokio::io::copy(&mut output, &mut stream).await;
    }
    let _ = stream.shutdown().await;
}

/// Runs the client without holding up the server.
pub(crate) async fn client(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = tokio::process::Command::from(crate::support::client(folder));
    let output = command.args(arguments).env("GIT_TERMINAL_PROMPT", "0").output().await.unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// Runs the client, which must succeed.
pub(crate) async fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let (is_success, text) = client(folder, arguments).await;
    assert!(is_success, "git {arguments:?}: {text}");
    text
}

/// All files in the repository's object folder.
pub(crate) fn object_files(repository: &Repository) -> Vec<String> {
    fn list(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { list(&path, found) } else { found.push(path.display().to_string()) }
        }
    }
    let mut found = Vec::new();
    list(&repository.path().join("objects"), &mut found);
    found
}

/// A connection whose client sends the beginning of a request and then nothing more.
pub(crate) async fn silent_after(
    start: &[u8],
) -> (impl tokio::io::AsyncRead + Send + Unpin + use<>, tokio::io::DuplexStream) {
    let (mut client, server) = tokio::io::duplex(1 << 16);
    client.write_all(start).await.unwrap();
    (server, client)
}
