use axum::http::StatusCode;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn everybody_who_is_signed_in_sees_what_images_there_are() {
    let laboratory = Laboratory::new().await;
    laboratory.fill_image(&[("torch", "2.8.0", &["torch"]), ("PyYAML", "6.0", &["yaml"])]).await;
    let bo = laboratory.site.signed_in("bo").await;
    let list = bo.get("/images").await;
    assert!(
        list.body.contains("href=\"/images/python-3.11\"") && list.body.contains("2 packages"),
        "{}",
        list.body
    );
    let stranger = laboratory.site.get("/images", "en").await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
}
