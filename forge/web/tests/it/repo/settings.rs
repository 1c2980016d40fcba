use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn an_owner_hides_and_describes_a_repository() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [
        ("description", "New words"),
        ("website", ""),
        ("visibility", "private"),
        ("default_branch", "main"),
    ];
    let saved = mei.post("/mei/llm/settings", "/mei/llm/settings", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(mei.get("/mei/llm").await.body.contains("New words"));
    assert_eq!(site.get("/mei/llm", "en").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_full_name_deletes() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let refused = mei.post("/mei/llm/settings", "/mei/llm/settings/delete", &[("confirm", "llm")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mei.get("/mei/llm").await.status, StatusCode::OK);
    let gone = mei.post("/mei/llm/settings", "/mei/llm/settings/delete", &[("confirm", "mei/llm")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(mei.get("/mei/llm").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visitor_finds_no_settings_of_others() {
    let site = project().await;
    let lin = site.signed_in("lin").await;
    assert_eq!(lin.get("/mei/llm/settings").await.status, StatusCode::FORBIDDEN);
}
