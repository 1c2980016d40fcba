use axum::http::StatusCode;
use hearth_app::{
    issue,
    label::{self, LabelInput},
};
use hearth_core::IssueState;

use super::{enter, opened, project};

#[tokio::test]
async fn the_list_shows_open_issues_and_counts_both_states_in_both_languages() {
    let site = project().await;
    opened(&site, "mei", "Loss is <NaN>", "").await;
    let done = opened(&site, "mei", "Typo", "").await;
    let closed = issue::Edit { state: Some(IssueState::Closed), ..issue::Edit::default() };
    let access = enter(&site, "mei").await;
    issue::edit(&site.hearth.app, &access, done.issue.number, closed).await.expect("closed");
    for (language, open, closed) in [("en", "1 open", "1 closed"), ("zh-CN", "1 个开启", "1 个已关闭")]
    {
        let page = site.get("/mei/llm/issues", language).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("value=\"is:open\""), "the question is shown");
        assert!(page.body.contains(open) && page.body.contains(closed), "{language}");
        assert!(page.body.contains("Loss is ") && !page.body.contains("<NaN>"));
        assert!(!page.body.contains("Typo"));
    }
    let closed = site.get("/mei/llm/issues?q=is%3Aclosed", "en").await;
    assert!(closed.body.contains("Typo") && !closed.body.contains("Loss is"));
}

#[tokio::test]
async fn the_address_narrows_the_list_and_menus_change_one_part_of_it() {
    let site = project().await;
    let app = &site.hearth.app;
    let writing = enter(&site, "mei").await.write().expect("the owner writes");
    let input = LabelInput { name: "good first".into(), color: "#00aa00".into(), ..LabelInput::default() };
    let label = label::create(app, &writing, &input).await.expect("made");
    let first = opened(&site, "mei", "Crash at start", "").await;
    opened(&site, "mei", "Docs", "").await;
    hearth_app::thread::edit_labels(app, &writing, first.issue.number, &[label.id], &[])
        .await
        .expect("labelled");
    for (query, shown, hidden) in [
        ("is:open%20label:%22good%20first%22", "Crash at start", "Docs"),
        ("no:label", "Docs", "Crash at start"),
        ("crash", "Crash at start", "Docs"),
        ("author:mei%20docs", "Docs", "Crash at start"),
    ] {
        let page = site.get(&format!("/mei/llm/issues?q={query}"), "en").await;
        let shows = |title: &str| page.body.contains(&format!(">{title}</a>"));
        assert!(shows(shown) && !shows(hidden), "{query}");
    }
    let none = site.get("/mei/llm/issues?q=author:nobody", "en").await;
    assert!(none.body.contains("No matching issues"));
    let page = site.get("/mei/llm/issues?q=is:open%20crash", "en").await;
    assert!(page.body.contains("/mei/llm/issues?q=is%3Aopen%20label%3A%22good%20first%22%20crash"));
}

#[tokio::test]
async fn a_long_list_comes_in_pages_that_keep_the_question() {
    let site = project().await;
    for number in 0..35 {
        opened(&site, "mei", &format!("n{number}"), "").await;
    }
    let page = site.get("/mei/llm/issues?q=is%3Aopen", "en").await;
    assert!(page.body.contains("/mei/llm/issues?q=is%3Aopen&amp;page=2"));
    let second = site.get("/mei/llm/issues?q=is%3Aopen&page=2", "en").await;
    assert!(second.body.contains(">n0<") && !second.body.contains(">n34<"));
    assert_eq!(site.get("/mei/llm/issues?page=999999999999", "en").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_empty_list_says_what_issues_are_for() {
    let site = project().await;
    assert!(site.get("/mei/llm/issues", "en").await.body.contains("No issues yet"));
}

#[tokio::test]
async fn issues_of_a_private_repository_look_like_none() {
    let site = project().await;
    site.hearth.private_repository("mei/secret").await;
    for path in ["/mei/secret/issues", "/mei/secret/issues/1", "/mei/secret/issues/new", "/mei/secret/labels"]
    {
        assert_eq!(site.get(path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
