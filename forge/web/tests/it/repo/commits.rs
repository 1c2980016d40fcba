use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn a_history_is_listed_newest_first() {
    let site = project().await;
    let page = site.get("/mei/llm/commits/branch/main", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    let (draw, begin) = (page.body.find(">Draw "), page.body.find(">Begin<"));
    assert!(draw.expect("the newest") < begin.expect("the first"));
}

#[tokio::test]
async fn the_history_of_a_file_holds_only_its_commits() {
    let site = project().await;
    let page = site.get("/mei/llm/commits/branch/main/src/train.py", "en").await;
    assert!(page.body.contains(">Begin<") && !page.body.contains(">Draw "));
}

#[tokio::test]
async fn a_page_beyond_the_end_is_empty() {
    let site = project().await;
    assert_eq!(site.get("/mei/llm/commits/branch/main?page=4000000000", "en").await.status, StatusCode::OK);
}
