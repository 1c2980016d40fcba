use axum::http::StatusCode;
use hearth_app::comment;
use hearth_core::ThreadNumber;

use super::{enter, opened, project};
use crate::site::Site;

async fn said(site: &Site, name: &str) -> String {
    opened(site, "mei", "a", "").await;
    let access = enter(site, name).await;
    let said = comment::add(&site.hearth.app, &access, ThreadNumber(1), "hello").await.expect("said");
    said.id.to_string()
}

#[tokio::test]
async fn a_comment_is_changed_and_says_that_it_was() {
    let site = project().await;
    let id = said(&site, "mei").await;
    let mei = site.signed_in("mei").await;
    let form = format!("/mei/llm/issues/comments/{id}/edit");
    let saved = mei.post(&form, &form, &[("body", "other words"), ("version", "1")]).await;
    assert_eq!(saved.header("location"), format!("/mei/llm/issues/1?comment={id}#issuecomment-{id}"));
    let page = site.get("/mei/llm/issues/1", "en").await;
    assert!(page.body.contains("other words") && page.body.contains("edited"));
    let stale = mei.post(&form, &form, &[("body", "late"), ("version", "1")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("late"));
}

#[tokio::test]
async fn a_comment_is_deleted_and_leaves_a_line() {
    let site = project().await;
    let id = said(&site, "mei").await;
    let mei = site.signed_in("mei").await;
    let form = format!("/mei/llm/issues/comments/{id}/edit");
    let gone = mei.post(&form, &format!("/mei/llm/issues/comments/{id}/delete"), &[]).await;
    assert_eq!(gone.header("location"), "/mei/llm/issues/1");
    let page = site.get("/mei/llm/issues/1", "en").await;
    assert!(!page.body.contains("hello") && page.body.contains("deleted a comment"));
    assert_eq!(mei.get(&form).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn others_neither_change_nor_delete() {
    let site = project().await;
    let id = said(&site, "mei").await;
    let bo = site.signed_in("bo").await;
    let form = format!("/mei/llm/issues/comments/{id}/edit");
    assert_eq!(bo.get(&form).await.status, StatusCode::FORBIDDEN);
    let refused = bo.post("/mei/llm/issues/1", &format!("/mei/llm/issues/comments/{id}/delete"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
