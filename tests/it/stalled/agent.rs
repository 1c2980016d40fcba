//! Agents that stall midway: the holder of a task's token is a client like any other.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use hearth_tests::{Person, RawRequest, TestServer, connect, wait_until};
use ring::digest;
use serde_json::json;

use super::{OID, PATIENCE, assert_serves, assert_told_and_left, is_tidy, with_code};

const TOKEN: &str = "the token of an agent that the test plays";

/// Launches a task and takes the place of its agent, whose own token is refused from then on.
fn take_over_an_agent(server: &TestServer, mei: &Person) -> String {
    let asked = json!({ "boot_file": "sleep.py" });
    let made = mei.api.post(&mei.repository_api("llm", "/tasks"), &asked).expect(201).json();
    let id = made["id"].to_string();
    wait_until("the task to run", PATIENCE, || {
        mei.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()["state"] == "RUNNING"
    });
    let hash = HEXLOWER.encode(digest::digest(&digest::SHA256, TOKEN.as_bytes()).as_ref());
    server.ask_database(&format!("UPDATE attempts SET token_hash = '{hash}' WHERE task_id = {id}"));
    id
}

fn call(method: &str, path: &str) -> RawRequest {
    RawRequest::new(method, &format!("/api/agent/v1/{path}"))
        .header("Authorization", &format!("Bearer {TOKEN}"))
}

#[test]
fn an_agent_that_stops_in_the_middle_is_told_and_left() {
    let (server, mei, git) = with_code(&[("server.stall_seconds", "2")]);
    let id = take_over_an_agent(&server, &mei);
    let log_length = mei.api.get(&format!("/api/v1/tasks/{id}/log?offset=0")).expect(200).body.len();
    let files = server.open_files();
    let bytes = "application/octet-stream";
    let kinds = [
        call("POST", "heartbeat").json(&json!({ "phase": "running", "resources": null })),
        call("POST", "events").json(&json!({ "first": 0, "events": [] })),
        call("POST", &format!("log?offset={log_length}")).body(bytes, "a line\n"),
        call("POST", "metrics?offset=0").body(bytes, "{\"step\": 1}\n"),
        call("POST", "resources").json(&json!([])),
        call("PUT", &format!("outputs?path=a.bin&size=6&sha256={OID}&offset=0")).body(bytes, "hello"),
        call("POST", "finish").json(&json!({ "outputs": [] })),
    ];
    assert_told_and_left(&server, &kinds);
    wait_until("nothing is left of them", PATIENCE, || is_tidy(&server, files));
    let log = mei.api.get(&format!("/api/v1/tasks/{id}/log?offset=0")).expect(200);
    assert_eq!(log.body.len(), log_length, "half a piece is no piece");
    let task = mei.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json();
    assert!(matches!(task["state"].as_str(), Some("RUNNING" | "UNKNOWN")), "{task}");
    assert!(!server.log().contains("ERROR"), "it is no fault of the server's");
    assert_serves(&server, &mei, &git, "after");
}

#[test]
fn an_agent_that_does_not_read_its_code_is_left() {
    let (server, mei, git) = with_code(&[("server.stall_seconds", "2")]);
    take_over_an_agent(&server, &mei);
    let whole = {
        let mut reader = connect(&server.url(""));
        reader.write_all(&call("GET", "code.tar").header("Connection", "close").whole()).unwrap();
        let mut answer = Vec::new();
        reader.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer[..200]));
        answer.len()
    };
    assert!(whole > 6 << 20, "{whole} bytes");
    let files = server.open_files();
    let mut stopped: Vec<_> = (0..4)
        .map(|_| {
            let mut client = connect(&server.url(""));
            client.write_all(&call("GET", "code.tar").whole()).unwrap();
            client.read_exact(&mut [0; 4096]).unwrap();
            client
        })
        .collect();
    let begun = Instant::now();
    assert_serves(&server, &mei, &git, "meanwhile");
    wait_until("their connections to be closed", Duration::from_secs(60), || {
        server.open_files() <= files + 1
    });
    assert!(begun.elapsed() > Duration::from_secs(1), "they had some time");
    for client in &mut stopped {
        let mut rest = Vec::new();
        // Data in transit may arrive; the connection may also be reset.
        client.read_to_end(&mut rest).unwrap_or_default();
        assert!(rest.len() + 4096 < whole, "it was not left");
    }
    assert!(!server.log().contains("ERROR"), "it is no fault of the server's");
}
