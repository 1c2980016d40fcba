use axum::http::StatusCode;

use super::{asked, program, push};

const COMMITS: &str = "/mei/llm/pulls/1/commits";

#[tokio::test]
async fn the_commits_tab_lists_the_commits_of_the_head() {
    let site = asked().await;
    for language in ["en", "zh-CN"] {
        let page = site.get(COMMITS, language).await;
        assert_eq!(page.status, StatusCode::OK);
        let titles = ["Change program.py", "Change new.txt"];
        assert!(titles.iter().all(|title| page.body.contains(title)), "{}", page.body);
    }
}

#[tokio::test]
async fn each_older_version_leads_to_what_changed_since() {
    let site = asked().await;
    push(&site, "feature", "program.py", &program("again")).await;
    let page = site.get(COMMITS, "en").await;
    assert!(
        page.body.contains("Version 2") && page.body.contains("/mei/llm/pulls/1/files?since=1"),
        "{}",
        page.body
    );
}
