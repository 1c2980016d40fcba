use axum::http::StatusCode;

use super::project;

const TOPICS: &str = "/mei/llm/topics";

#[tokio::test]
async fn topics_are_edited_and_lead_to_the_repositories_that_have_them() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let saved = mei.post(TOPICS, TOPICS, &[("topic", "Vision, digits 模型")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = site.get("/mei/llm", "en").await;
    assert!(page.body.contains("/explore/repos?topic=vision"), "{}", page.body);
    assert!(site.get("/explore/repos?topic=vision", "en").await.body.contains("/mei/llm"));
    assert!(!site.get("/explore/repos?topic=speech", "en").await.body.contains("\"/mei/llm\""));
    let refused = mei.post(TOPICS, TOPICS, &[("topic", "-x kept")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"-x kept\""), "{}", refused.body);
    assert_eq!(site.signed_in("bo").await.get(TOPICS).await.status, StatusCode::FORBIDDEN);
}
