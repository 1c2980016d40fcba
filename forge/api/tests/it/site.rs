use axum::{body::Body, http::Method};
use hearth_app::{
    SiteKey, audit,
    testing::{Choices, TestHearth},
};
use hearth_core::PageRequest;
use http::Request;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn clients_of_gitea_find_a_version_that_they_know() {
    let hearth = TestHearth::new().await;
    let version = Client::anonymous(&hearth.app).get("/api/v1/version").await.expect(200).json();
    assert_eq!(version["version"], hearth.app.settings().gitea_version.as_str());
    assert_eq!(version["hearth"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn what_a_repository_can_start_with_is_listed() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let ignores = mei.get("/api/v1/gitignore/templates").await.expect(200).json();
    assert!(ignores.as_array().expect("a list").contains(&json!("C++")), "{ignores}");
    assert!(mei.get("/api/v1/gitignore/templates/rust").await.expect(200).json()["source"].is_string());
    assert_eq!(mei.get("/api/v1/licenses").await.expect(200).json()[0]["key"], "MIT");
    assert!(mei.get("/api/v1/licenses/mit").await.expect(200).json()["body"].is_string());
    assert_eq!(mei.get("/api/v1/label/templates").await.expect(200).json(), json!(["Default"]));
    mei.get("/api/v1/licenses/none").await.expect(404);

    // As the Go client sends it, with everything that it leaves out.
    let new = r#"{"name": "llm", "auto_init": true, "gitignores": "C,C++", "license": "MIT", "issue_labels": "Default",
        "description": "Words", "object_format_name": "", "private": false, "template": false}"#;
    mei.call(Method::POST, "/api/v1/user/repos", new).await.expect(201);
    assert_eq!(mei.get("/api/v1/repos/mei/llm/labels").await.expect(200).header("x-total-count"), "7");
    assert_eq!(mei.get("/api/v1/repos/mei/llm/raw/README.md").await.expect(200).body, b"# llm\n\nWords");
    let issue = r#"{"title": "a", "labels": null, "assignees": null, "due_date": null}"#;
    mei.call(Method::POST, "/api/v1/repos/mei/llm/issues", issue).await.expect(201);
    let file = r#"{"content": "eAo=", "author": {"name": "", "email": ""}, "committer": {"name": "Bo", "email": "bo@example.org"}}"#;
    let made = mei.call(Method::POST, "/api/v1/repos/mei/llm/contents/x", file).await.expect(201).json();
    assert_eq!(made["commit"]["author"]["name"], "Bo");
    let label = mei.get("/api/v1/repos/mei/llm/labels").await.expect(200).json()[0]["id"].clone();
    let path = format!("/api/v1/repos/mei/llm/issues?labels={label}");
    assert_eq!(mei.get(&path).await.expect(200).header("x-total-count"), "0");
    for body in
        [r#"{"name": "b", "object_format_name": "sha256"}"#, r#"{"name": "b", "issue_labels": "None"}"#]
    {
        mei.call(Method::POST, "/api/v1/user/repos", body).await.expect(422);
    }
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let anonymous = Client::anonymous(&hearth.app);
    let first = anonymous.get("/api/v1/repos/mei/llm").await.expect(200);
    let tag = first.header("etag").to_owned();
    let again = async |tag: &str| {
        let request = Request::builder().uri("/api/v1/repos/mei/llm").header("if-none-match", tag);
        anonymous.call_with(request, Body::empty()).await
    };
    let known = again(&format!("\"other\", {tag}")).await.expect(304);
    assert!(known.body.is_empty() && known.header("etag") == tag);
    again("\"other\"").await.expect(200);
}

#[tokio::test]
async fn texts_are_shown_as_the_pages_show_them() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    let anonymous = Client::anonymous(&hearth.app);
    let text = json!({ "Text": "**a** <script>b()</script>", "Mode": "gfm", "Context": "mei/secret" });
    let shown = anonymous.call(Method::POST, "/api/v1/markdown", &text.to_string()).await.expect(200);
    let html = String::from_utf8_lossy(&shown.body).into_owned();
    assert!(html.contains("<strong>a</strong>") && !html.contains("<script"), "{html}");
    assert!(shown.header("content-security-policy").starts_with("sandbox"));
}

#[tokio::test]
async fn an_administrator_acts_for_somebody_and_this_is_noted() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    hearth.admin("boss").await;
    let act = async |client: &Client, method: Method, path: &str, body: &str| {
        let request = Request::builder().method(method).uri(path).header("sudo", "bo");
        client.call_with(request, Body::from(body.to_owned())).await
    };
    let boss = Client::with_token(&hearth, "boss", "all,write:admin").await;
    let issue = act(&boss, Method::POST, "/api/v1/repos/mei/llm/issues", r#"{"title": "a"}"#).await;
    assert_eq!(issue.expect(201).json()["user"]["login"], "bo");
    act(&boss, Method::POST, "/api/v1/users/bo/tokens", r#"{"name": "a", "scopes": ["all"]}"#)
        .await
        .expect(403);
    for weak in
        [Client::with_token(&hearth, "boss", "all").await, Client::with_token(&hearth, "mei", "all").await]
    {
        act(&weak, Method::GET, "/api/v1/user", "").await.expect(403);
    }
    let bo = hearth.actor("bo").await;
    let entries = audit::list_own(&hearth.app, &bo, PageRequest::default()).await.expect("the log").items;
    assert!(entries.iter().any(|entry| entry.action == "acted_for"), "{entries:?}");

    boss.call(Method::DELETE, "/api/v1/admin/users/bo", "").await.expect(204);
    let left = boss.get("/api/v1/repos/mei/llm/issues/1").await.expect(200).json();
    assert!(left["user"]["login"].as_str().is_some_and(|name| name.starts_with("deleted-")), "{left}");
    boss.get("/api/v1/users/bo").await.expect(404);
    boss.call(Method::DELETE, "/api/v1/admin/users/mei", "").await.expect(409);
}

#[tokio::test]
async fn an_unusable_parameter_of_an_address_is_named() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let anonymous = Client::anonymous(&hearth.app);
    let refused = anonymous.get("/api/v1/repos/mei/llm/commits?stat=perhaps").await.expect(400).json();
    assert!(refused["message"].as_str().is_some_and(|message| message.contains("stat")), "{refused}");
}

#[tokio::test]
async fn the_key_that_signs_commits_is_there_to_check_them() {
    let key = SiteKey::new(&[7; 32]);
    let choices = Choices { site_key: Some(key.clone()), ..Choices::default() };
    let hearth = TestHearth::with(choices).await;
    hearth.repository("mei/llm").await;
    hearth.private_repository("mei/secret").await;
    let anonymous = Client::anonymous(&hearth.app);
    let line = format!("{}\n", key.public_line()).into_bytes();
    for path in ["/api/v1/signing-key.pub", "/api/v1/repos/mei/llm/signing-key.pub"] {
        assert_eq!(anonymous.get(path).await.expect(200).body, line, "{path}");
    }
    anonymous.get("/api/v1/repos/mei/secret/signing-key.pub").await.expect(404);
    let without = TestHearth::new().await;
    Client::anonymous(&without.app).get("/api/v1/signing-key.pub").await.expect(404);
}
