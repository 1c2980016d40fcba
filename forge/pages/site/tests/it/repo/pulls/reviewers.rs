use axum::http::StatusCode;
use hearth_core::Permission;

use super::asked;

const PULL: &str = "/mei/llm/pulls/1";
const REVIEWERS: &str = "/mei/llm/pulls/1/reviewers";

#[tokio::test]
async fn reviews_are_requested_and_withdrawn_beside_the_conversation() {
    let site = asked().await;
    let bo = site.signed_in("bo").await;
    let row = site.hearth.find_repository("mei/llm").await;
    site.hearth.permit(&row, "bo", Permission::Write).await;
    let mei = site.signed_in("mei").await;
    let asked = mei.post(PULL, REVIEWERS, &[("other", "bo")]).await;
    assert_eq!(asked.header("location"), PULL, "{}", asked.body);
    let page = mei.get(PULL).await;
    assert!(page.body.contains("Review requested") && page.body.contains("requested a review from"));
    let dashboard = bo.get("/").await;
    assert!(dashboard.body.contains("your review is requested"), "{}", dashboard.body);
    mei.post(PULL, REVIEWERS, &[("withdraw", "bo")]).await;
    assert!(mei.get(PULL).await.body.contains("withdrew the review request"));
    let refused = mei.post(PULL, REVIEWERS, &[("other", "nobody")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
