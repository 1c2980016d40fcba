use axum::http::StatusCode;
use hearth_app::{Unit, content};

use super::{asked, enter};

const EDIT: &str = "/mei/llm/pulls/1/edit";

#[tokio::test]
async fn title_text_and_base_branch_are_changed_together() {
    let site = asked().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "release", "main").await.expect("a new branch");
    let mei = site.signed_in("mei").await;
    let version = mei.get(EDIT).await.between("name=\"version\" value=\"", "\"").to_owned();
    let fields = [("title", "Better"), ("body", "text"), ("base", "release"), ("version", &version)];
    assert_eq!(mei.post(EDIT, EDIT, &fields).await.header("location"), "/mei/llm/pulls/1");
    let page = mei.get("/mei/llm/pulls/1").await;
    assert!(page.body.contains("Better") && page.body.contains("changed the base branch"), "{}", page.body);
    let refused = mei.post(EDIT, EDIT, &[("title", " "), ("body", "kept"), ("version", "99")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("kept"));
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(EDIT).await.status, StatusCode::FORBIDDEN);
}
