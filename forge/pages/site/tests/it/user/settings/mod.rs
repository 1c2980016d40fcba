mod account;
mod appearance;
mod applications;
mod gpg_keys;
mod keys;
mod organizations;
mod profile;
mod repositories;
mod security;

use axum::http::StatusCode;

use crate::site::Site;

const SECTIONS: [&str; 9] = [
    "profile",
    "account",
    "appearance",
    "applications",
    "gpg-keys",
    "keys",
    "organizations",
    "repositories",
    "security",
];

#[tokio::test]
async fn strangers_are_asked_to_sign_in_and_come_back() {
    let site = Site::new().await;
    for section in SECTIONS {
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
    for section in SECTIONS {
        for language in ["en", "zh-CN"] {
            let answer = browser.get_in(&format!("/user/settings/{section}"), language).await;
            assert_eq!(answer.status, StatusCode::OK, "{section}");
            assert!(answer.body.contains(&format!("<html lang=\"{language}\"")), "{section}");
        }
    }
}
