use axum::http::Method;
use hearth_app::testing::{Choices, FakeEngine, TestHearth};

use crate::client::Client;

/// Mei's `digits` with `train.py`, and a client that may do everything with it.
pub(crate) async fn world() -> (TestHearth, Client) {
    let (engine, engines) = FakeEngine::with_cpus(1).share();
    // Tasks wait for it.
    engine.set_cannot_start(true);
    let hearth = TestHearth::with(Choices { engines, ..Choices::default() }).await;
    hearth.repository("mei/digits").await;
    hearth_app::compute::prepare(&hearth.app, vec![]).await.expect("a start");
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let body = r#"{"content": "cHJpbnQoMSkK", "message": "code"}"#;
    mei.call(Method::POST, "/api/v1/repos/mei/digits/contents/train.py", body).await.expect(201);
    (hearth, mei)
}

const TASKS: &str = "/api/v1/repos/mei/digits/tasks";

#[tokio::test]
async fn a_task_is_launched_shown_listed_and_stopped() {
    let (_hearth, mei) = world().await;
    let body = r#"{"boot_file": "train.py", "parameters": [{"name": "lr", "value": "0.1"}]}"#;
    let made = mei.call(Method::POST, TASKS, body).await.expect(201).json();
    let address = format!("/api/v1/tasks/{}", made["id"]);
    assert_eq!((made["state"].as_str(), made["name"].as_str()), (Some("WAITING"), Some("train")));
    assert_eq!(made["html_url"], format!("http://hearth.test/tasks/{}", made["id"]));
    let shown = mei.get(&address).await.expect(200).json();
    assert_eq!(shown["requirements"].as_bool(), Some(true));
    assert_eq!(
        (shown["repository"].as_str(), shown["queue"]["place"].as_u64()),
        (Some("mei/digits"), Some(1))
    );
    let queue = &shown["queue"];
    assert_eq!((queue["ahead"].as_u64(), queue["reason"].as_str()), (Some(0), Some("queue.first")));
    assert_eq!((queue["needed"]["nodes"].as_u64(), queue["free"]["machines"].as_u64()), (Some(1), Some(1)));
    assert!(queue["eta"].is_null() && queue["switches"].as_array().is_some_and(Vec::is_empty), "{queue}");
    let listed = mei.get(&format!("{TASKS}?state=waiting&q=TRA")).await.expect(200);
    assert_eq!((listed.header("x-total-count"), listed.json()[0]["id"].clone()), ("1", made["id"].clone()));
    let mine = mei.get("/api/v1/user/tasks?state=active").await.expect(200);
    assert_eq!(
        (mine.header("x-total-count"), mine.json()[0]["repository"].as_str()),
        ("1", Some("mei/digits"))
    );
    let log = mei.get(&format!("{address}/log")).await.expect(200);
    assert_eq!((log.header("x-next-offset"), log.body.len()), ("0", 0));
    let outputs = mei.get(&format!("{address}/outputs")).await.expect(200);
    assert_eq!((outputs.header("x-total-count"), outputs.json()), ("0", serde_json::json!([])));
    mei.get(&format!("{address}/record")).await.expect(404);
    let stopped = mei.call(Method::POST, &format!("{address}/stop"), "").await.expect(200).json();
    assert_eq!(stopped["state"], "STOPPED");
    let steps = mei.get(&format!("{address}/timeline?limit=1&page=2")).await.expect(200);
    assert_eq!((steps.header("x-total-count"), steps.json()[0]["reason"].as_str()), ("2", Some("user.stop")));
    let again = mei.call(Method::POST, &format!("{address}/rerun"), "").await.expect(201).json();
    assert_eq!(again["parent_id"], made["id"]);
    let code = mei.get(&format!("{address}/code")).await.expect(200).json();
    assert_eq!((&code["pinned"], code["newest"]["branch"].as_str()), (&made["commit"], Some("main")));
    let newest = mei.call(Method::POST, &format!("{address}/rerun?code=newest"), "").await.expect(201).json();
    assert_eq!((newest["ref"].as_str(), &newest["parent_id"]), (Some("main"), &made["id"]));
    mei.call(Method::POST, &format!("{address}/rerun?code=oldest"), "").await.expect(422);
    mei.call(Method::DELETE, &address, "").await.expect(204);
    mei.get(&address).await.expect(404);
}

#[tokio::test]
async fn a_command_is_a_line_or_words_and_takes_no_boot_file() {
    let (_hearth, mei) = world().await;
    let line = mei.call(Method::POST, TASKS, r#"{"command": "make train"}"#).await.expect(201).json();
    assert_eq!(line["command"], serde_json::json!(["sh", "-c", "make train"]));
    let words =
        mei.call(Method::POST, TASKS, r#"{"command": ["make", "train it"]}"#).await.expect(201).json();
    assert_eq!(
        (words["name"].as_str(), words["program"].as_str(), words["boot_file"].as_str()),
        (Some("make"), Some("command"), Some(""))
    );
    let again = mei.call(Method::POST, &format!("/api/v1/tasks/{}/rerun", words["id"]), "").await;
    assert_eq!(again.expect(201).json()["command"], serde_json::json!(["make", "train it"]));
    for (body, error) in [
        (r#"{"command": []}"#, "command: required"),
        (r#"{"command": "make", "boot_file": "train.py"}"#, "boot_file: not-with-command"),
        (
            r#"{"command": "make", "parameters": [{"name": "a", "value": ""}]}"#,
            "parameters: not-with-command",
        ),
    ] {
        let problem = mei.call(Method::POST, TASKS, body).await.expect(422).json();
        assert_eq!(problem["errors"], serde_json::json!([error]));
    }
}

#[tokio::test]
async fn a_waiting_task_gets_another_priority_and_says_who_gave_it() {
    let (hearth, mei) = world().await;
    let made = mei.call(Method::POST, TASKS, r#"{"boot_file": "train.py"}"#).await.expect(201).json();
    let address = format!("/api/v1/tasks/{}", made["id"]);
    let changed = mei.call(Method::PATCH, &address, r#"{"priority": -5}"#).await.expect(200).json();
    assert_eq!(changed["priority"], -5);
    let steps = mei.get(&format!("{address}/timeline")).await.expect(200).json();
    assert_eq!(steps[1]["reason"], "queue.priority");
    assert_eq!(steps[1]["data"], serde_json::json!({"by": "mei", "from": "0", "to": "-5"}));
    for (body, error) in [
        (r#"{"priority": 0}"#, "priority: too-large"),
        (r#"{"spec": "none"}"#, "spec: unknown-choice"),
        (r#"{"name": "x"}"#, "body: json"),
    ] {
        let problem = mei.call(Method::PATCH, &address, body).await.expect(422).json();
        assert_eq!(problem["errors"], serde_json::json!([error]));
    }
    hearth.admin("boss").await;
    let boss = Client::with_token(&hearth, "boss", "all").await;
    boss.call(Method::PATCH, &address, r#"{"priority": 50}"#).await.expect(403);
    let boss = Client::with_token(&hearth, "boss", "all,write:admin").await;
    boss.call(Method::PATCH, &address, r#"{"priority": 50}"#).await.expect(200);
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::PATCH, &address, r#"{"priority": -9}"#).await.expect(403);
    mei.call(Method::POST, &format!("{address}/stop"), "").await.expect(200);
    mei.call(Method::PATCH, &address, r#"{"priority": -9}"#).await.expect(409);
}

#[tokio::test]
async fn what_cannot_be_launched_is_named_field_by_field() {
    let (hearth, mei) = world().await;
    for (body, error) in [
        (r#"{"boot_file": "none.py"}"#, "boot_file: no-such-file"),
        (r#"{"boot_file": "train.py", "kind": "dance"}"#, "kind: unknown-choice"),
        (r#"{"boot_file": "train.py", "gpus": 8}"#, "body: json"),
    ] {
        let problem = mei.call(Method::POST, TASKS, body).await.expect(422).json();
        assert_eq!(problem["errors"], serde_json::json!([error]));
    }
    let reader = Client::with_token(&hearth, "mei", "read:task").await;
    reader.call(Method::POST, TASKS, r#"{"boot_file": "train.py"}"#).await.expect(403);
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::POST, TASKS, r#"{"boot_file": "train.py"}"#).await.expect(403);
    Client::anonymous(&hearth.app)
        .call(Method::POST, TASKS, r#"{"boot_file": "train.py"}"#)
        .await
        .expect(401);
}

#[tokio::test]
async fn an_agent_without_a_good_token_learns_nothing() {
    let (hearth, mei) = world().await;
    Client::anonymous(&hearth.app).get("/api/agent/v1/spec").await.expect(401);
    let guess = mei.authorized("Bearer guess");
    for path in ["spec", "code.tar", "patch"] {
        guess.get(&format!("/api/agent/v1/{path}")).await.expect(401);
    }
}
