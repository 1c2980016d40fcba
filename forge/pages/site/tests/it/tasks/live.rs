use std::time::Duration;

use axum::{body::to_bytes, http::StatusCode};
use hearth_core::{Outcome, Reason, TaskState};

use crate::laboratory::Laboratory;

/// More than any of these streams has.
const MOST_BYTES: usize = 1 << 20;

#[tokio::test]
async fn a_stream_sends_what_is_missing_and_ends_with_the_task() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let all = laboratory.site.get(&format!("/tasks/{task}/log/stream?attempt=1"), "en").await;
    assert_eq!(all.header("content-type"), "text/event-stream");
    assert!(
        all.body.contains("<code>epoch 1 loss=0.9</code>") && all.body.contains("event: end"),
        "{}",
        all.body
    );
    assert!(all.body.contains("event: all") && !all.body.contains("<script>"), "{}", all.body);
    let rest = laboratory.site.get(&format!("/tasks/{task}/log/stream?attempt=1&from=17-2"), "en").await;
    assert!(!rest.body.contains("epoch 1") && rest.body.contains("id=\"L2\""), "{}", rest.body);
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
    let address = format!("/tasks/{task}/log/stream?attempt=1&from=0-1");
    let write = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        agent.log("second\nthi").await;
        agent.log("rd\n").await;
        let good = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        agent.finish(good, 0).await;
    };
    let (seen, ()) = tokio::join!(laboratory.site.get(&address, "en"), write);
    // As a page does: a row with a number that is there replaces it.
    let mut rows = std::collections::BTreeMap::new();
    for line in seen.body.lines().filter_map(|line| line.strip_prefix("data: <div id=\"L")) {
        let (number, row) = line.split_once('"').expect("a number");
        let text = row.split_once("<code>").and_then(|(_, text)| text.strip_suffix("</code></div>"));
        rows.insert(number.to_owned(), text.expect("a text").to_owned());
    }
    let rows: Vec<_> = rows.into_values().collect();
    assert_eq!(rows, ["first", "second", "third"], "{}", seen.body);
    assert!(seen.body.contains("event: end"));
}

#[tokio::test]
async fn a_stream_ends_with_the_session_of_its_reader() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log("first\n").await;
    for path in [format!("/tasks/{task}/log/stream?attempt=1"), format!("/tasks/{task}/events")] {
        let mei = laboratory.site.signed_in("mei").await;
        let stream = mei.open(&path).await;
        let answer = mei.post("/-/about", "/user/logout", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let seen = to_bytes(stream, MOST_BYTES).await.expect("a stream that ends");
        assert!(seen.is_empty(), "{path}: {}", String::from_utf8_lossy(&seen));
    }
}

#[tokio::test]
async fn streams_are_for_those_who_may_read() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    for path in ["/tasks/99/events".to_owned(), format!("/tasks/{task}/log/stream?attempt=5")] {
        assert_eq!(laboratory.site.get(&path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
