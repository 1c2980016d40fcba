use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/user/settings/profile";

#[tokio::test]
async fn what_one_says_of_oneself_is_kept() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let fields = [
        ("display_name", "梅 <b>"),
        ("biography", "第一行\n第二行"),
        ("website", "https://example.org"),
        ("location", ""),
        ("shows_email", "true"),
    ];
    assert_eq!(browser.post(PAGE, PAGE, &fields).await.header("location"), PAGE);
    let shown = browser.get(PAGE).await;
    assert!(shown.body.contains("Saved.") && shown.body.contains("梅 &#60;b&#62;"), "{}", shown.body);
    assert!(shown.body.contains("第一行\n第二行") && !shown.body.contains("<b>"));
    assert!(shown.body.contains("name=\"shows_email\" value=\"true\" checked"));
}

#[tokio::test]
async fn what_cannot_be_taken_is_shown_again() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let fields = [
        ("display_name", ""),
        ("biography", ""),
        ("website", "javascript:alert(1)"),
        ("location", ""),
        ("is_admin", "true"),
    ];
    let answer = browser.post(PAGE, PAGE, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("value=\"javascript:alert(1)\""));
    assert!(!browser.get(PAGE).await.body.contains("Site administration"));
}
