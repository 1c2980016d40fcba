use axum::http::StatusCode;
use hearth_core::{Reason, TaskState};

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
        ("en", ["All values are in metrics.jsonl", "More than 200 metrics", "176 more curves"]),
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

/// A task of `mei/llm` that measured these lines.
async fn measured(laboratory: &Laboratory, name: &str, lines: &str) -> hearth_core::TaskId {
    let task = laboratory.launch(name).await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.metrics(lines).await;
    agent.finish(hearth_core::Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished }, 0).await;
    task
}

#[tokio::test]
async fn values_that_are_not_finite_and_names_of_any_script_are_drawn() {
    let laboratory = Laboratory::new().await;
    let lines = "{\"step\": 1, \"验证/损失\": 0.5}\n{\"step\": 2, \"验证/损失\": NaN}\n{\"step\": 3, \"验证/损失\": \"Infinity\"}\n";
    let task = measured(&laboratory, "one", lines).await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/metrics"), "en").await;
    assert!(shown.body.contains("验证/损失: one value is NaN (Step 2)"), "{}", shown.body);
    assert_eq!(shown.body.matches("<path class=\"gap").count(), 2);
    let data = laboratory.site.get(&format!("/tasks/{task}/metrics/data"), "en").await;
    let data: serde_json::Value = serde_json::from_str(&data.body).expect("JSON");
    let gaps = &data["验证/损失"]["series"][0]["gaps"];
    assert_eq!(gaps.to_string(), "[[2,2,\"NaN\",1],[3,3,\"Infinity\",1]]");
}

#[tokio::test]
async fn tasks_of_the_repository_are_drawn_over_each_other() {
    let laboratory = Laboratory::new().await;
    let first =
        measured(&laboratory, "first", "{\"step\": 1, \"loss\": 0.9}\n{\"step\": 2, \"loss\": 0.4}\n").await;
    let second =
        measured(&laboratory, "second", "{\"step\": 1, \"loss\": 0.8}\n{\"step\": 2, \"rate\": 0.1}\n").await;
    let page = format!("/tasks/{first}/metrics?with={second},999&smoothing=60&scale=log");
    let shown = laboratory.site.get(&page, "en").await;
    assert!(shown.body.contains(&format!("#{second} second")), "{}", shown.body);
    assert!(shown.body.contains("line-1 dash-1") && shown.body.contains("data-smoothing=\"60\" "));
    assert!(shown.body.contains("Compared with 1 task"), "{}", shown.body);
    let csv = laboratory.site.get(&format!("/tasks/{first}/metrics/csv?name=loss&with={second}"), "en").await;
    assert!(csv.header("content-disposition").contains("loss.csv"));
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);
    assert!(csv.body.contains(&format!("{second},1,,")), "{}", csv.body);
    let svg = laboratory.site.get(&format!("/tasks/{first}/metrics/svg?name=loss&with={second}"), "en").await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.body.starts_with("<svg xmlns=") && svg.body.contains("second"));
    let none = laboratory.site.get(&format!("/tasks/{first}/metrics/svg?name=nothing"), "en").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_task_that_may_not_be_seen_is_not_drawn() {
    let laboratory = Laboratory::new().await;
    let first = measured(&laboratory, "first", "{\"step\": 1, \"loss\": 0.9}\n").await;
    let odd = format!("/tasks/{first}/metrics?with={first},0,-1,x&x=up&smoothing=1e9&from=5&to=nan&attempt=");
    let shown = laboratory.site.get(&odd, "zh-CN").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.body.contains("class=\"legend\""), "{}", shown.body);
    let absent = laboratory.site.get("/tasks/999/metrics/data", "en").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_axis_is_chosen_in_the_address() {
    let laboratory = Laboratory::new().await;
    let lines = "{\"time\": 1795996800, \"step\": 1, \"loss\": 0.9}\n{\"time\": 1795996890, \"step\": 2, \"loss\": 0.4}\n";
    let task = measured(&laboratory, "one", lines).await;
    for (axis, seen) in [("step", ">1</text>"), ("relative", ">20 s</text>"), ("wall", ">UTC</text>")] {
        let shown = laboratory.site.get(&format!("/tasks/{task}/metrics?x={axis}"), "en").await;
        assert!(shown.body.contains(seen), "{axis}: {}", shown.body);
    }
    let part = laboratory.site.get(&format!("/tasks/{task}/metrics?from=1.5&to=3"), "en").await;
    assert!(part.body.contains("latest 0.4, lowest 0.4, highest 0.4"), "{}", part.body);
    assert!(part.body.contains("Show everything"));
}
