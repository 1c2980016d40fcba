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
