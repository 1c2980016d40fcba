use axum::http::StatusCode;

use super::asked;

#[tokio::test]
async fn a_pull_request_is_a_patch_for_programs() {
    let site = asked().await;
    let diff = site.get("/mei/llm/pulls/1.diff", "en").await;
    assert_eq!(diff.status, StatusCode::OK, "{}", diff.body);
    assert!(diff.headers["content-type"].to_str().expect("plain").starts_with("text/plain"));
    assert!(diff.body.starts_with("diff --git") && diff.body.contains("-before\n+after\n"), "{}", diff.body);
    let patch = site.get("/mei/llm/pulls/1.patch", "en").await;
    assert_eq!(patch.body.matches("\nSubject: ").count(), 2, "{}", patch.body);
    assert_eq!(site.get("/mei/llm/pulls/2.diff", "en").await.status, StatusCode::NOT_FOUND);
}
