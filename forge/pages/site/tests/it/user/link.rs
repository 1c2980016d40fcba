use std::time::Duration;

use axum::http::StatusCode;
use hearth_app::user;
use hearth_core::urls;

use crate::site::Site;

async fn link(site: &Site) -> String {
    let mei = site.hearth.user("mei").await;
    urls::sign_in_link(&user::make_sign_in_link(&site.hearth.app, &mei).await.expect("made"))
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let site = Site::new().await;
    let link = link(&site).await;
    let browser = site.browser();
    assert_eq!(browser.post(&link, &link, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/user/settings/profile").await.status, StatusCode::OK);
    assert_eq!(site.browser().post(&link, &link, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_ends_after_a_day() {
    let site = Site::new().await;
    let link = link(&site).await;
    site.hearth.clock.advance(Duration::from_secs(25 * 3600));
    assert_eq!(site.browser().post(&link, &link, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn opening_a_link_uses_nothing_up() {
    let site = Site::new().await;
    let link = link(&site).await;
    site.get(&link, "en").await;
    assert_eq!(site.browser().post(&link, &link, &[]).await.status, StatusCode::SEE_OTHER);
}
