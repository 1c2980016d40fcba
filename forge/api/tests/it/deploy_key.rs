use hearth_app::testing::TestHearth;
use http::Method;
use serde_json::json;

use crate::client::Client;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl builder";
const KEYS: &str = "/api/v1/repos/mei/llm/keys";

#[tokio::test]
async fn deploy_keys_have_giteas_shape() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let body = json!({ "title": "build server", "key": KEY, "read_only": true }).to_string();
    let made = mei.call(Method::POST, KEYS, &body).await.expect(201).json();
    assert_eq!((made["title"].as_str(), made["read_only"].as_bool()), (Some("build server"), Some(true)));
    assert_eq!(made["fingerprint"], "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    mei.call(Method::POST, KEYS, &body).await.expect(409);
    let one = format!("{KEYS}/{}", made["id"]);
    assert_eq!(mei.get(&one).await.expect(200).json(), made);
    assert_eq!(mei.get(KEYS).await.expect(200).json(), json!([made]));
    assert_eq!(mei.get(&format!("{KEYS}?fingerprint=x")).await.expect(200).json(), json!([]));
    mei.call(Method::DELETE, &one, "").await.expect(204);
    mei.get(&one).await.expect(404);
}

#[tokio::test]
async fn only_administrators_of_the_repository_see_its_keys() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    hearth.user("lin").await;
    let lin = Client::with_token(&hearth, "lin", "all").await;
    lin.get(KEYS).await.expect(403);
    let body = json!({ "key": KEY }).to_string();
    lin.call(Method::POST, KEYS, &body).await.expect(403);
}
