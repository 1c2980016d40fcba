use axum::http::StatusCode;

use super::issues::project;

#[tokio::test]
async fn a_preview_is_what_the_page_will_show() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [("text", "**x** @mei <script>alert(1)</script>")];
    let drawn = mei.post("/mei/llm/issues/new", "/mei/llm/markdown", &fields).await;
    assert_eq!(drawn.status, StatusCode::OK);
    assert!(drawn.body.contains("<strong>x</strong>") && drawn.body.contains("class=\"mention\""));
    assert!(!drawn.body.contains("<script"));
}

#[tokio::test]
async fn visitors_cannot_make_the_server_draw() {
    let site = project().await;
    let asked = site.post("/user/login", "/mei/llm/markdown", &[("text", "x")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert!(asked.header("location").starts_with("/user/login"));
}
