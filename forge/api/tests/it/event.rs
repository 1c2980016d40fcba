use axum::http::Method;
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn a_program_follows_what_it_may_see_from_where_it_was() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.private_repository("mei/secret").await;
        let mei = Client::with_token(hearth, "mei", "all").await;
        hearth.user("bo").await;
        let bo = Client::with_token(hearth, "bo", "all").await;
        for (path, title) in [("llm", "open"), ("secret", "hidden"), ("llm", "again")] {
            let body = json!({ "title": title }).to_string();
            mei.call(Method::POST, &format!("/api/v1/repos/mei/{path}/issues"), &body).await.expect(201);
        }
        hearth.deliver().await;
        let titles = |page: &serde_json::Value| {
            let events = page["events"].as_array().expect("a list");
            let issues = events.iter().filter(|event| event["kind"] == "issue.opened");
            issues
                .map(|event| event["data"]["title"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        let all = mei.get("/api/v1/events").await.expect(200).json();
        assert_eq!(titles(&all), ["open", "hidden", "again"]);
        let last = &all["events"][all["events"].as_array().expect("a list").len() - 1];
        assert_eq!((&last["actor"], &last["repository"]), (&json!("mei"), &json!("mei/llm")));
        assert_eq!(last["subject"]["type"], "issue");
        let seen = bo.get("/api/v1/events").await.expect(200).json();
        assert_eq!(titles(&seen), ["open", "again"]);
        let next = seen["next_after"].as_i64().expect("a number");
        let rest = bo.get(&format!("/api/v1/events?after={next}")).await.expect(200).json();
        assert_eq!((titles(&rest), &rest["next_after"]), (Vec::new(), &json!(next)));
        Client::anonymous(&hearth.app).get("/api/v1/events").await.expect(401);
    }
}
