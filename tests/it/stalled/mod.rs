//! Clients that stall midway, hang up, or hold idle connections.

mod agent;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown};
use std::time::Duration;

use hearth_tests::{Git, Person, RawRequest, TestServer, connect, noise, wait_until};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpSocket;

const PATIENCE: Duration = Duration::from_mins(2);
/// The program of a task whose agent is played by the test.
const SLEEP: &str = "import time\ntime.sleep(900)\n";
const OID: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// Every kind of request body that the server accepts, for a repository of the user.
fn kinds(person: &Person, repository: &str, head: &str) -> Vec<RawRequest> {
    let kind = |method, path: &str, content_type, body: &[u8]| {
        RawRequest::new(method, &path.replace("{}", repository)).by(person).body(content_type, body)
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

/// Sends part of each request, up to one byte of its body or all but its last byte, and then nothing: the
/// server reports it and closes the connection.
fn assert_told_and_left(server: &TestServer, kinds: &[RawRequest]) {
    let mut stopped = Vec::new();
    for kind in kinds {
        for bytes in [1, kind.body_length()] {
            let mut client = connect(&server.url(""));
            client.write_all(&kind.beginning(bytes)).unwrap();
            stopped.push((format!("{} after {bytes} bytes", kind.line()), client));
        }
    }
    for (what, mut client) in stopped {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{what}: {answer}");
    }
}

/// A server with a non-empty repository, and its owner.
fn with_code(settings: &[(&str, &str)]) -> (TestServer, Person, Git) {
    let builder =
        settings.iter().fold(TestServer::builder(), |builder, (key, value)| builder.setting(key, value));
    let server = builder.setting("log.level", "info").start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n"), ("sleep.py", SLEEP)]);
    git.write("noise", noise(5, 6 << 20));
    git.commit("Much");
    git.run(&["push", "--quiet"]);
    (server, mei, git)
}

/// Nothing of a transfer is left: no process, no file, no partial object.
fn is_tidy(server: &TestServer, files: usize) -> bool {
    let incoming = fs::read_dir(server.data().join("blobs/incoming")).map_or(0, Iterator::count);
    let metrics = server.anonymous().get("/metrics").body;
    server.processes("-pack").is_empty()
        && incoming == 0
        && server.open_files() <= files + 8
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
    let files = server.open_files();
    assert_told_and_left(&server, &kinds(&mei, "mei/llm", &git.head()));
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
    let files = server.open_files();
    let request = pack_request(&git).whole();
    let stopped: Vec<_> = (0..9)
        .map(|_| {
            let mut client = connect(&server.url(""));
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
    let files = server.open_files();
    let places = noise(17, 4 * 96);
    let kinds = kinds(&mei, "mei/llm", &git.head());
    for (round, place) in places.chunks_exact(4).enumerate() {
        let kind = &kinds[round % kinds.len()];
        let bytes = usize::from(place[0]) % (kind.body_length() + 1);
        let mut client = connect(&server.url(""));
        client.write_all(&kind.beginning(bytes)).unwrap();
        std::thread::sleep(Duration::from_millis(u64::from(place[1] % 20)));
        // Some close properly, others reset the connection.
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
    let files = server.open_files();
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
    let kinds = kinds(&lin, "lin/own", &own.head());
    let of_a_pack = pack_request(&git);
    for number in 0..200 {
        let client = connect_from(number % 4 + 10);
        // One in nine requests a pack completely, and does not read it.
        let request = match kinds.get(number % (kinds.len() + 1)) {
            Some(kind) => kind.beginning(kind.body_length()),
            None => of_a_pack.whole(),
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

/// The request a fresh clone sends.
fn pack_request(git: &Git) -> RawRequest {
    let body = format!("0032want {}\n00000009done\n", git.head());
    RawRequest::new("POST", "/mei/llm.git/git-upload-pack").body("", body)
}

/// Raises the limit of open files as far as the system allows.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}
