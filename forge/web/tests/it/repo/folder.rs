use axum::http::StatusCode;

use super::project;

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
