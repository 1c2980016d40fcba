use std::fmt::Write as _;

use axum::http::StatusCode;
use hearth_app::task::NewTask;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn a_log_is_shown_as_text_and_downloaded_as_it_is() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/log"), "en").await;
    assert!(shown.body.contains("id=\"L2\"") && shown.body.contains("epoch 2 loss=0.4"), "{}", shown.body);
    assert!(!shown.body.contains("<script>alert") && !shown.body.contains('\u{1b}'));
    assert!(!shown.body.contains("log/stream"), "nothing comes to a log that is over");
    let file = laboratory.site.get(&format!("/tasks/{task}/log/download"), "en").await;
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert!(file.header("content-disposition").contains(&format!("task-{task}.log")));
    assert!(file.body.contains('\u{1b}'));
}

#[tokio::test]
async fn a_link_to_a_line_of_a_long_log_opens_around_it() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("long").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    let text = (1..=3_000).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "line {line}");
        text
    });
    agent.log(&text).await;
    agent.log("half a li").await;
    let end = laboratory.site.get(&format!("/tasks/{task}/log"), "en").await;
    // What an already open page waits for, and the offset from which its lines are streamed.
    assert!(end.body.contains("<live-fragment id=\"task-part\" data-done>"), "{}", end.body);
    assert!(end.body.contains("id=\"L3000\"") && !end.body.contains("id=\"L1\""));
    assert!(!end.body.contains("half a li"), "an open line comes with what follows");
    assert!(end.body.contains(&format!("log/stream?attempt=1&#38;from={}", text.len())), "{}", end.body);
    let around = laboratory.site.get(&format!("/tasks/{task}/log?line=120"), "en").await;
    assert!(around.body.contains("id=\"L70\"") && around.body.contains("id=\"L120\""));
    assert!(!around.body.contains("id=\"L69\"") && !around.body.contains("log/stream"));
}

#[tokio::test]
async fn a_task_that_waits_has_no_log_yet() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/log"), "en").await;
    assert!(shown.body.contains("No log yet"));
    assert!(shown.body.contains("<live-fragment id=\"task-part\" data-source=\""), "{}", shown.body);
    let file = laboratory.site.get(&format!("/tasks/{task}/log/download"), "en").await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_machine_of_a_task_has_its_log() {
    let laboratory = Laboratory::with_machines(&["one", "two"]).await;
    let new = NewTask { nodes: 2, ..NewTask::script("train.py") };
    let task = laboratory.launch_as(new).await;
    let mut agent = laboratory.agent(task).await;
    agent.log("from the first\n").await;
    agent.log_of(1, "from the second\n").await;
    let first = laboratory.site.get(&format!("/tasks/{task}/log"), "en").await;
    assert!(first.body.contains("from the first") && !first.body.contains("from the second"));
    for part in ["Machine logs", "0 · one", "1 · two", "attempt=1&#38;node=1"] {
        assert!(first.body.contains(part), "{part} is missing in {}", first.body);
    }
    let second = laboratory.site.get(&format!("/tasks/{task}/log?node=1"), "zh-CN").await;
    assert!(
        second.body.contains("from the second") && second.body.contains("各机器的日志"),
        "{}",
        second.body
    );
    assert!(second.body.contains("log/stream?attempt=1&#38;from=16&#38;node=1"), "{}", second.body);
    let file = laboratory.site.get(&format!("/tasks/{task}/log/download?attempt=1&node=1"), "en").await;
    assert_eq!(file.body, "from the second\n");
    let none = laboratory.site.get(&format!("/tasks/{task}/log?node=2"), "en").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
