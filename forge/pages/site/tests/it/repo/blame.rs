use axum::http::StatusCode;
use hearth_git::StorageId;

use super::{commit, project};
use crate::site::Site;

async fn add(site: &Site, message: &str, files: &[(&str, &str)]) {
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    commit(&git, message, files).await;
}

#[tokio::test]
async fn every_line_names_its_commit_and_leads_to_what_was_before() {
    let site = project().await;
    add(&site, "Return <two>", &[("src/train.py", "def train():\n    return 2\n")]).await;
    let page = site.get("/mei/llm/blame/branch/main/src/train.py", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("class=\"blame-run\"").count(), 2, "{}", page.body);
    assert!(
        page.body.contains(">Begin</a>") && page.body.contains("Return &#60;two&#62;</a>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("id=\"L2\"") && page.body.contains("hl-keyword"));
    // The first commit has nothing before it; the second leads to the first one's file.
    assert_eq!(page.body.matches("class=\"blame-before\"").count(), 1);
    let before = page.between("class=\"blame-before\" href=\"", "\"");
    let before = site.get(before, "en").await;
    assert!(
        before.body.contains(">Begin</a>") && !before.body.contains("Return &#60;two"),
        "{}",
        before.body
    );
}

#[tokio::test]
async fn a_file_shows_the_way_to_its_blame_and_back() {
    let site = project().await;
    let file = site.get("/mei/llm/src/branch/main/src/train.py", "zh-CN").await;
    assert!(
        file.body.contains("href=\"/mei/llm/blame/branch/main/src/train.py\" data-blame"),
        "{}",
        file.body
    );
    let blame = site.get("/mei/llm/blame/branch/main/src/train.py", "zh-CN").await;
    assert!(blame.body.contains("href=\"/mei/llm/src/branch/main/src/train.py\" data-blame-off"));
}

#[tokio::test]
async fn what_has_no_lines_says_so_and_what_is_not_there_is_not_found() {
    let site = project().await;
    let binary = site.get("/mei/llm/blame/branch/main/data.bin", "en").await;
    assert!(binary.body.contains("Only text files"), "{}", binary.body);
    for path in ["src", "absent", "../../etc"] {
        let answer = site.get(&format!("/mei/llm/blame/branch/main/{path}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_long_file_comes_in_parts() {
    let site = project().await;
    let text = (0..3_000).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n");
    add(&site, "Long", &[("long.txt", &text)]).await;
    let page = site.get("/mei/llm/blame/branch/main/long.txt?lines=1001-1500", "en").await;
    assert!(page.body.contains("id=\"L1001\"") && !page.body.contains("id=\"L1000\""), "{}", page.status);
    assert!(page.body.contains("?lines=501-1000\"") && page.body.contains("?lines=1501-2000\""));
}
