use super::{project, tag};

#[tokio::test]
async fn tags_can_be_browsed_and_downloaded() {
    let site = project().await;
    assert!(site.get("/mei/llm/tags", "en").await.body.contains("git tag v1.0"));
    tag(&site, "v1.0").await;
    let page = site.get("/mei/llm/tags", "en").await;
    assert!(
        page.body.contains("/mei/llm/src/tag/v1.0") && page.body.contains("/mei/llm/archive/v1.0.tar.gz")
    );
}
