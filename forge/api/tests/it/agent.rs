//! What the holder of an agent's token may send, and what is refused.

use axum::{
    body::Body,
    http::{Method, Request},
};
use data_encoding::HEXLOWER;
use hearth_app::{
    blobs::Promise,
    compute,
    testing::{Choices, FakeEngine, TestHearth},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Answer, Client};

/// A running task of mei's, their client, and the agent.
struct World {
    hearth: TestHearth,
    mei: Client,
    agent: Client,
    task: String,
}

impl World {
    async fn new() -> Self {
        let (engine, engines) = FakeEngine::with_cpus(1).share();
        let hearth = TestHearth::with(Choices { engines, ..Choices::default() }).await;
        hearth.repository("mei/digits").await;
        compute::prepare(&hearth.app, vec![]).await.expect("a start");
        let mei = Client::with_token(&hearth, "mei", "all").await;
        let body = r#"{"content": "cHJpbnQoMSkK", "message": "code"}"#;
        mei.call(Method::POST, "/api/v1/repos/mei/digits/contents/train.py", body).await.expect(201);
        let launched =
            mei.call(Method::POST, "/api/v1/repos/mei/digits/tasks", r#"{"boot_file": "train.py"}"#);
        let task = launched.await.expect(201).json()["id"].to_string();
        compute::run_pass(&hearth.app).await.expect("a pass");
        let token = engine.launched(&format!("hearth-{task}-1")).token.expose().to_owned();
        let agent = Client::anonymous(&hearth.app).authorized(&format!("Bearer {token}"));
        Self { hearth, mei, agent, task }
    }

    async fn say(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(format!("/api/agent/v1/{path}"));
        self.agent.call_with(request, body.into()).await
    }

    async fn finish(&self, outputs: Value) -> Answer {
        let end = json!({
            "outcome": { "state": "SUCCEEDED", "reason": "run.finished" },
            "exit_code": 0,
            "signal": null,
            "started_at": null,
            "finished_at": "2026-11-29T00:00:00Z",
            "usage": {
                "wall_seconds": 1.0, "cpu_seconds": 1.0, "peak_memory_bytes": 1, "accelerator_seconds": 0.0,
            },
            "command": ["python3", "train.py"],
            "working_directory": "/code",
            "system": "Linux",
            "environment_lock": "",
            "sandbox": null,
            "outputs": outputs,
            "log_bytes": 0,
            "metrics_bytes": 0,
            "events": 0,
        });
        self.say(Method::POST, "finish", end.to_string()).await
    }

    /// Nothing was stored, and the task continues.
    async fn assert_nothing_is_stored(&self, what: &str) {
        let task = self.mei.get(&format!("/api/v1/tasks/{}", self.task)).await.expect(200).json();
        assert!(matches!(task["state"].as_str(), Some("CREATING" | "RUNNING")), "{what}: {task}");
        let outputs = self.mei.get(&format!("/api/v1/tasks/{}/outputs", self.task)).await.expect(200).json();
        assert_eq!(outputs, json!([]), "{what}");
        let folder = self.hearth.app.tasks_directory().join(format!("{}/1", self.task));
        for place in ["outputs", ".parts", ".taken"] {
            let there = std::fs::read_dir(folder.join(place)).map_or(0, Iterator::count);
            assert_eq!(there, 0, "{what}: {place}");
        }
    }
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn in_query(path: &str) -> String {
    path.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"))
}

/// Paths that leave their folder, are hidden, or are invalid.
fn bad_paths() -> Vec<String> {
    let mut paths: Vec<String> = [
        "",
        "/",
        "/abs",
        "/etc/passwd",
        "../../x",
        "..",
        ".",
        "a/../b",
        "a/..",
        "./a",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "a\0b",
        "a\nb",
        "a\rb",
        "a\u{202e}b",
        "\u{2066}a",
    ]
    .map(str::to_owned)
    .into();
    paths.extend(["a".repeat(256), "a/".repeat(40) + "b", "abcdefgh/".repeat(127) + "b"]);
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_that_would_leave_their_folder_are_refused_on_every_way_and_leave_nothing() {
    let world = World::new().await;
    let bytes = b"stolen";
    for path in bad_paths() {
        let refused = world.finish(json!([{ "path": path, "size_bytes": 6, "sha256": hash(bytes) }])).await;
        assert_eq!(refused.status.as_u16(), 422, "finish {path:?}: {refused:?}");
        let query = format!("outputs?path={}&size=6&sha256={}", in_query(&path), hash(bytes));
        for (method, query, body) in [
            (Method::GET, query.clone(), &b""[..]),
            (Method::PUT, format!("{query}&offset=0"), &bytes[..]),
            (Method::POST, format!("outputs?path={}", in_query(&path)), b""),
        ] {
            let refused = world.say(method.clone(), &query, body.to_vec()).await;
            assert_eq!(refused.status.as_u16(), 422, "{method} {path:?}: {refused:?}");
        }
        world.assert_nothing_is_stored(&path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_and_sizes_that_are_none_are_refused_and_leave_nothing() {
    let world = World::new().await;
    let good = hash(b"result");
    for named in
        ["", "..", "../../x", "zz", &good[..63], &format!("{good}0"), &good.to_uppercase(), &"g".repeat(64)]
    {
        let query = format!("outputs?path=a.txt&size=6&sha256={}&offset=0", in_query(named));
        let refused = world.say(Method::PUT, &query, b"result".to_vec()).await;
        assert_eq!(refused.status.as_u16(), 422, "{named:?}: {refused:?}");
        let refused = world.finish(json!([{ "path": "a.txt", "size_bytes": 6, "sha256": named }])).await;
        assert!(matches!(refused.status.as_u16(), 409 | 422), "{named:?}: {refused:?}");
    }
    for size in ["-1", "x", "18446744073709551616", "18446744073709551615"] {
        let query = format!("outputs?path=a.txt&size={size}&sha256={good}&offset=0");
        let refused = world.say(Method::PUT, &query, b"result".to_vec()).await;
        assert!(refused.status.is_client_error(), "{size}: {refused:?}");
    }
    for offset in ["1", "6", "18446744073709551615"] {
        let query = format!("outputs?path=a.txt&size=6&sha256={good}&offset={offset}");
        let refused = world.say(Method::PUT, &query, b"result".to_vec()).await;
        assert!(refused.status.is_client_error(), "{offset}: {refused:?}");
        let query = format!("log?offset={offset}");
        let refused = world.say(Method::POST, &query, b"line\n".to_vec()).await;
        assert!(refused.status.is_client_error(), "log at {offset}: {refused:?}");
    }
    // More than was announced, and other bytes than were announced.
    let query = format!("outputs?path=a.txt&size=6&sha256={good}&offset=0");
    for bytes in [&b"result and more"[..], b"resulT"] {
        let refused = world.say(Method::PUT, &query, bytes.to_vec()).await;
        assert!(matches!(refused.status.as_u16(), 409 | 422), "{refused:?}");
    }
    world.assert_nothing_is_stored("bad hashes, sizes and offsets").await;
    world.say(Method::PUT, &query, b"result".to_vec()).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_of_private_objects_grant_no_access() {
    let world = World::new().await;
    let secret = b"weights of a private repository";
    let app = &world.hearth.app;
    world.hearth.user("lin").await;
    let lin = Client::with_token(&world.hearth, "lin", "all").await;
    lin.call(Method::POST, "/api/v1/user/repos", r#"{"name": "own", "private": true}"#).await.expect(201);
    let oid = hash(secret);
    let request = Request::builder().method("PUT").uri(format!("/lin/own.git/info/lfs/objects/{oid}"));
    lin.call_with(request, Body::from(secret.to_vec())).await.expect(200);
    // Another blob, which no row refers to yet.
    let loose = b"an upload that is not over";
    let promise = Promise::default();
    app.blobs().put(&loose[..], &promise, app.limits().lfs_object()).await.expect("stored");

    for bytes in [&secret[..], loose] {
        let entry = json!({ "path": "model.bin", "size_bytes": bytes.len(), "sha256": hash(bytes) });
        let query = format!("outputs?path=model.bin&size={}&sha256={}", bytes.len(), hash(bytes));
        let status = world.say(Method::GET, &query, "").await.expect(200).json();
        assert_eq!(status, json!({ "received": 0, "complete": false }));
        let refused = world.finish(json!([entry])).await.expect(409).json();
        assert_eq!(refused, json!({ "not_received": "model.bin" }));
        world.say(Method::POST, "outputs?path=model.bin", "").await.expect(409);
        // None of its bytes, then only its end: the rest is requested.
        let nothing = world.say(Method::PUT, &format!("{query}&offset=0"), "").await.expect(200).json();
        assert_eq!(nothing, json!({ "received": 0, "complete": false }));
        let last = bytes.len() - 1;
        let end = world.say(Method::PUT, &format!("{query}&offset={last}"), bytes[last..].to_vec()).await;
        assert_eq!(end.status.as_u16(), 409, "{end:?}");
    }
    world.mei.get(&format!("/api/v1/tasks/{}/outputs/model.bin", world.task)).await.expect(404);
    world.assert_nothing_is_stored("the hash of others").await;
    world.finish(json!([])).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_an_agent_is_good_for_its_own_attempt_alone() {
    let world = World::new().await;
    let (mei, agent) = (&world.mei, &world.agent);
    world.hearth.user("lin").await;
    let lin = Client::with_token(&world.hearth, "lin", "all").await;
    lin.call(Method::POST, "/api/v1/user/repos", r#"{"name": "own", "private": true}"#).await.expect(201);
    for (method, path, body) in [
        (Method::GET, "/api/v1/repos/lin/own", ""),
        (Method::POST, "/api/v1/user/repos", r#"{"name": "taken"}"#),
        (Method::DELETE, "/api/v1/repos/mei/digits", ""),
        (Method::POST, "/api/v1/repos/mei/digits/contents/more.py", r#"{"content": "", "message": "x"}"#),
        (Method::POST, "/api/v1/repos/mei/digits/branches", r#"{"new_branch_name": "mine"}"#),
        (Method::POST, "/api/v1/repos/mei/digits/issues", r#"{"title": "x"}"#),
        (Method::POST, "/api/v1/repos/mei/digits/tasks", r#"{"boot_file": "train.py"}"#),
        (Method::POST, "/api/v1/user/keys", r#"{"key": "ssh-ed25519 AAAA"}"#),
        (Method::GET, "/api/v1/user/keys", ""),
        (Method::GET, "/api/v1/admin/users", ""),
        (Method::GET, "/mei/digits.git/info/refs?service=git-receive-pack", ""),
    ] {
        let refused = agent.call(method.clone(), path, body).await;
        assert!(matches!(refused.status.as_u16(), 401 | 403 | 404), "{method} {path}: {refused:?}");
    }
    let stopped = agent.call(Method::POST, &format!("/api/v1/tasks/{}/stop", world.task), "").await;
    assert!(matches!(stopped.status.as_u16(), 401 | 403 | 404), "{stopped:?}");
    mei.get("/api/v1/repos/mei/digits").await.expect(200);
    // Neither a user's token nor a missing one is accepted.
    for other in [mei, &Client::anonymous(&world.hearth.app)] {
        let request = Request::builder().method("POST").uri("/api/agent/v1/log?offset=0");
        other.call_with(request, Body::from("line\n")).await.expect(401);
    }
    world.finish(json!([])).await.expect(204);
    // An ended task accepts nothing more.
    for (method, path) in
        [(Method::POST, "log?offset=0"), (Method::POST, "metrics?offset=0"), (Method::GET, "code.tar")]
    {
        world.say(method, path, "").await.expect(410);
    }
}
