use axum::http::StatusCode;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn curves_are_drawn_and_can_be_read_as_a_table() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/metrics"), "en").await;
    assert!(
        shown.body.contains("<figure class=\"chart\">")
            && shown.body.contains("<td class=\"number\">0.4</td>")
    );
    let file = laboratory.site.get(&format!("/tasks/{task}/metrics/download"), "en").await;
    assert!(file.body.contains("\"loss\": 0.9"));
}

#[tokio::test]
async fn without_metrics_a_page_says_how_to_make_some() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/metrics"), "en").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("No metrics yet") && shown.body.contains("print("));
}
