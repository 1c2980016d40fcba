use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn a_history_is_listed_newest_first() {
    let site = project().await;
    let page = site.get("/mei/llm/commits/branch/main", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    let (draw, begin) = (page.body.find(">Draw "), page.body.find(">Begin<"));
    assert!(draw.expect("the newest") < begin.expect("the first"));
}

#[tokio::test]
async fn the_history_of_a_file_holds_only_its_commits() {
    let site = project().await;
    let page = site.get("/mei/llm/commits/branch/main/src/train.py", "en").await;
    assert!(page.body.contains(">Begin<") && !page.body.contains(">Draw "));
}

#[tokio::test]
async fn a_page_beyond_the_end_is_empty() {
    let site = project().await;
    assert_eq!(site.get("/mei/llm/commits/branch/main?page=4000000000", "en").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_renamed_file_is_followed_and_the_rename_is_named() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let edit = "/mei/llm/edit/branch/main/src/train.py";
    let page = mei.get(edit).await;
    let base = page.between("name=\"base\" value=\"", "\"").to_owned();
    let text = "def train():\n    return 1\n";
    let fields = [("path", "learn.py"), ("text", text), ("base", &base), ("target", "branch")];
    assert_eq!(mei.post(edit, edit, &fields).await.status, StatusCode::SEE_OTHER);
    let history = site.get("/mei/llm/commits/branch/main/learn.py", "en").await.body;
    assert!(history.contains("Renamed from <code>src/train.py</code> to <code>learn.py</code>"), "{history}");
    assert!(history.contains(">Begin<"), "older commits are under the old name: {history}");
    // There, the file has its old name.
    assert!(history.contains("/src/train.py\" aria-label=\"Browse"), "{history}");
}
