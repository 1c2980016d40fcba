use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn a_commit_shows_what_it_changed() {
    let site = project().await;
    let list = site.get("/mei/llm/commits/branch/main", "en").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"");
    let page = site.get(address, "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("3 changed files"), "{}", page.body);
    assert!(page.body.contains("class=\"add\""));
    assert!(page.body.contains("Binary file not shown"));
    assert!(!page.body.contains("<script>alert"), "what was committed is text");
}

#[tokio::test]
async fn an_unknown_commit_is_not_found() {
    let site = project().await;
    for id in ["0123456789", "main", "--help", "0000000000000000000000000000000000000000"] {
        assert_eq!(
            site.get(&format!("/mei/llm/commit/{id}"), "en").await.status,
            StatusCode::NOT_FOUND,
            "{id}"
        );
    }
}
