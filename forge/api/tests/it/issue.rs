use axum::http::Method;
use hearth_app::testing::TestHearth;
use hearth_core::Permission;
use serde_json::json;

use crate::client::Client;

const ISSUES: &str = "/api/v1/repos/mei/llm/issues";
const LABELS: &str = "/api/v1/repos/mei/llm/labels";

async fn hearth() -> (TestHearth, Client, Client) {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let bo = Client::with_token(&hearth, "bo", "write:issue").await;
    (hearth, mei, bo)
}

#[tokio::test]
async fn an_issue_names_a_branch_and_is_deleted_by_administrators_alone() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let (mei, bo) =
        (Client::with_token(&hearth, "mei", "all").await, Client::with_token(&hearth, "bo", "all").await);
    let issues = "/api/v1/repos/mei/llm/issues";
    let new = r#"{"title":"a","ref":"refs/heads/try"}"#;
    bo.call(Method::POST, issues, new).await.expect(403);
    assert_eq!(mei.call(Method::POST, issues, new).await.expect(201).json()["ref"], "try");
    let one = format!("{issues}/1");
    mei.call(Method::PATCH, &one, r#"{"ref":"../odd"}"#).await.expect(422);
    assert_eq!(mei.call(Method::PATCH, &one, r#"{"ref":"main"}"#).await.expect(201).json()["ref"], "main");
    assert_eq!(mei.call(Method::PATCH, &one, r#"{"title":"b"}"#).await.expect(201).json()["ref"], "main");
    assert_eq!(mei.call(Method::PATCH, &one, r#"{"ref":""}"#).await.expect(201).json()["ref"], "");
    bo.call(Method::POST, &format!("{one}/comments"), r#"{"body":"x"}"#).await.expect(201);
    bo.call(Method::DELETE, &one, "").await.expect(403);
    Client::anonymous(&hearth.app).call(Method::DELETE, &one, "").await.expect(401);
    mei.call(Method::DELETE, &one, "").await.expect(204);
    mei.get(&one).await.expect(404);
    mei.call(Method::DELETE, &one, "").await.expect(404);
    let repository = mei.get("/api/v1/repos/mei/llm").await.expect(200).json();
    assert_eq!(repository["open_issues_count"], 0);
    let next = mei.call(Method::POST, issues, r#"{"title":"c"}"#).await.expect(201).json();
    assert_eq!(next["number"], 2, "a number is given once");
}

#[tokio::test]
async fn an_issue_is_opened_read_changed_closed_and_reopened() {
    let (hearth, mei, bo) = hearth().await;
    let body = json!({ "title": "Loss is NaN", "body": "after 3 steps" }).to_string();
    let made = bo.call(Method::POST, ISSUES, &body).await.expect(201).json();
    assert_eq!(made["number"], 1);
    assert_eq!(made["state"], "open");
    assert_eq!(made["user"]["login"], "bo");
    assert_eq!(made["html_url"], "http://hearth.test/mei/llm/issues/1");
    assert_eq!(made["url"], "http://hearth.test/api/v1/repos/mei/llm/issues/1");
    assert_eq!(made["repository"]["full_name"], "mei/llm");
    assert_eq!(made["closed_at"], json!(null));

    let anonymous = Client::anonymous(&hearth.app);
    assert_eq!(
        anonymous.get("/api/v1/repos/mei/llm/issues/1").await.expect(200).json()["title"],
        "Loss is NaN"
    );
    let path = "/api/v1/repos/mei/llm/issues/1";
    let edited = bo.call(Method::PATCH, path, r#"{"title":"Loss is not a number","state":"closed"}"#).await;
    let edited = edited.expect(201).json();
    assert_eq!((&edited["title"], &edited["state"]), (&json!("Loss is not a number"), &json!("closed")));
    assert!(edited["closed_at"].is_string());
    let reopened = mei.call(Method::PATCH, path, r#"{"state":"open"}"#).await.expect(201).json();
    assert_eq!(reopened["state"], "open");
}

#[tokio::test]
async fn what_one_may_do_follows_from_who_one_is() {
    let (hearth, mei, bo) = hearth().await;
    hearth.user("lin").await;
    let repository = hearth.private_repository("mei/secret").await;
    mei.call(Method::POST, ISSUES, r#"{"title":"a"}"#).await.expect(201);
    let anonymous = Client::anonymous(&hearth.app);
    anonymous.call(Method::POST, ISSUES, r#"{"title":"a"}"#).await.expect(401);
    let reading = Client::with_token(&hearth, "bo", "read:issue").await;
    reading.get(ISSUES).await.expect(200);
    reading.call(Method::POST, ISSUES, r#"{"title":"a"}"#).await.expect(403);
    for (method, path, body) in [
        (Method::PATCH, "/api/v1/repos/mei/llm/issues/1", r#"{"title":"b"}"#),
        (Method::PATCH, "/api/v1/repos/mei/llm/issues/1", r#"{"state":"closed"}"#),
        (Method::PATCH, "/api/v1/repos/mei/llm/issues/1", r#"{"assignees":["bo"]}"#),
        (Method::POST, LABELS, r##"{"name":"x","color":"#ffffff"}"##),
        (Method::POST, "/api/v1/repos/mei/llm/issues/1/labels", r#"{"labels":[]}"#),
        (Method::POST, ISSUES, r#"{"title":"a","assignees":["mei"]}"#),
    ] {
        bo.call(method, path, body).await.expect(403);
    }
    let secret = "/api/v1/repos/mei/secret/issues";
    for client in [&anonymous, &bo] {
        client.get(secret).await.expect(404);
        client.call(Method::POST, secret, r#"{"title":"a"}"#).await.expect(404);
    }
    hearth.permit(&repository, "bo", Permission::Read).await;
    bo.call(Method::POST, secret, r#"{"title":"a"}"#).await.expect(201);
    let path = "/api/v1/repos/mei/secret/issues/1";
    let assigned = mei.call(Method::PATCH, path, r#"{"assignees":["bo"]}"#).await.expect(201).json();
    assert_eq!(assigned["assignee"]["login"], "bo");
    mei.call(Method::PATCH, path, r#"{"assignees":["lin"]}"#).await.expect(422);
    let nobody = mei.call(Method::PATCH, path, r#"{"assignees":[]}"#).await.expect(201).json();
    assert_eq!(nobody["assignees"], json!([]));
}

#[tokio::test]
async fn lists_are_narrowed_and_paged() {
    let (_hearth, mei, bo) = hearth().await;
    mei.call(Method::POST, LABELS, r##"{"name":"bug","color":"#FF0000"}"##).await.expect(201);
    for number in 1..=5 {
        let labels = if number % 2 == 0 { vec!["bug"] } else { vec![] };
        let body = json!({ "title": format!("n{number} words"), "labels": labels }).to_string();
        mei.call(Method::POST, ISSUES, &body).await.expect(201);
    }
    bo.call(Method::POST, ISSUES, r#"{"title":"from bo","body":"hello @mei"}"#).await.expect(201);
    mei.call(Method::PATCH, "/api/v1/repos/mei/llm/issues/5", r#"{"state":"closed"}"#).await.expect(201);
    for (query, total) in [
        ("", "5"),
        ("?state=closed", "1"),
        ("?state=all", "6"),
        ("?labels=bug", "2"),
        ("?labels=bug,none", "0"),
        ("?created_by=bo", "1"),
        ("?created_by=nobody", "0"),
        ("?assigned_by=mei", "0"),
        ("?mentioned_by=mei", "1"),
        ("?q=words", "4"),
        ("?q=label:bug+n2", "1"),
        ("?since=2000-01-01T00:00:00Z", "5"),
        ("?before=2000-01-01T00:00:00Z", "0"),
    ] {
        let answer = mei.get(&format!("{ISSUES}{query}")).await.expect(200);
        assert_eq!(answer.header("x-total-count"), total, "{query}");
    }
    let second = mei.get(&format!("{ISSUES}?state=all&limit=2&page=2")).await.expect(200);
    let numbers: Vec<i64> = second
        .json()
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|issue| issue["number"].as_i64())
        .collect();
    assert_eq!(numbers, [4, 3]);
    assert!(second.header("link").contains("rel=\"next\""));
    mei.get(&format!("{ISSUES}?state=strange")).await.expect(422);
}

#[tokio::test]
async fn comments_come_and_go_by_their_authors_and_writers() {
    let (hearth, mei, bo) = hearth().await;
    hearth.repository("bo/other").await;
    hearth.user("lin").await;
    mei.call(Method::POST, ISSUES, r#"{"title":"a"}"#).await.expect(201);
    let comments = "/api/v1/repos/mei/llm/issues/1/comments";
    bo.call(Method::POST, comments, r#"{"body":" "}"#).await.expect(422);
    let said = bo.call(Method::POST, comments, r#"{"body":"hello"}"#).await.expect(201).json();
    let id = said["id"].as_i64().expect("an id");
    assert_eq!(said["html_url"], format!("http://hearth.test/mei/llm/issues/1#issuecomment-{id}"));
    assert_eq!(said["issue_url"], "http://hearth.test/mei/llm/issues/1");
    let path = format!("/api/v1/repos/mei/llm/issues/comments/{id}");
    let lin = Client::with_token(&hearth, "lin", "all").await;
    lin.call(Method::PATCH, &path, r#"{"body":"mine"}"#).await.expect(403);
    lin.call(Method::DELETE, &path, "").await.expect(403);
    assert_eq!(bo.call(Method::PATCH, &path, r#"{"body":"two"}"#).await.expect(200).json()["body"], "two");
    let elsewhere = format!("/api/v1/repos/bo/other/issues/comments/{id}");
    bo.get(&elsewhere).await.expect(404);
    bo.call(Method::DELETE, &elsewhere, "").await.expect(404);
    assert_eq!(mei.get(comments).await.expect(200).header("x-total-count"), "1");
    assert_eq!(
        mei.get("/api/v1/repos/mei/llm/issues/comments").await.expect(200).header("x-total-count"),
        "1"
    );
    assert_eq!(mei.get("/api/v1/repos/mei/llm/issues/1").await.expect(200).json()["comments"], 1);
    mei.call(Method::DELETE, &path, "").await.expect(204);
    mei.get(&path).await.expect(404);
    assert_eq!(mei.get("/api/v1/repos/mei/llm/issues/1").await.expect(200).json()["comments"], 0);
}

#[tokio::test]
async fn labels_are_made_changed_put_on_and_taken_off() {
    let (hearth, mei, _bo) = hearth().await;
    let bug =
        mei.call(Method::POST, LABELS, r##"{"name":"bug","color":"#FF0000"}"##).await.expect(201).json();
    assert_eq!((&bug["color"], &bug["exclusive"]), (&json!("ff0000"), &json!(false)));
    mei.call(Method::POST, LABELS, r##"{"name":"BUG","color":"#ff0000"}"##).await.expect(409);
    mei.call(Method::POST, LABELS, r#"{"name":"x","color":"red"}"#).await.expect(422);
    let help = mei.call(Method::POST, LABELS, r##"{"name":"help","color":"#0f0"}"##).await.expect(201).json();
    let path = format!("{LABELS}/{}", help["id"]);
    let renamed = mei.call(Method::PATCH, &path, r#"{"name":"帮助"}"#).await.expect(200).json();
    assert_eq!((&renamed["name"], &renamed["color"]), (&json!("帮助"), &json!("00ff00")));

    hearth.repository("mei/other").await;
    let foreign =
        mei.call(Method::POST, "/api/v1/repos/mei/other/labels", r##"{"name":"far","color":"#ffffff"}"##);
    let foreign = foreign.await.expect(201).json()["id"].clone();
    mei.call(Method::POST, ISSUES, &json!({ "title": "a", "labels": [foreign] }).to_string())
        .await
        .expect(404);

    mei.call(Method::POST, ISSUES, &json!({ "title": "a", "labels": [bug["id"]] }).to_string())
        .await
        .expect(201);
    let of_issue = "/api/v1/repos/mei/llm/issues/1/labels";
    let both = mei.call(Method::POST, of_issue, r#"{"labels":["帮助"]}"#).await.expect(200).json();
    assert_eq!(both.as_array().map(Vec::len), Some(2));
    mei.call(Method::DELETE, &format!("{of_issue}/{}", bug["id"]), "").await.expect(204);
    let one =
        mei.call(Method::PUT, of_issue, &json!({ "labels": [bug["id"]] }).to_string()).await.expect(200);
    assert_eq!(one.json()[0]["name"], "bug");
    mei.call(Method::DELETE, of_issue, "").await.expect(204);
    assert_eq!(mei.get(of_issue).await.expect(200).json(), json!([]));
    mei.call(Method::DELETE, &path, "").await.expect(204);
    mei.call(Method::DELETE, &path, "").await.expect(404);
}

#[tokio::test]
async fn bad_input_is_refused_and_nothing_is_stored() {
    let (_hearth, mei, _bo) = hearth().await;
    for body in [
        r#"{"title":""}"#.to_owned(),
        r#"{"title":"  "}"#.to_owned(),
        json!({ "title": "a".repeat(256) }).to_string(),
        "{\"title\":\"a\",\"body\":\"\\u0000\"}".to_owned(),
        r#"{"title":"a","assignees":["nobody"]}"#.to_owned(),
    ] {
        let refused = mei.call(Method::POST, ISSUES, &body).await.expect(422).json();
        assert!(refused["errors"][0].is_string(), "{refused}");
    }
    let large = json!({ "title": "a", "body": "a".repeat(300 * 1024) }).to_string();
    mei.call(Method::POST, ISSUES, &large).await.expect(413);
    assert_eq!(mei.get(ISSUES).await.expect(200).header("x-total-count"), "0");
    for path in ["1", "0", "-1", "x", "99999999999999999999"] {
        mei.get(&format!("{ISSUES}/{path}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_change_is_made_whole_or_not_at_all() {
    let (_hearth, mei, _bo) = hearth().await;
    let made = mei.call(Method::POST, ISSUES, r#"{"title":"a","closed":true}"#).await.expect(201).json();
    assert_eq!(made["state"], "closed");
    assert!(made["closed_at"].is_string(), "{made}");
    let path = "/api/v1/repos/mei/llm/issues/1";
    let body = r#"{"title":"b","body":"c","state":"open","assignees":["nobody"]}"#;
    mei.call(Method::PATCH, path, body).await.expect(422);
    let kept = mei.get(path).await.expect(200).json();
    assert_eq!((&kept["title"], &kept["body"], &kept["state"]), (&json!("a"), &json!(""), &json!("closed")));
    let body = r#"{"title":"b","state":"open","assignees":["mei"]}"#;
    let changed = mei.call(Method::PATCH, path, body).await.expect(201).json();
    assert_eq!((&changed["title"], &changed["state"]), (&json!("b"), &json!("open")));
    assert_eq!(changed["assignees"][0]["login"], "mei");
}

#[tokio::test]
async fn comments_that_name_tens_of_thousands_of_people_come_in_pages() {
    for hearth in TestHearth::all().await {
        hearth.repository("mei/llm").await;
        let mei = Client::with_token(&hearth, "mei", "all").await;
        mei.call(Method::POST, ISSUES, r#"{"title":"a"}"#).await.expect(201);
        let comments = "/api/v1/repos/mei/llm/issues/1/comments";
        for comment in 0..330 {
            let body = (0..100).map(|name| format!("@p{comment}-{name} ")).collect::<Vec<_>>().concat();
            mei.call(Method::POST, comments, &json!({ "body": body }).to_string()).await.expect(201);
        }
        let page = mei.get(&format!("{comments}?limit=1000&page=2")).await.expect(200);
        assert_eq!(page.header("x-total-count"), "330");
        assert_eq!(page.json().as_array().map(Vec::len), Some(50));
        assert!(page.header("link").contains("page=3"));
    }
}

#[tokio::test]
async fn milestones_are_made_given_to_issues_closed_and_deleted() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let at = "/api/v1/repos/mei/llm/milestones";
    let new = r#"{"title": "v1.0", "description": "First", "due_on": "2030-02-01T00:00:00Z"}"#;
    let made = mei.call(Method::POST, at, new).await.expect(201).json();
    assert_eq!((made["state"].as_str(), made["open_issues"].as_i64()), (Some("open"), Some(0)));
    mei.call(Method::POST, at, r#"{"title": " "}"#).await.expect(422);
    let id = made["id"].as_i64().expect("an id");
    let issue = json!({ "title": "a", "milestone": id }).to_string();
    let opened = mei.call(Method::POST, ISSUES, &issue).await.expect(201).json();
    assert_eq!(opened["milestone"]["title"], "v1.0");
    mei.call(Method::POST, ISSUES, r#"{"title": "b", "milestone": 0}"#).await.expect(201);
    let path = "/api/v1/repos/mei/llm/issues?milestones=v1.0";
    assert_eq!(mei.get(path).await.expect(200).header("x-total-count"), "1");
    assert_eq!(mei.get(&format!("{ISSUES}?milestones=none")).await.expect(200).header("x-total-count"), "0");
    assert_eq!(mei.get(&format!("{at}/V1.0")).await.expect(200).json()["open_issues"], 1);

    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::PATCH, &format!("{at}/{id}"), r#"{"state": "closed"}"#).await.expect(403);
    mei.call(Method::PATCH, &format!("{at}/{id}"), r#"{"state": "closed"}"#).await.expect(200);
    assert_eq!(mei.get(at).await.expect(200).json(), json!([]));
    assert_eq!(mei.get(&format!("{at}?state=closed&name=V1")).await.expect(200).header("x-total-count"), "1");
    mei.call(Method::DELETE, &format!("{at}/{id}"), "").await.expect(204);
    mei.get(&format!("{at}/{id}")).await.expect(404);
    let left = mei.get(&format!("{ISSUES}/1")).await.expect(200).json();
    assert_eq!(left["milestone"], json!(null));
}
