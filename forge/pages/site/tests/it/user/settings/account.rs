use axum::http::StatusCode;

use crate::site::{PASSWORD, Site};

const PAGE: &str = "/user/settings/account";

#[tokio::test]
async fn a_new_password_signs_every_other_browser_out() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let other = site.signed_in("mei").await;
    let browser = {
        // The second sign-in reset the password, so the first browser is already signed out: sign in again.
        drop(browser);
        let browser = site.browser();
        let fields = [("name", "mei"), ("password", PASSWORD)];
        browser.post("/user/login", "/user/login", &fields).await;
        browser
    };
    assert!(browser.get(PAGE).await.body.contains("You are signed in on 2 browsers"));
    let id = browser.cookie("hearth_session");

    let action = "/user/settings/account/password";
    let wrong = [("current_password", "wrong"), ("new_password", "another long sentence")];
    let answer = browser.post(PAGE, action, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Wrong current password."));
    assert_eq!(other.get(PAGE).await.status, StatusCode::OK);

    let right = [("current_password", PASSWORD), ("new_password", "another long sentence")];
    assert_eq!(browser.post(PAGE, action, &right).await.header("location"), PAGE);
    assert!(browser.get(PAGE).await.body.contains("You are signed in on this browser only."));
    assert_ne!(browser.cookie("hearth_session"), id);
    assert_eq!(other.get(PAGE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_signs_out_everywhere_else() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    let sign_in = async || {
        let browser = site.browser();
        let fields = [("name", "mei"), ("password", PASSWORD)];
        browser.post("/user/login", "/user/login", &fields).await;
        browser
    };
    let (here, there) = (sign_in().await, sign_in().await);
    let answer = here.post(PAGE, "/user/settings/account/sessions", &[]).await;
    assert_eq!(answer.header("location"), PAGE);
    assert_eq!(there.get(PAGE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_changes_with_the_password_alone() {
    let site = Site::new().await;
    site.signed_in("lin").await;
    let browser = site.signed_in("mei").await;
    let action = "/user/settings/account/email";
    let change = async |email: &str, password: &str| {
        let fields = [("email", email), ("current_password", password)];
        browser.post(PAGE, action, &fields).await
    };
    assert_eq!(change("new@example.org", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = change("LIN@example.org", PASSWORD).await;
    assert!(
        taken.body.contains("Another account uses this email address")
            && taken.body.contains("LIN@example.org")
    );
    assert_eq!(change("new@example.org", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(PAGE).await.body.contains("new@example.org"));
}

#[tokio::test]
async fn it_is_shown_what_ones_large_files_take() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    assert!(mei.get(PAGE).await.body.contains("0 B of 1.0 TiB in use."));
    assert!(mei.get_in(PAGE, "zh-CN").await.body.contains("大文件"));
}
