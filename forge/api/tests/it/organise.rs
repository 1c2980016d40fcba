//! Dependencies, pins, due dates, exclusive labels, templates and search over all repositories, in Gitea's shapes.

use axum::http::Method;
use data_encoding::BASE64;
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";

/// `mei/llm` with three issues; a client of its owner and one of a reader.
async fn start() -> (TestHearth, Client, Client) {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    for title in ["Release", "Fix", "Test"] {
        let body = json!({ "title": title }).to_string();
        mei.call(Method::POST, &format!("{AT}/issues"), &body).await.expect(201);
    }
    (hearth, mei, bo)
}

#[tokio::test]
async fn an_issue_waits_for_another_and_is_not_closed_before_it() {
    let (_hearth, mei, bo) = start().await;
    let (dependencies, blocks) = (format!("{AT}/issues/1/dependencies"), format!("{AT}/issues/2/blocks"));
    let fix = r#"{"index":2,"owner":"mei","repo":"llm"}"#;
    bo.call(Method::POST, &dependencies, fix).await.expect(403);
    mei.call(Method::POST, &dependencies, r#"{"index":9}"#).await.expect(404);
    let made = mei.call(Method::POST, &dependencies, fix).await.expect(201).json();
    assert_eq!(made["number"], 1);
    mei.call(Method::POST, &blocks, r#"{"index":3}"#).await.expect(201);
    mei.call(Method::POST, &format!("{AT}/issues/2/dependencies"), r#"{"index":1}"#).await.expect(409);
    let listed = bo.get(&dependencies).await.expect(200);
    assert_eq!((listed.header("x-total-count"), &listed.json()[0]["title"]), ("1", &json!("Fix")));
    assert_eq!(bo.get(&blocks).await.expect(200).header("x-total-count"), "2");
    let close = r#"{"state":"closed"}"#;
    mei.call(Method::PATCH, &format!("{AT}/issues/1"), close).await.expect(412);
    mei.call(Method::PATCH, &format!("{AT}/issues/2"), close).await.expect(201);
    mei.call(Method::PATCH, &format!("{AT}/issues/1"), close).await.expect(201);
    mei.call(Method::DELETE, &dependencies, fix).await.expect(200);
    assert_eq!(mei.get(&dependencies).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn pins_have_places_and_an_end() {
    let (_hearth, mei, bo) = start().await;
    bo.call(Method::POST, &format!("{AT}/issues/1/pin"), "").await.expect(403);
    for number in [1, 2] {
        mei.call(Method::POST, &format!("{AT}/issues/{number}/pin"), "").await.expect(204);
    }
    let allowed = bo.get(&format!("{AT}/new_pin_allowed")).await.expect(200).json();
    assert_eq!(allowed, json!({ "issues": true, "pull_requests": true }));
    mei.call(Method::POST, &format!("{AT}/issues/3/pin"), "").await.expect(204);
    mei.call(Method::PATCH, &format!("{AT}/issues/3/pin/1"), "").await.expect(204);
    assert_eq!(bo.get(&format!("{AT}/new_pin_allowed")).await.expect(200).json()["issues"], false);
    let pinned = bo.get(&format!("{AT}/issues/pinned")).await.expect(200).json();
    let order: Vec<_> = pinned
        .as_array()
        .expect("a list")
        .iter()
        .map(|issue| (&issue["number"], &issue["pin_order"]))
        .collect();
    assert_eq!(order, [(&json!(3), &json!(1)), (&json!(1), &json!(2)), (&json!(2), &json!(3))]);
    assert_eq!(bo.get(&format!("{AT}/pulls/pinned")).await.expect(200).json(), json!([]));
    mei.call(Method::DELETE, &format!("{AT}/issues/3/pin"), "").await.expect(204);
    mei.call(Method::PATCH, &format!("{AT}/issues/3/pin/1"), "").await.expect(404);
}

#[tokio::test]
async fn due_dates_and_exclusive_labels_are_set_and_shown() {
    let (_hearth, mei, _bo) = start().await;
    let due = r#"{"due_date":"2030-01-31T23:59:59Z"}"#;
    mei.call(Method::POST, &format!("{AT}/issues/1/deadline"), due).await.expect(201);
    let issue = format!("{AT}/issues/1");
    assert_eq!(mei.get(&issue).await.expect(200).json()["due_date"], "2030-01-31T23:59:59Z");
    let unset = r#"{"unset_due_date":true}"#;
    assert!(mei.call(Method::PATCH, &issue, unset).await.expect(201).json()["due_date"].is_null());
    for name in ["priority/low", "priority/high"] {
        let label = json!({ "name": name, "color": "#aa0000", "exclusive": true }).to_string();
        let made = mei.call(Method::POST, &format!("{AT}/labels"), &label).await.expect(201).json();
        assert_eq!(made["exclusive"], true);
        let body = json!({ "labels": [made["id"]] }).to_string();
        mei.call(Method::POST, &format!("{issue}/labels"), &body).await.expect(200);
    }
    let held = mei.get(&format!("{issue}/labels")).await.expect(200).json();
    assert_eq!((held.as_array().map(Vec::len), &held[0]["name"]), (Some(1), &json!("priority/high")));
}

#[tokio::test]
async fn templates_and_their_configuration_are_read_from_the_repository() {
    let (_hearth, mei, bo) = start().await;
    assert_eq!(bo.get(&format!("{AT}/issue_templates")).await.expect(200).json(), json!([]));
    for (file, text) in [
        (
            "bug.yaml",
            "name: Bug\nabout: x\nlabels: bug\nbody:\n  - type: input\n    id: a\n    attributes: { label: A }\n",
        ),
        ("config.yml", "contact_links:\n  - { name: Forum, url: ftp://x }\n"),
    ] {
        let body = json!({ "content": BASE64.encode(text.as_bytes()) }).to_string();
        let path = format!("{AT}/contents/.gitea/ISSUE_TEMPLATE/{file}");
        mei.call(Method::POST, &path, &body).await.expect(201);
    }
    let found = bo.get(&format!("{AT}/issue_templates")).await.expect(200).json();
    assert_eq!((&found[0]["name"], &found[0]["labels"]), (&json!("Bug"), &json!(["bug"])));
    assert_eq!(found[0]["file_name"], ".gitea/ISSUE_TEMPLATE/bug.yaml");
    assert_eq!((&found[0]["body"][0]["type"], &found[0]["body"][0]["id"]), (&json!("input"), &json!("a")));
    let config = bo.get(&format!("{AT}/issue_config")).await.expect(200).json();
    assert_eq!(config["blank_issues_enabled"], true);
    let checked = bo.get(&format!("{AT}/issue_config/validate")).await.expect(200).json();
    assert_eq!(checked["valid"], false);
    assert!(checked["message"].as_str().is_some_and(|message| message.contains("config.yml:2")), "{checked}");
}

#[tokio::test]
async fn issues_are_searched_over_all_repositories_that_may_be_read() {
    let (hearth, mei, bo) = start().await;
    hearth.private_repository("mei/secret").await;
    let body = r#"{"title":"Hidden release"}"#;
    mei.call(Method::POST, "/api/v1/repos/mei/secret/issues", body).await.expect(201);
    let path = "/api/v1/repos/issues/search?q=release";
    assert_eq!(mei.get(path).await.expect(200).header("x-total-count"), "2");
    let found = bo.get(path).await.expect(200).json();
    assert_eq!(
        (found.as_array().map(Vec::len), &found[0]["repository"]["full_name"]),
        (Some(1), &json!("mei/llm"))
    );
    let created = bo.get("/api/v1/repos/issues/search?created=true").await.expect(200);
    assert_eq!(created.json(), json!([]));
    bo.get("/api/v1/repos/issues/search?state=odd").await.expect(422);
}
