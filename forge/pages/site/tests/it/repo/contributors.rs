use axum::http::StatusCode;

use super::project;
use crate::site::Site;

#[tokio::test]
async fn people_are_listed_with_their_commits_and_a_chart_of_the_weeks() {
    let site = project().await;
    let page = site.get("/mei/llm/contributors", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("2 commits by one person, without merges"), "{}", page.body);
    assert!(page.body.contains("<chart-view") && page.body.contains("class=\"contributor-weeks\""));
    // The account hides its address, so a commit with that address does not lead to it.
    assert!(page.body.contains("Mei") && !page.body.contains("href=\"/mei\">Mei"), "{}", page.body);
    assert!(site.get("/mei/llm/contributors", "zh-CN").await.body.contains("1 人共 2 次提交，不含合并"));
}

#[tokio::test]
async fn a_repository_without_commits_says_what_is_counted() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let page = site.get("/mei/llm/contributors", "en").await;
    assert!(page.body.contains("Nothing counted yet"), "{}", page.body);
}
