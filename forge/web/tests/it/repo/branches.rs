use super::project;

#[tokio::test]
async fn the_default_branch_comes_first_and_is_marked() {
    let site = project().await;
    let page = site.get("/mei/llm/branches", "en").await;
    assert!(page.body.contains("href=\"/mei/llm/src/branch/main\"") && page.body.contains("Default"));
}
