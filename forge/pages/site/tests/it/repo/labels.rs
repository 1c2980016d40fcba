use axum::http::StatusCode;

use super::issues::project;

const LABELS: &str = "/mei/llm/labels";

#[tokio::test]
async fn labels_are_made_changed_and_deleted() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "bug"), ("color", "#ff0000"), ("description", "Broken")];
    assert_eq!(mei.post(LABELS, LABELS, &fields).await.status, StatusCode::SEE_OTHER);
    let page = mei.get(LABELS).await;
    assert!(page.body.contains("fill=\"#ff0000\"") && page.body.contains("Broken"));
    let action = page.between("action=\"/mei/llm/labels/", "\"").to_owned();
    let action = format!("/mei/llm/labels/{action}");
    mei.post(LABELS, &action, &[("name", "缺陷"), ("color", "#00ff00"), ("description", "")]).await;
    assert!(mei.get(LABELS).await.body.contains("缺陷"));
    mei.post(LABELS, &format!("{action}/delete"), &[]).await;
    assert!(mei.get(LABELS).await.body.contains("No labels yet"));
}

#[tokio::test]
async fn a_taken_name_and_a_bad_colour_come_back() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    mei.post(LABELS, LABELS, &[("name", "bug"), ("color", "#ff0000")]).await;
    let taken = mei.post(LABELS, LABELS, &[("name", "BUG"), ("color", "#ff0000")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("A label with this name already exists."));
    let bad = mei.post(LABELS, LABELS, &[("name", "x"), ("color", "red\"><script>")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("six hex digits") && !bad.body.contains("<script>\""));
}

#[tokio::test]
async fn readers_see_labels_and_change_none() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let page = bo.get(LABELS).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("action=\"/mei/llm/labels\""));
    let refused = bo.post(LABELS, LABELS, &[("name", "x"), ("color", "#ffffff")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(site.get(LABELS, "zh-CN").await.body.contains("还没有标签"));
}
