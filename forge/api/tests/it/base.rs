use axum::http::Method;
use hearth_app::testing::TestHearth;

use crate::client::Client;

#[tokio::test]
async fn every_failure_has_the_shape_that_clients_know() {
    let hearth = TestHearth::new().await;
    let client = Client::anonymous(&hearth.app);
    let problem = client.get("/api/v1/no/such/route").await.expect(404).json();
    assert_eq!(problem["code"], "not-found");
    assert_eq!(problem["url"], "http://hearth.test/api/swagger");
    assert!(problem["message"].is_string() && problem["errors"].is_array(), "{problem}");
    let problem = client.call(Method::DELETE, "/api/v1/version", "").await.expect(405).json();
    assert_eq!(problem["code"], "method-not-allowed");
}

#[tokio::test]
async fn the_document_describes_every_route() {
    let hearth = TestHearth::new().await;
    let document = Client::anonymous(&hearth.app).get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(document["servers"][0]["url"], "http://hearth.test/api/v1");
    assert!(document["paths"]["/version"]["get"]["summary"].is_string(), "{document}");
    let operations = document["paths"].as_object().expect("paths").values();
    let operations = operations.flat_map(|item| item.as_object().into_iter().flatten());
    for (_, operation) in operations.filter(|(_, operation)| operation["operationId"].is_string()) {
        assert!(operation["tags"][0].as_str().is_some_and(|group| !group.is_empty()), "{operation}");
    }
    let moved = Client::anonymous(&hearth.app).get("/api/swagger").await.expect(303);
    assert_eq!(moved.header("location"), "/-/api", "people read it there");
    let schemas = &document["components"]["schemas"];
    assert!(schemas["Problem"].is_object());
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().expect("the end of a reference");
        assert!(schemas[name].is_object(), "{name} is not described");
    }
    let steps = &document["paths"]["/tasks/{id}/timeline"]["get"]["responses"]["200"];
    assert!(steps.to_string().contains("/Step\""), "a list says what it is made of: {steps}");
    let create = &document["paths"]["/{owner}/{repo}/ai_task/create"]["post"];
    assert!(create["responses"]["200"].to_string().contains("ai_task.Made"), "{create}");
}

#[tokio::test]
async fn bodies_are_bounded_in_size_and_depth() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let long = format!("{{\"name\": \"{}\"}}", "x".repeat(3 << 20));
    let refused = mei.call(Method::POST, "/api/v1/user/repos", &long).await.expect(413).json();
    assert_eq!(refused["code"], "too-large");
    for body in ["{\"name\":", "[1, 2", "\u{0}", &"[".repeat(100_000), "\"text\""] {
        mei.call(Method::POST, "/api/v1/user/repos", body).await.expect(422);
    }
    mei.call(Method::TRACE, "/api/v1/user/repos", "").await.expect(405);
}
