use axum::{
    body::Body,
    http::{Method, Request},
};
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::{Answer, Client};

const ISSUE: &str = "/api/v1/repos/mei/llm/issues/1";

/// A repository with an issue of mei's and a comment of bo's; returns the comment's path.
async fn hearth() -> (TestHearth, Client, Client, String) {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    mei.call(Method::POST, "/api/v1/repos/mei/llm/issues", r#"{"title":"a"}"#).await.expect(201);
    let said =
        bo.call(Method::POST, &format!("{ISSUE}/comments"), r#"{"body":"x"}"#).await.expect(201).json();
    let comment = format!("/api/v1/repos/mei/llm/issues/comments/{}", said["id"]);
    (hearth, mei, bo, comment)
}

#[tokio::test]
async fn reactions_are_put_listed_and_taken_back() {
    let (hearth, mei, bo, comment) = hearth().await;
    for path in [format!("{ISSUE}/reactions"), format!("{comment}/reactions")] {
        let made = bo.call(Method::POST, &path, r#"{"content":"+1"}"#).await.expect(201).json();
        assert_eq!((&made["content"], &made["user"]["login"]), (&json!("+1"), &json!("bo")));
        bo.call(Method::POST, &path, r#"{"content":"+1"}"#).await.expect(200);
        mei.call(Method::POST, &path, r#"{"content":"heart"}"#).await.expect(201);
        mei.call(Method::POST, &path, r#"{"content":"boring"}"#).await.expect(422);
        let all = Client::anonymous(&hearth.app).get(&path).await.expect(200);
        assert_eq!(all.header("x-total-count"), "2");
        bo.call(Method::DELETE, &path, r#"{"content":"+1"}"#).await.expect(200);
        assert_eq!(bo.get(&path).await.expect(200).json().as_array().map(Vec::len), Some(1));
        Client::anonymous(&hearth.app).call(Method::POST, &path, r#"{"content":"+1"}"#).await.expect(401);
    }
    let reading = Client::with_token(&hearth, "bo", "read:issue").await;
    reading.call(Method::POST, &format!("{ISSUE}/reactions"), r#"{"content":"+1"}"#).await.expect(403);
}

#[tokio::test]
async fn a_lock_is_set_by_writers_and_says_so() {
    let (_hearth, mei, bo, comment) = hearth().await;
    let lock = format!("{ISSUE}/lock");
    bo.call(Method::PUT, &lock, "").await.expect(403);
    mei.call(Method::PUT, &lock, r#"{"lock_reason":"boring"}"#).await.expect(422);
    mei.call(Method::PUT, &lock, r#"{"lock_reason":"Too heated"}"#).await.expect(204);
    assert_eq!(mei.get(ISSUE).await.expect(200).json()["is_locked"], true);
    let refused = bo.call(Method::POST, &format!("{ISSUE}/comments"), r#"{"body":"x"}"#).await.expect(403);
    assert!(refused.json()["code"].is_string());
    bo.call(Method::PATCH, &comment, r#"{"body":"y"}"#).await.expect(403);
    mei.call(Method::POST, &format!("{ISSUE}/comments"), r#"{"body":"x"}"#).await.expect(201);
    bo.call(Method::DELETE, &lock, "").await.expect(403);
    mei.call(Method::DELETE, &lock, "").await.expect(204);
    bo.call(Method::POST, &format!("{ISSUE}/comments"), r#"{"body":"x"}"#).await.expect(201);
}

#[tokio::test]
async fn subscriptions_are_ones_own() {
    let (hearth, mei, bo, _) = hearth().await;
    hearth.user("lin").await;
    let lin = Client::with_token(&hearth, "lin", "all").await;
    let path = format!("{ISSUE}/subscriptions");
    let check = bo.get(&format!("{path}/check")).await.expect(200).json();
    assert_eq!((&check["subscribed"], &check["ignored"]), (&json!(true), &json!(false)));
    assert_eq!(check["reason"], "commented");
    assert_eq!(lin.get(&format!("{path}/check")).await.expect(200).json()["subscribed"], false);
    lin.call(Method::DELETE, &format!("{path}/lin"), "").await.expect(200);
    lin.call(Method::PUT, &format!("{path}/lin"), "").await.expect(201);
    lin.call(Method::PUT, &format!("{path}/lin"), "").await.expect(200);
    assert_eq!(mei.get(&path).await.expect(200).header("x-total-count"), "3");
    lin.call(Method::DELETE, &format!("{path}/lin"), "").await.expect(201);
    mei.call(Method::PUT, &format!("{path}/lin"), "").await.expect(403);
    lin.call(Method::PUT, &format!("{path}/nobody"), "").await.expect(404);
    Client::anonymous(&hearth.app).get(&format!("{path}/check")).await.expect(401);
}

async fn send(client: &Client, path: &str, name: &str, bytes: &str) -> Answer {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\n{bytes}\r\n--b--\r\n"
    );
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("content-type", "multipart/form-data; boundary=b");
    client.call_with(request, Body::from(body)).await
}

#[tokio::test]
async fn files_are_put_into_texts_renamed_and_taken_out() {
    let (hearth, mei, bo, comment) = hearth().await;
    for (path, own, other) in
        [(format!("{ISSUE}/assets"), &mei, &bo), (format!("{comment}/assets"), &bo, &bo)]
    {
        let made = send(own, &path, "loss.svg", "<svg/>").await.expect(201).json();
        assert_eq!((&made["name"], &made["size"]), (&json!("loss.svg"), &json!(6)));
        let address = made["browser_download_url"].as_str().expect("an address");
        assert!(address.starts_with("http://hearth.test/mei/llm/attachments/"), "{address}");
        if !std::ptr::eq(own, other) {
            send(other, &path, "loss.svg", "<svg/>").await.expect(403);
        }
        send(own, &path, "loss.exe", "x").await.expect(422);
        let named = send(own, &format!("{path}?name=better.txt"), "loss.svg", "x").await.expect(201).json();
        assert_eq!(named["name"], "better.txt");
        assert_eq!(mei.get(&path).await.expect(200).json().as_array().map(Vec::len), Some(2));
        let one = format!("{path}/{}", made["id"]);
        assert_eq!(mei.get(&one).await.expect(200).json()["uuid"], made["uuid"]);
        let renamed = own.call(Method::PATCH, &one, r#"{"name":"curve.svg"}"#).await.expect(201).json();
        assert_eq!(renamed["name"], "curve.svg");
        own.call(Method::DELETE, &one, "").await.expect(204);
        mei.get(&one).await.expect(404);
        Client::anonymous(&hearth.app).call(Method::DELETE, &one, "").await.expect(401);
    }
    assert_eq!(mei.get(ISSUE).await.expect(200).json()["assets"][0]["name"], "better.txt");
    assert_eq!(mei.get(&comment).await.expect(200).json()["assets"][0]["name"], "better.txt");
    mei.call(Method::POST, &format!("{ISSUE}/assets"), "{}").await.expect(422);
}

#[tokio::test]
async fn labels_are_changed_with_everything_else() {
    let (_hearth, mei, bo, _) = hearth().await;
    let labels = "/api/v1/repos/mei/llm/labels";
    mei.call(Method::POST, labels, r##"{"name":"bug","color":"#FF0000"}"##).await.expect(201);
    let body = r#"{"title":"b","state":"closed","labels":["bug"],"assignees":["mei"]}"#;
    bo.call(Method::PATCH, ISSUE, body).await.expect(403);
    let changed = mei.call(Method::PATCH, ISSUE, body).await.expect(201).json();
    assert_eq!((&changed["labels"][0]["name"], &changed["state"]), (&json!("bug"), &json!("closed")));
    let kept = mei.call(Method::PATCH, ISSUE, r#"{"state":"open"}"#).await.expect(201).json();
    assert_eq!(kept["labels"][0]["name"], "bug");
    let none = mei.call(Method::PATCH, ISSUE, r#"{"labels":[]}"#).await.expect(201).json();
    assert_eq!(none["labels"], json!([]));
}
