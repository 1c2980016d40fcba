use std::time::Duration;

use axum::http::StatusCode;
use hearth_core::{Outcome, Reason, TaskState};

use crate::laboratory::Laboratory;

#[tokio::test]
async fn a_stream_sends_what_is_missing_and_ends_with_the_task() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let all = laboratory.site.get(&format!("/tasks/{task}/log/stream?attempt=1"), "en").await;
    assert_eq!(all.header("content-type"), "text/event-stream");
    assert!(all.body.contains("data: epoch 1 loss=0.9") && all.body.contains("event: end"), "{}", all.body);
    let rest = laboratory.site.get(&format!("/tasks/{task}/log/stream?attempt=1&from=17"), "en").await;
    assert!(!rest.body.contains("epoch 1") && rest.body.contains("data: epoch 2 loss=0.4"), "{}", rest.body);
    let news = laboratory.site.get(&format!("/tasks/{task}/events"), "en").await;
    assert!(news.body.contains("event: end"));
}

#[tokio::test]
async fn lines_come_while_the_task_runs() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log("first\n").await;
    let address = format!("/tasks/{task}/log/stream?attempt=1");
    let write = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        agent.log("second\nthi").await;
        agent.log("rd\n").await;
        let good = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        agent.finish(good, 0).await;
    };
    let (seen, ()) = tokio::join!(laboratory.site.get(&address, "en"), write);
    let lines: Vec<&str> = seen.body.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(lines, ["first", "second", "third", "end"], "{}", seen.body);
}

#[tokio::test]
async fn streams_are_for_those_who_may_read() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    for path in ["/tasks/99/events".to_owned(), format!("/tasks/{task}/log/stream?attempt=5")] {
        assert_eq!(laboratory.site.get(&path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
