mod account;
mod appearance;
mod applications;
mod organizations;
mod profile;
mod repositories;
mod security;

use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn strangers_are_asked_to_sign_in_and_come_back() {
    let site = Site::new().await;
    for section in
        ["profile", "account", "appearance", "applications", "organizations", "repositories", "security"]
    {
        let answer = site.get(&format!("/user/settings/{section}"), "en").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let back = format!("/user/login?redirect_to=%2Fuser%2Fsettings%2F{section}");
        assert_eq!(answer.header("location"), back);
    }
}

#[tokio::test]
async fn every_section_is_drawn_in_both_languages() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    for section in
        ["profile", "account", "appearance", "applications", "organizations", "repositories", "security"]
    {
        for language in ["en", "zh-CN"] {
            let answer = browser.get_in(&format!("/user/settings/{section}"), language).await;
            assert_eq!(answer.status, StatusCode::OK, "{section}");
            assert!(answer.body.contains(&format!("<html lang=\"{language}\"")), "{section}");
        }
    }
}
