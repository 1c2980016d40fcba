use axum::http::StatusCode;

use super::{NEW, publish};
use crate::repo::project;

#[tokio::test]
async fn a_draft_is_changed_and_published_and_a_stale_form_is_refused() {
    let site = project().await;
    let mei = publish(&site, "v1").await;
    let draft = [("tag_name", "v2"), ("title", "Second"), ("act", "draft")];
    mei.post(NEW, NEW, &draft).await;
    let edit = "/mei/llm/releases/edit/2";
    let form = mei.get(edit).await;
    assert!(form.body.contains("Edit Second") && form.body.contains("Publish release"), "{}", form.body);
    let fields =
        [("tag_name", "v2"), ("title", "Second"), ("notes", "Now"), ("seen", "1"), ("act", "publish")];
    let published = mei.post(edit, edit, &fields).await;
    assert_eq!(published.header("location"), "/mei/llm/releases/tag/v2", "{}", published.body);
    assert!(site.get("/mei/llm/releases/tag/v2", "en").await.body.contains("<p>Now</p>"));
    let stale = mei.post(edit, edit, &fields).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("changed this after you opened it"), "{}", stale.body);
}
