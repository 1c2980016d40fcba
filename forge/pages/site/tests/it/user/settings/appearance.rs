use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/user/settings/appearance";

#[tokio::test]
async fn language_and_colours_go_with_the_account() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let fields = [("language", "zh-CN"), ("theme", "dark")];
    assert_eq!(browser.post(PAGE, PAGE, &fields).await.status, StatusCode::SEE_OTHER);
    for _ in 0..2 {
        let page = browser.get_in("/-/about", "en").await;
        assert!(page.body.contains("<html lang=\"zh-CN\" data-theme=\"dark\">"));
    }
    let fields = [("language", ""), ("theme", "auto")];
    browser.post(PAGE, PAGE, &fields).await;
    let page = browser.get_in("/-/about", "en").await;
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"auto\">"));
}

#[tokio::test]
async fn the_switches_in_the_footer_change_the_account_too() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    browser.post("/-/about", "/-/language", &[("value", "zh-CN")]).await;
    browser.post("/-/about", "/-/theme", &[("value", "light")]).await;
    let page = browser.get_in(PAGE, "en").await;
    assert!(page.body.contains("<html lang=\"zh-CN\" data-theme=\"light\">"));
    assert!(page.body.contains("value=\"zh-CN\" checked") && page.body.contains("value=\"light\" checked"));
}

#[tokio::test]
async fn unknown_choices_are_refused() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    for fields in [[("language", "xx"), ("theme", "dark")], [("language", ""), ("theme", "pink")]] {
        assert_eq!(browser.post(PAGE, PAGE, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
