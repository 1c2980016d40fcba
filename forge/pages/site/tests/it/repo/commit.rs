use axum::http::StatusCode;

use hearth_app::code::MOST_LINES_AT_FIRST;
use hearth_git::StorageId;

use super::{commit, project};
use crate::site::Site;

async fn add(site: &Site, files: &[(&str, &str)]) {
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    commit(&git, "Change", files).await;
}

#[tokio::test]
async fn a_commit_shows_what_it_changed() {
    let site = project().await;
    let list = site.get("/mei/llm/commits/branch/main", "en").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"");
    let page = site.get(address, "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("3 changed files"), "{}", page.body);
    assert!(page.body.contains("class=\"add\""));
    assert!(page.body.contains("Binary file not shown"));
    assert!(!page.body.contains("<script>alert"), "what was committed is text");
}

#[tokio::test]
async fn changes_are_shown_in_two_columns_without_blanks_and_with_changed_words() {
    let site = project().await;
    add(&site, &[("rate.py", "def rate():\n    base = 0.1\n    return base\n")]).await;
    add(&site, &[("rate.py", "def rate():\n    base = 0.2\n    return  base\n")]).await;
    let list = site.get("/mei/llm/commits/branch/main", "en").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"");
    let unified = site.get(address, "en").await;
    assert!(
        unified.body.contains("<mark>1</mark>") && unified.body.contains("<mark>2</mark>"),
        "{}",
        unified.body
    );
    assert!(unified.body.contains("hl-keyword"), "{}", unified.body);
    assert!(!unified.body.contains("diff-split"));
    let split = site.get(&format!("{address}?view=split&w=1"), "en").await;
    assert!(split.body.contains("diff-split"), "{}", split.body);
    assert_eq!(split.body.matches("<td class=\"add\">").count(), 1, "the blank is no change: {}", split.body);
    assert!(split.body.contains(&format!("href=\"{address}?view=split\"")), "{}", split.body);
}

#[tokio::test]
async fn a_large_commit_shows_its_first_files_and_each_other_when_asked_for() {
    let site = project().await;
    let long = "x\n".repeat(MOST_LINES_AT_FIRST - 100);
    add(&site, &[("a/one.txt", &long), ("a/two.txt", &long), ("b.txt", "b\n")]).await;
    let list = site.get("/mei/llm/commits/branch/main", "en").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"");
    let page = site.get(address, "en").await;
    assert_eq!(page.body.matches("name=\"file\"").count(), 1, "{}", page.body);
    assert!(page.body.contains("value=\"a/two.txt\"") && page.body.contains("class=\"tree-folder\""));
    let alone = site.get(&format!("{address}?file=a%2Ftwo.txt"), "en").await;
    assert!(alone.body.contains("class=\"add\"") && !alone.body.contains("one.txt"), "{}", alone.body);
    let unknown = site.get(&format!("{address}?file=c.txt"), "en").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unknown_commit_is_not_found() {
    let site = project().await;
    for id in ["0123456789", "main", "--help", "0000000000000000000000000000000000000000"] {
        assert_eq!(
            site.get(&format!("/mei/llm/commit/{id}"), "en").await.status,
            StatusCode::NOT_FOUND,
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_commit_is_given_as_a_patch_and_as_a_difference() {
    let site = project().await;
    let list = site.get("/mei/llm/commits/branch/main", "en").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"");
    let patch = site.get(&format!("{address}.patch"), "en").await;
    assert!(patch.body.starts_with("From ") && patch.body.contains("Subject: [PATCH]"), "{}", patch.body);
    assert_eq!(patch.header("content-type"), "text/plain; charset=utf-8");
    let diff = site.get(&format!("{address}.diff"), "en").await;
    assert!(diff.body.starts_with("diff --git a/"), "{}", diff.body);
    assert_eq!(site.get("/mei/llm/commit/0123456789.diff", "en").await.status, StatusCode::NOT_FOUND);
}
