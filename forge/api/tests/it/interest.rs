use axum::http::Method;
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";

#[tokio::test]
async fn stars_are_given_counted_and_taken_back() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.private_repository("mei/secret").await;
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let star = "/api/v1/user/starred/mei/llm";
    bo.get(star).await.expect(404);
    for _ in 0..2 {
        bo.call(Method::PUT, star, "").await.expect(204);
    }
    bo.get(star).await.expect(204);
    bo.call(Method::PUT, "/api/v1/user/starred/mei/secret", "").await.expect(404);
    assert_eq!(bo.get(AT).await.expect(200).json()["stars_count"], 1);
    assert_eq!(bo.get(&format!("{AT}/stargazers")).await.expect(200).json()[0]["login"], "bo");
    for path in ["/api/v1/user/starred", "/api/v1/users/bo/starred"] {
        assert_eq!(bo.get(path).await.expect(200).json()[0]["name"], "llm", "{path}");
    }
    Client::with_token(&hearth, "bo", "read:user,read:repository")
        .await
        .call(Method::DELETE, star, "")
        .await
        .expect(403);
    bo.call(Method::DELETE, star, "").await.expect(204);
    assert_eq!(bo.get("/api/v1/user/starred").await.expect(200).json(), json!([]));
    Client::anonymous(&hearth.app).call(Method::PUT, star, "").await.expect(401);
}

#[tokio::test]
async fn whoever_makes_a_repository_watches_it() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    mei.call(Method::POST, "/api/v1/user/repos", r#"{"name": "llm"}"#).await.expect(201);
    let watching = format!("{AT}/subscription");
    assert_eq!(mei.get(&watching).await.expect(200).json()["subscribed"], true);
    mei.call(Method::DELETE, &watching, "").await.expect(204);
    mei.get(&watching).await.expect(404);
    assert_eq!(mei.get("/api/v1/user/subscriptions").await.expect(200).json(), json!([]));
    mei.call(Method::PUT, &watching, "").await.expect(200);
    assert_eq!(mei.get(AT).await.expect(200).json()["watchers_count"], 1);
}

#[tokio::test]
async fn a_repository_is_found_by_its_topics() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.private_repository("mei/secret").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let topics = format!("{AT}/topics");
    mei.call(Method::PUT, &format!("{topics}/Vision"), "").await.expect(204);
    mei.call(Method::PUT, &topics, r#"{"topics": ["speech", "vision", "speech"]}"#).await.expect(204);
    assert_eq!(mei.get(&topics).await.expect(200).json(), json!({ "topics": ["speech", "vision"] }));
    mei.call(Method::DELETE, &format!("{topics}/speech"), "").await.expect(204);
    mei.call(Method::PUT, &topics, r#"{"topics": ["two words"]}"#).await.expect(422);
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::PUT, &format!("{topics}/mine"), "").await.expect(403);
    for query in ["q=VISION", "q=vision&topic=true"] {
        let found = bo.get(&format!("/api/v1/repos/search?{query}")).await.expect(200).json();
        assert_eq!(found["data"][0]["topics"], json!(["vision"]), "{query}");
    }
    assert_eq!(
        bo.get("/api/v1/repos/search?q=llm&topic=true").await.expect(200).header("x-total-count"),
        "0"
    );
    let secret = "/api/v1/repos/mei/secret/topics";
    mei.call(Method::PUT, secret, r#"{"topics": ["vision", "revision"]}"#).await.expect(204);
    let search = "/api/v1/topics/search?q=VISION";
    let found = mei.get(search).await.expect(200);
    assert_eq!(found.header("x-total-count"), "2");
    let most = json!({ "topic_name": "vision", "repo_count": 2 });
    assert_eq!(found.json()["topics"][0], most);
    let public = json!({ "topics": [{ "topic_name": "vision", "repo_count": 1 }] });
    for client in [&bo, &bo.anonymously()] {
        assert_eq!(client.get(search).await.expect(200).json(), public);
    }
}
