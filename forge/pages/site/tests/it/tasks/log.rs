use std::fmt::Write as _;

use axum::http::StatusCode;
use hearth_app::task::NewTask;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn a_log_is_shown_as_text_and_downloaded_as_it_is() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/log"), "en").await;
    assert!(shown.body.contains("id=\"L2\""), "{}", shown.body);
    assert!(!shown.body.contains("<script>alert") && !shown.body.contains('\u{1b}'));
    assert!(shown.body.contains("<span class=\"t-red\">epoch 2</span> loss=0.4"), "{}", shown.body);
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
    assert!(end.body.contains("half a li"), "an open line is shown, and drawn again when more of it comes");
    let from = format!("log/stream?attempt=1&#38;from={}-3001", text.len());
    assert!(end.body.contains(&from), "{}", end.body);
    let around = laboratory.site.get(&format!("/tasks/{task}/log?line=120"), "en").await;
    assert!(around.body.contains("id=\"L70\"") && around.body.contains("id=\"L120\""));
    assert!(!around.body.contains("id=\"L69\"") && !around.body.contains("log/stream"));
}

#[tokio::test]
async fn progress_bars_are_shown_as_they_stand() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("bars").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log("\r 10%|#   |\r 50%|##  |").await;
    let address = format!("/tasks/{task}/log");
    let half = laboratory.site.get(&address, "en").await;
    assert!(half.body.contains("<code> 50%|##  |</code>") && !half.body.contains("10%"), "{}", half.body);
    agent.log("\r100%|####|\nouter 1\ninner 1\u{1b}[A\router 2\ninner 2\u{1b}[A").await;
    let nested = laboratory.site.get(&address, "en").await;
    for (number, text) in [(1, "100%|####|"), (2, "outer 2"), (3, "inner 2")] {
        let row = format!("line={number}#L{number}\">{number}</a><code>{text}</code></div>");
        assert!(nested.body.contains(&row), "{row} is missing in {}", nested.body);
    }
    assert!(nested.body.contains("from=redraw"), "what is drawn over is told again: {}", nested.body);
}

#[tokio::test]
async fn a_log_is_searched_as_a_whole_and_one_goes_from_line_to_line() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("long").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    let line =
        |line: u32| if line % 1_000 == 7 { format!("Needle {line}\n") } else { format!("hay {line}\n") };
    agent.log(&(1..=3_000).map(line).collect::<String>()).await;
    let address = format!("/tasks/{task}/log");
    let first = laboratory.site.get(&format!("{address}?attempt=1&q=needle"), "en").await;
    for part in [
        "Match 1 of 3",
        "<mark>Needle</mark> 7<",
        "value=\"needle\"",
        "&#38;q=needle&#38;line=1007#L1007\" rel=\"next\"",
    ] {
        assert!(first.body.contains(part), "{part} is missing in {}", first.body);
    }
    assert!(
        !first.body.contains("rel=\"prev\"") && !first.body.contains("id=\"L1\""),
        "the match is in sight"
    );
    let second = laboratory.site.get(&format!("{address}?attempt=1&q=needle&line=1007"), "zh-CN").await;
    assert!(
        second.body.contains("第 2 处，共 3 处") && second.body.contains("id=\"L1007\""),
        "{}",
        second.body
    );
    assert!(
        second.body.contains("line=7#L7\" rel=\"prev\"")
            && second.body.contains("line=2007#L2007\" rel=\"next\"")
    );
    let none = laboratory.site.get(&format!("{address}?q=%3Cb%3E"), "en").await;
    assert!(none.body.contains("No matches") && none.body.contains("value=\"&#60;b&#62;\""));
    let long = "x".repeat(5_000);
    assert_eq!(laboratory.site.get(&format!("{address}?q={long}"), "en").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_goes_to_the_first_error_and_sees_how_far_it_reaches() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("broken").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log(&"all is well\n".repeat(900)).await;
    let address = format!("/tasks/{task}/log");
    let none = laboratory.site.get(&format!("{address}?attempt=1&error=first"), "en").await;
    assert!(none.body.contains("No errors found in this log"), "{}", none.body);
    agent.log("Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 1\nafter\n").await;
    agent.log(&"all is well\n".repeat(900)).await;
    let there = laboratory.site.get(&format!("{address}?attempt=1&error=first"), "en").await;
    assert_eq!(there.status, StatusCode::SEE_OTHER);
    let line = format!("{address}?attempt=1&line=901#L901");
    assert_eq!(there.header("location"), line);
    let shown = laboratory.site.get(&line, "en").await;
    for (number, class) in [
        (901, " class=\"is-error is-first\""),
        (902, " class=\"is-error\""),
        (903, " class=\"is-error\""),
        (904, ""),
    ] {
        assert!(shown.body.contains(&format!("<div id=\"L{number}\"{class}>")), "{number}: {}", shown.body);
    }
}

#[tokio::test]
async fn a_page_of_a_log_is_bounded() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("wide").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log(&format!("{}\n", "x".repeat(40_000)).repeat(40)).await;
    for query in ["", "?line=1"] {
        let shown = laboratory.site.get(&format!("/tasks/{task}/log{query}"), "en").await;
        assert!(shown.body.len() < 400 << 10, "{query}: {}", shown.body.len());
        assert!(shown.body.contains("more in this line"));
    }
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
    assert!(second.body.contains("log/stream?attempt=1&#38;node=1&#38;from=16-2"), "{}", second.body);
    let file = laboratory.site.get(&format!("/tasks/{task}/log/download?attempt=1&node=1"), "en").await;
    assert_eq!(file.body, "from the second\n");
    let none = laboratory.site.get(&format!("/tasks/{task}/log?node=2"), "en").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
