use axum::http::StatusCode;
use hearth_app::{Unit, commit_status, pull_request};
use hearth_core::{StatusState, ThreadNumber};

use super::{asked, enter, program, push};

const CHECKS: &str = "/mei/llm/pulls/1/checks";

#[tokio::test]
async fn without_checks_the_tab_says_how_to_report_one() {
    let site = asked().await;
    for language in ["en", "zh-CN"] {
        let page = site.get(CHECKS, language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("/api/v1/repos/mei/llm/statuses/"), "{}", page.body);
    }
}

#[tokio::test]
async fn the_last_status_of_each_context_is_shown_for_every_version() {
    let site = asked().await;
    let (pulls, code) = (enter(&site, "mei", Unit::Pulls).await, enter(&site, "mei", Unit::Code).await);
    let card = pull_request::find(&site.hearth.app, &pulls, ThreadNumber(1)).await.expect("it is there");
    let status = commit_status::NewStatus {
        state: StatusState::Failure,
        context: "ci/build".into(),
        description: "<b>2 tests failed</b>".into(),
        target_url: "https://ci.example.org/1".into(),
    };
    let head = card.pull_request.head_id.clone();
    commit_status::create(&site.hearth.app, &code, &head, &status).await.expect("reported");
    let page = site.get(CHECKS, "en").await;
    assert!(
        page.body.contains("ci/build") && page.body.contains("https://ci.example.org/1"),
        "{}",
        page.body
    );
    assert!(page.body.contains("&#60;b&#62;2 tests failed") || page.body.contains("&lt;b&gt;2 tests failed"));
    push(&site, "feature", "program.py", &program("again")).await;
    assert!(!site.get(CHECKS, "en").await.body.contains("2 tests failed"));
    assert!(site.get(&format!("{CHECKS}?version=1"), "en").await.body.contains("2 tests failed"));
}
