use axum::http::StatusCode;

use crate::organization::lab;

#[tokio::test]
async fn ones_organisations_are_listed_and_left() {
    let site = lab().await;
    let bo = site.signed_in("bo").await;
    let page = "/user/settings/organizations";
    assert!(bo.get_in(page, "zh-CN").await.body.contains("退出 lab"));
    let left = bo.post(page, "/lab/-/people/leave", &[]).await;
    assert_eq!((left.status, left.header("location")), (StatusCode::SEE_OTHER, page), "{}", left.body);
    assert!(bo.get(page).await.body.contains("No organisations yet"));
}
