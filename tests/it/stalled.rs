//! Clients that stop in the middle, hang up, or hold a connection for nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::time::Duration;

use data_encoding::BASE64;
use hearth_tests::{Git, Person, TestServer, noise, wait_until};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpSocket;

const PATIENCE: Duration = Duration::from_mins(2);
const OID: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// A request of one kind: what it begins with, and the whole of its body where it has one.
struct Kind {
    method: &'static str,
    path: String,
    content_type: &'static str,
    body: Vec<u8>,
}

/// Every kind of body that the server takes, in a repository of the person's.
fn kinds(repository: &str, head: &str) -> Vec<Kind> {
    let kind = |method, path: &str, content_type, body: &[u8]| Kind {
        method,
        path: path.replace("{}", repository),
        content_type,
        body: body.to_vec(),
    };
    let json = "application/json";
    let commands = format!("{} {head} refs/heads/x\0 report-status", "0".repeat(40));
    let mut push = format!("{:04x}{commands}0000", commands.len() + 4).into_bytes();
    push.extend(b"PACK\0\0\0\x02\0\0\0\x05");
    vec![
        kind("POST", "/user/login", "application/x-www-form-urlencoded", b"name=mei&password=secret"),
        kind("POST", "/api/v1/repos/{}/issues", json, b"{\"title\": \"a title\"}"),
        kind("POST", "/api/v1/repos/{}/contents/a.txt", json, b"{\"content\": \"aGVsbG8=\"}"),
        kind("POST", "/{}.git/info/lfs/objects/batch", json, b"{\"operation\": \"upload\", \"objects\": []}"),
        kind("PUT", &format!("/{{}}.git/info/lfs/objects/{OID}"), "application/octet-stream", b"hello"),
        kind("POST", "/{}.git/git-upload-pack", "", format!("0032want {head}\n00000009done\n").as_bytes()),
        kind("POST", "/{}.git/git-upload-pack", "", b"0014command=ls-refs\n0000"),
        kind("POST", "/{}.git/git-receive-pack", "", &push),
    ]
}

impl Kind {
    /// The request as far as these bytes of its body, of which one more is announced than there will be.
    fn beginning(&self, person: &Person, bytes: usize) -> Vec<u8> {
        self.request(person, bytes, self.body.len() + 1)
    }

    fn request(&self, person: &Person, bytes: usize, announced: usize) -> Vec<u8> {
        let secret = BASE64.encode(format!("{}:{}", person.name, person.token).as_bytes());
        let lines = [
            format!("{} {} HTTP/1.1", self.method, self.path),
            "Host: localhost".to_owned(),
            format!("Authorization: Basic {secret}"),
            format!("Content-Type: {}", self.content_type),
            format!("Content-Length: {announced}"),
        ];
        [format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes(), &self.body[..bytes]].concat()
    }
}

fn connect(server: &TestServer) -> TcpStream {
    let url = server.url("");
    let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A server with a repository in which there is something, and its owner.
fn with_code(settings: &[(&str, &str)]) -> (TestServer, Person, Git) {
    let builder =
        settings.iter().fold(TestServer::builder(), |builder, (key, value)| builder.setting(key, value));
    let server = builder.setting("log.level", "info").start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    git.write("noise", noise(5, 6 << 20));
    git.commit("Much");
    git.run(&["push", "--quiet"]);
    (server, mei, git)
}

fn files_of(server: &TestServer) -> usize {
    fs::read_dir(format!("/proc/{}/fd", server.process().id())).unwrap().count()
}

/// Nothing of a transfer is left: no process, no file, no half of an object.
fn is_tidy(server: &TestServer, files: usize) -> bool {
    let incoming = fs::read_dir(server.data().join("blobs/incoming")).map_or(0, Iterator::count);
    let metrics = server.anonymous().get("/metrics").body;
    server.processes("-pack").is_empty()
        && incoming == 0
        && files_of(server) <= files + 8
        && metrics.contains("hearth_transfers_open 0")
}

fn assert_serves(server: &TestServer, mei: &Person, git: &Git, name: &str) {
    assert_eq!(server.anonymous().get("/").status, 200);
    git.write("README.md", format!("# {name}\n"));
    git.commit(name);
    git.run(&["push", "--quiet"]);
    Git::anonymous().run(&["clone", "--quiet", &mei.clone_address("llm"), name]);
}

#[test]
fn a_client_that_stops_in_any_kind_of_body_is_told_and_left() {
    let (server, mei, git) = with_code(&[("server.stall_seconds", "2")]);
    let files = files_of(&server);
    let mut stopped = Vec::new();
    for kind in kinds("mei/llm", &git.head()) {
        for bytes in [1, kind.body.len()] {
            let mut client = connect(&server);
            client.write_all(&kind.beginning(&mei, bytes)).unwrap();
            stopped.push((format!("{} {} after {bytes} bytes", kind.method, kind.path), client));
        }
    }
    for (what, mut client) in stopped {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{what}: {answer}");
    }
    wait_until("nothing is left of them", PATIENCE, || is_tidy(&server, files));
    assert!(!server.log().contains("ERROR"), "it is no fault of the server's");
    assert_serves(&server, &mei, &git, "after");
}

#[test]
fn readers_of_a_pack_that_stop_give_their_places_back() {
    let (server, mei, git) = with_code(&[
        ("server.stall_seconds", "2"),
        ("server.transfers", "3"),
        ("server.transfers_per_client", "3"),
    ]);
    let files = files_of(&server);
    let kind = pack_request(&git);
    let request = kind.request(&mei, kind.body.len(), kind.body.len());
    let stopped: Vec<_> = (0..9)
        .map(|_| {
            let mut client = connect(&server);
            client.write_all(&request).unwrap();
            client
        })
        .collect();
    assert_serves(&server, &mei, &git, "meanwhile");
    wait_until("nothing is left of them", PATIENCE, || is_tidy(&server, files + stopped.len()));
    drop(stopped);
    assert!(!server.log().contains("ERROR"), "it is no fault of the server's");
}

#[test]
fn clients_that_hang_up_anywhere_leave_nothing() {
    let (server, mei, git) = with_code(&[]);
    let files = files_of(&server);
    let places = noise(17, 4 * 96);
    let kinds = kinds("mei/llm", &git.head());
    for (round, place) in places.chunks_exact(4).enumerate() {
        let kind = &kinds[round % kinds.len()];
        let bytes = usize::from(place[0]) % (kind.body.len() + 1);
        let mut client = connect(&server);
        client.write_all(&kind.beginning(&mei, bytes)).unwrap();
        std::thread::sleep(Duration::from_millis(u64::from(place[1] % 20)));
        // Some close in order, some take the connection away at once.
        if place[2].is_multiple_of(2) {
            client.shutdown(Shutdown::Write).unwrap_or_default();
            client.read(&mut [0; 64]).unwrap_or_default();
        }
    }
    wait_until("nothing is left of them", PATIENCE, || is_tidy(&server, files));
    let log = server.log();
    assert!(!log.contains("ERROR") && !log.contains("status=500"), "it is no fault of the server's");
    assert_serves(&server, &mei, &git, "after");
}

#[test]
fn two_hundred_stalled_clients_and_two_thousand_idle_ones_keep_nobody_waiting() {
    allow_many_files();
    let (server, mei, git) = with_code(&[("server.header_seconds", "600"), ("server.stall_seconds", "600")]);
    let lin = server.person("lin");
    lin.create_repository("own");
    let mut own = Git::of(&lin);
    own.begin("own", &lin.clone_address("own"), &[("README.md", "# Own\n")]);
    let files = files_of(&server);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let url = server.url("");
    let address = url.trim_start_matches("http://").parse().unwrap();
    let connect_from = |last: usize| {
        runtime.block_on(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((Ipv4Addr::new(127, 0, 2, u8::try_from(last).unwrap()), 0).into()).unwrap();
            socket.connect(address).await.unwrap()
        })
    };
    let mut held: Vec<_> = (0..2000).map(|number| connect_from(number % 8 + 1)).collect();
    let kinds = kinds("lin/own", &own.head());
    let of_a_pack = pack_request(&git);
    for number in 0..200 {
        let client = connect_from(number % 4 + 10);
        // One in nine asks in full for a pack, and does not read it.
        let request = match kinds.get(number % (kinds.len() + 1)) {
            Some(kind) => kind.beginning(&lin, kind.body.len()),
            None => of_a_pack.request(&lin, of_a_pack.body.len(), of_a_pack.body.len()),
        };
        runtime.block_on(async { client.writable().await }).unwrap();
        assert_eq!(client.try_write(&request).unwrap(), request.len());
        held.push(client);
    }
    assert_serves(&server, &mei, &git, "meanwhile");
    let memory = server.process().memory("VmHWM");
    assert!(memory < 400 << 20, "{memory} bytes");
    drop(held);
    wait_until("nothing is left of them", PATIENCE, || is_tidy(&server, files));
    assert_serves(&server, &mei, &git, "after");
}

/// What a new clone asks for.
fn pack_request(git: &Git) -> Kind {
    let body = format!("0032want {}\n00000009done\n", git.head()).into_bytes();
    Kind { method: "POST", path: "/mei/llm.git/git-upload-pack".to_owned(), content_type: "", body }
}

/// As many as the system lets this user have.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}
