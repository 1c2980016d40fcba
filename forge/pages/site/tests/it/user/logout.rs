use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn who_signs_out_is_out_on_the_server_too() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let id = browser.cookie("hearth_session").expect("a session");
    let answer = browser.post("/-/about", "/user/logout", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(browser.cookie("hearth_session"), None);

    let thief = site.browser();
    thief.set_cookie("hearth_session", &id);
    assert!(!thief.get("/-/about").await.body.contains("Account: mei"));
}

#[tokio::test]
async fn a_link_signs_nobody_out() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    assert_eq!(browser.get("/user/logout").await.status, StatusCode::NOT_FOUND);
    assert!(browser.get("/-/about").await.body.contains("Account: mei"));
}
