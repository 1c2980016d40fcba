use axum::http::Method;
use hearth_app::testing::TestHearth;

use crate::client::Client;

#[tokio::test]
async fn a_private_repository_is_absent_for_others() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.user("bo").await;
    let anonymous = Client::anonymous(&hearth.app);
    let absent = anonymous.get("/api/v1/repos/mei/absent").await.expect(404);
    for client in [anonymous, Client::with_token(&hearth, "bo", "all").await] {
        let secret = client.get("/api/v1/repos/mei/secret").await.expect(404);
        assert_eq!(secret.body, absent.body);
    }
    let mei = Client::with_token(&hearth, "mei", "read:repository").await;
    let shown = mei.get("/api/v1/repos/Mei/Secret").await.expect(200).json();
    assert_eq!(shown["full_name"], "mei/secret");
    assert_eq!(shown["private"], true);
    assert_eq!(shown["permissions"]["admin"], true);
    assert_eq!(shown["clone_url"], "http://hearth.test/mei/secret.git");
    let mei = Client::with_token(&hearth, "mei", "read:issue").await;
    mei.get("/api/v1/repos/mei/secret").await.expect(403);
}

#[tokio::test]
async fn credentials_that_are_wrong_or_broken_are_refused() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let client = Client::anonymous(&hearth.app);
    client.get("/api/v1/repos/mei/llm").await.expect(200);
    for header in ["Bearer nonsense", "Basic !!!", "Basic", "token", "Digest x"] {
        let refused = client.authorized(header).get("/api/v1/repos/mei/llm").await.expect(401);
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"Hearth\"", "{header}");
        assert!(refused.json()["message"].is_string());
    }
    client.get("/api/v1/repos/mei/llm?token=abc").await.expect(401);
}

#[tokio::test]
async fn a_repository_is_made_changed_renamed_and_deleted() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let body = r#"{"name": "llm", "private": true, "auto_init": true, "license": "MIT", "owner_id": 7, "is_admin": true}"#;
    let made = mei.call(Method::POST, "/api/v1/user/repos", body).await.expect(201).json();
    assert_eq!((made["full_name"].as_str(), made["empty"].as_bool()), (Some("mei/llm"), Some(false)));
    mei.call(Method::POST, "/api/v1/user/repos", body).await.expect(409);
    let refused =
        mei.call(Method::POST, "/api/v1/user/repos", r#"{"name": "a.git"}"#).await.expect(422).json();
    assert_eq!(refused["errors"][0], "name: name-ending");
    mei.call(Method::POST, "/api/v1/user/repos", "{}").await.expect(422);

    let change = r#"{"description": "New", "private": false, "name": "lm"}"#;
    let changed = mei.call(Method::PATCH, "/api/v1/repos/mei/llm", change).await.expect(200).json();
    assert_eq!((changed["name"].as_str(), changed["private"].as_bool()), (Some("lm"), Some(false)));
    assert_eq!(mei.get("/api/v1/repos/mei/llm").await.expect(200).json()["name"], "lm");
    mei.call(Method::DELETE, "/api/v1/repos/mei/lm", "").await.expect(204);
    mei.get("/api/v1/repos/mei/llm").await.expect(404);
    mei.get("/api/v1/repos/mei/lm").await.expect(404);
    Client::anonymous(&hearth.app).call(Method::POST, "/api/v1/user/repos", body).await.expect(401);
}

#[tokio::test]
async fn lists_and_their_totals_hold_only_what_one_may_see() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.repository("mei/open").await;
    let anonymous = Client::anonymous(&hearth.app);
    let mei = Client::with_token(&hearth, "mei", "all").await;
    for path in ["/api/v1/users/mei/repos", "/api/v1/repos/search?q="] {
        assert_eq!(anonymous.get(path).await.expect(200).header("x-total-count"), "1", "{path}");
        assert_eq!(mei.get(path).await.expect(200).header("x-total-count"), "2", "{path}");
    }
    let found = anonymous.get("/api/v1/repos/search?q=SECRET").await.expect(200).json();
    assert_eq!(found, serde_json::json!({ "ok": true, "data": [] }));
    assert_eq!(mei.get("/api/v1/user/repos").await.expect(200).json()[0]["name"], "open");
    anonymous.get("/api/v1/user/repos").await.expect(401);
    anonymous.get("/api/v1/users/nobody/repos").await.expect(404);
    Client::with_token(&hearth, "mei", "read:issue").await.get("/api/v1/user/repos").await.expect(403);
}
