use axum::http::StatusCode;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn a_waiting_task_is_stopped_run_again_and_deleted() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let mei = laboratory.site.signed_in("mei").await;
    let page = format!("/tasks/{task}");
    let stopped = mei.post(&page, &format!("{page}/stop"), &[]).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER, "{}", stopped.body);
    let shown = mei.get(&page).await;
    assert!(shown.body.contains("Stopped") && shown.body.contains("Run again"), "{}", shown.body);
    let again = mei.post(&page, &format!("{page}/rerun"), &[]).await;
    assert_ne!(again.header("location"), page);
    let gone = mei.post(&page, &format!("{page}/delete"), &[]).await;
    assert_eq!(gone.header("location"), "/mei/llm/tasks");
    assert_eq!(mei.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visitor_stops_nothing() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let bo = laboratory.site.signed_in("bo").await;
    let refused = bo.post("/-/about", &format!("/tasks/{task}/stop"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
