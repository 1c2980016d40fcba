use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn chosen_language_is_kept_and_the_reader_comes_back() {
    let fields = [("value", "zh-CN"), ("return_to", "/-/about?lang=en&a=1")];
    let answer = Site::new().await.post("/", "/-/language", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/-/about?a=1");
    assert_eq!(answer.cookie("hearth_lang"), Some("zh-CN"));
}

#[tokio::test]
async fn chosen_colours_are_kept_and_other_sites_are_no_way_back() {
    let fields = [("value", "dark"), ("return_to", "//evil.example")];
    let answer = Site::new().await.post("/", "/-/theme", &fields).await;
    assert_eq!(answer.header("location"), "/");
    assert_eq!(answer.cookie("hearth_theme"), Some("dark"));
}

#[tokio::test]
async fn unknown_colours_are_refused() {
    let answer = Site::new().await.post("/", "/-/theme", &[("value", "pink")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}
