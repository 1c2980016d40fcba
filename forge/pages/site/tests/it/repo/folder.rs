use axum::http::StatusCode;

use hearth_git::StorageId;

use super::{commit, project};
use crate::site::Site;

#[tokio::test]
async fn a_folder_lists_its_files_and_the_way_up() {
    let site = project().await;
    let page = site.get("/mei/llm/src/branch/main/src", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("href=\"/mei/llm/src/branch/main/src/%E6%95%B0%E6%8D%AE%20a.txt\""));
    assert!(page.body.contains("href=\"/mei/llm/src/branch/main\""));
    // A hidden caption would be the first row of the table, and decide how wide its columns are.
    assert!(
        page.body.contains("<table class=\"files\" aria-label=\"Files\">") && !page.body.contains("<caption")
    );
}

#[tokio::test]
async fn other_branches_and_folders_keep_the_menus_and_the_rail_of_the_front() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    for path in ["", "/src/branch/main", "/src/branch/main/src"] {
        let page = mei.get(&format!("/mei/llm{path}")).await.body;
        for part in ["http://hearth.test/mei/llm.git", "<h2>About</h2>", "/mei/llm/branches\">All branches"] {
            assert!(page.contains(part), "{part} is missing in {path}: {page}");
        }
        assert_eq!(page.matches("href=\"/mei/llm/tasks/new\"").count(), 1, "Train on {path}");
    }
    let folder = mei.get("/mei/llm/src/branch/main/src").await.body;
    assert!(folder.contains("</svg><a href=\"/mei/llm/src/branch/main\" aria-label"), "the way up: {folder}");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let site = project().await;
    for path in [
        "branch/absent",
        "branch/main/absent",
        "tag/v9",
        "commit/0000000",
        "branch/main/../etc",
        "branch/main/.git/config",
    ] {
        let answer = site.get(&format!("/mei/llm/src/{path}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_large_folder_is_shown_in_pages_and_filtered_by_name() {
    let site = Site::new().await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let names: Vec<String> = (0..2_100).map(|number| format!("many/file-{number:04}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    commit(&git, "Many", &files).await;
    let at = |query: &str| format!("/mei/llm/src/branch/main/many{query}");
    let first = site.get(&at(""), "en").await.body;
    assert!(first.contains("1–1,000 of 2,100") && first.contains("file-0999.txt"), "{first}");
    assert!(!first.contains("file-1000.txt") && first.contains("?page=2\" rel=\"next\""));
    let last = site.get(&at("?page=99"), "en").await.body;
    assert!(last.contains("2,001–2,100 of 2,100") && last.contains("file-2099.txt"), "the last page instead");
    let found = site.get(&at("?q=FILE-15&page=1"), "zh-CN").await.body;
    assert!(found.contains("第 1–100 项，共 100 项") && !found.contains("file-0015"), "{found}");
    assert!(site.get(&at("?q=absent"), "en").await.body.contains("No names match."));
}

#[tokio::test]
async fn a_large_folder_comes_at_once_and_its_last_commits_follow() {
    let site = Site::new().await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let names: Vec<String> = (0..600).map(|number| format!("many/{number}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    commit(&git, "Many files", &files).await;
    let page = site.get("/mei/llm/src/branch/main/many", "en").await.body;
    assert!(page.contains("The last commits are being looked up."), "{page}");
    // What the script asks for, and the link for those without one.
    let waiting = "/mei/llm/src/branch/main/many?page=1&wait=true";
    let whole = site.get(waiting, "en").await.body;
    assert!(whole.contains(">Many files</a>") && whole.contains("data-done"), "{whole}");
    let again = site.get("/mei/llm/src/branch/main/many", "en").await.body;
    assert!(again.contains(">Many files</a>") && !again.contains("being looked up"), "it is known now");
}
