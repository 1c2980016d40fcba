use axum::http::StatusCode;

use super::{opened, project};

const FORM: &str = "/mei/llm/issues/1/edit";

#[tokio::test]
async fn an_author_changes_title_and_text() {
    let site = project().await;
    site.hearth.user("bo").await;
    opened(&site, "bo", "Old", "text").await;
    let bo = site.signed_in("bo").await;
    let fields = [("title", "New"), ("body", "other"), ("version", "1")];
    let saved = bo.post(FORM, FORM, &fields).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/mei/llm/issues/1"));
    let page = site.get("/mei/llm/issues/1", "en").await;
    assert!(page.body.contains("changed the title from <del>Old</del> to <strong>New</strong>"));
}

#[tokio::test]
async fn an_edit_of_an_older_text_is_shown_and_not_lost() {
    let site = project().await;
    opened(&site, "mei", "a", "text").await;
    let mei = site.signed_in("mei").await;
    mei.post(FORM, FORM, &[("title", "a"), ("body", "first"), ("version", "1")]).await;
    let stale = mei.post(FORM, FORM, &[("title", "a"), ("body", "second"), ("version", "1")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("Someone else changed this") && stale.body.contains("second"));
    assert!(stale.body.contains("name=\"version\" value=\"2\""));
}

#[tokio::test]
async fn others_cannot_edit() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(FORM).await.status, StatusCode::FORBIDDEN);
    let refused = bo.post("/mei/llm/issues/1", FORM, &[("title", "b"), ("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
