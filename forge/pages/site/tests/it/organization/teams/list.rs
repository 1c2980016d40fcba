use axum::http::StatusCode;

use crate::organization::lab;

#[tokio::test]
async fn members_see_the_teams_and_strangers_do_not() {
    let site = lab().await;
    let bo = site.signed_in("bo").await.get_in("/lab/-/teams", "zh-CN").await;
    assert!(bo.body.contains("readers") && bo.body.contains("Owners") && bo.body.contains("1 名成员"));
    assert!(!bo.body.contains("/lab/-/teams/new"));
    assert_eq!(site.get("/lab/-/teams", "en").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/lab/-/teams/readers", "en").await.status, StatusCode::NOT_FOUND);
}
