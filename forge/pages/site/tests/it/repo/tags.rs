use axum::http::StatusCode;

use super::{project, tag};

const TAGS: &str = "/mei/llm/tags";

#[tokio::test]
async fn tags_can_be_browsed_and_downloaded() {
    let site = project().await;
    assert!(site.get(TAGS, "en").await.body.contains("git tag v1.0"));
    tag(&site, "v1.0").await;
    let page = site.get(TAGS, "en").await;
    assert!(
        page.body.contains("/mei/llm/src/tag/v1.0") && page.body.contains("/mei/llm/archive/v1.0.tar.gz")
    );
}

#[tokio::test]
async fn a_tag_is_made_with_a_message_deleted_and_restored() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [("tag_name", "v2"), ("revision", "main"), ("message", "The second one")];
    let made = mei.post(TAGS, &format!("{TAGS}/new"), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = mei.get(TAGS).await;
    assert!(page.body.contains("The second one") && page.body.contains("/mei/llm/releases/new?tag=v2"));
    let refused = mei.post(TAGS, &format!("{TAGS}/new"), &[("tag_name", "a b"), ("revision", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    mei.post(TAGS, &format!("{TAGS}/delete"), &[("name", "v2")]).await;
    assert!(mei.get(TAGS).await.body.contains("Restore v2"));
    mei.post(TAGS, &format!("{TAGS}/restore"), &[("name", "v2")]).await;
    assert!(site.get(TAGS, "en").await.body.contains("The second one"));
}
