use axum::http::StatusCode;

use super::{NEW, publish};
use crate::repo::project;

#[tokio::test]
async fn a_form_that_cannot_be_published_keeps_what_was_typed() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [("tag_name", "v 1"), ("notes", "Kept text"), ("task", "no number"), ("act", "publish")];
    let refused = mei.post(NEW, NEW, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("Kept text") && refused.body.contains("field-task"));
    let fields = [("tag_name", "v1"), ("target", "nowhere"), ("act", "publish")];
    let refused = mei.post(NEW, NEW, &fields).await;
    assert!(refused.body.contains("Branch, tag or commit not found."), "{}", refused.body);
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(NEW).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn notes_are_written_into_the_form_and_nothing_is_saved() {
    let site = project().await;
    let mei = publish(&site, "v1").await;
    let fields = [("tag_name", "v2"), ("title", "Second"), ("act", "generate")];
    let shown = mei.post(NEW, NEW, &fields).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.body.contains("/mei/llm/compare/v1...v2") && shown.body.contains("value=\"Second\""));
    assert_eq!(mei.get("/mei/llm/releases/tag/v2").await.status, StatusCode::NOT_FOUND);
}
