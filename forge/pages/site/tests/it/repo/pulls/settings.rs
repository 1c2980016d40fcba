use axum::http::StatusCode;

use super::asked;

const SETTINGS: &str = "/mei/llm/settings/merge";

#[tokio::test]
async fn administrators_choose_the_ways_of_merging() {
    let site = asked().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert_eq!(bo.get(SETTINGS).await.status, StatusCode::FORBIDDEN);
    let fields = [("methods", "squash"), ("default", "squash"), ("deletes_branch", "true")];
    let kept = mei.post(SETTINGS, SETTINGS, &fields).await;
    assert_eq!(kept.header("location"), SETTINGS, "{}", kept.body);
    let page = mei.get("/mei/llm/pulls/1").await;
    assert!(page.body.contains("value=\"squash\" checked"), "{}", page.body);
    assert!(!page.body.contains("name=\"method\" value=\"merge\""), "{}", page.body);
    let refused = mei.post(SETTINGS, SETTINGS, &[("default", "merge")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("This field is required."));
}
