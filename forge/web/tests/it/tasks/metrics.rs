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

#[tokio::test]
async fn a_page_says_what_its_charts_leave_out() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("long").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    let page = format!("/tasks/{task}/metrics");
    agent.metrics("{\"step\": 1, \"loss\": 0.9}\n").await;
    assert!(!laboratory.site.get(&page, "en").await.body.contains("All values are in metrics.jsonl"));
    let long: Vec<_> =
        (0..2_000).map(|step| format!("{{\"step\": {step}, \"loss\": {}}}\n", step % 7)).collect();
    agent.metrics(&long.concat()).await;
    let many: Vec<_> = (0..300).map(|name| format!("{{\"name{name}\": 1}}\n")).collect();
    agent.metrics(&many.concat()).await;
    for (language, sentences) in [
        ("en", ["All values are in metrics.jsonl", "more than 200 metrics", "176 more curves"]),
        ("zh-CN", ["全部数值在 metrics.jsonl 中", "指标超过 200 个", "另有 176 条曲线"]),
    ] {
        let shown = laboratory.site.get(&page, language).await;
        for sentence in sentences {
            assert!(shown.body.contains(sentence), "{sentence} is missing in {}", shown.body);
        }
    }
    let overview = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert!(overview.body.contains("188 more curves"), "{}", overview.body);
}
