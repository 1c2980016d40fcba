use axum::http::StatusCode;
use hearth_app::{Limits, testing::Choices};
use hearth_git::StorageId;

use super::objects::{commit, entry, object, point, unfolding};
use crate::site::Site;

#[tokio::test]
async fn pages_of_a_repository_that_unfolds_without_end_say_what_they_leave_out() {
    let limits = Limits { walk_entries: 4_000, ..Limits::default() };
    let site = Site::with(Choices { limits, ..Choices::default() }).await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().path(&StorageId::from(row.id.0));
    let first = commit(&git, &unfolding(&git, b"one\n"), &[], "first");
    let bomb = commit(&git, &unfolding(&git, b"two\n"), &[first], "bomb");
    point(&git, "refs/heads/main", &bomb);
    for (language, more) in [("en", "More than"), ("zh-CN", "超过")] {
        let page = site.get(&format!("/mei/llm/commit/{bomb}"), language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(more) && page.body.len() < 2_000_000, "{}", page.body.len());
    }
    for path in [
        "",
        "/src/branch/main/0/0",
        "/src/branch/main/0/0/0/0/0/0/0/0/0/0/0/0",
        "/blame/branch/main/0/0/0/0/0/0/0/0/0/0/0/0",
        "/commits/branch/main",
        "/commits/branch/main/0/0/0/0/0/0/0/0/0/0/0/0",
        "/contributors",
        "/graph",
        "/search?q=two",
    ] {
        assert_eq!(site.get(&format!("/mei/llm{path}"), "en").await.status, StatusCode::OK, "{path}");
    }
    let archive = site.get("/mei/llm/archive/main.zip", "en").await;
    assert_eq!(archive.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        archive.body.contains("The limit is 200,000 (setting limits.archive_files)."),
        "{}",
        archive.body
    );
    let mei = site.signed_in("mei").await;
    let form = mei.get("/mei/llm/tasks/new").await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.body.contains("Not all files are listed."));
}

#[tokio::test]
async fn odd_commits_and_tags_are_shown_as_what_they_are() {
    let site = Site::new().await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().path(&StorageId::from(row.id.0));
    let blob = object(&git, "blob", b"1\n");
    let tree = object(&git, "tree", &entry("100644", "a.py", &blob));
    let deep = (0..300).fold(tree.clone(), |below, _| object(&git, "tree", &entry("40000", "d", &below)));
    let first = commit(&git, &tree, &[], "first");
    let many = commit(&git, &tree, &vec![first.clone(); 250], &format!("{}\n\nbody", "t".repeat(1 << 20)));
    point(&git, "refs/heads/main", &many);
    point(&git, "refs/heads/deep", &commit(&git, &deep, &[], "deep"));
    point(&git, "refs/tags/file", &blob);
    point(&git, "refs/tags/folder", &tree);
    point(&git, "refs/tags/v1", &first);
    let page = site.get(&format!("/mei/llm/commit/{many}"), "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("and 150 more parents") && page.body.contains("too long to show in full"));
    for path in
        ["", "/commits/branch/main", "/branches", "/contributors", "/graph", "/tags", "/src/branch/deep/d"]
    {
        let page = site.get(&format!("/mei/llm{path}"), "en").await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.len() < 100_000, "{path}: {}", page.body.len());
    }
    let tags = site.get("/mei/llm/tags", "en").await.body;
    assert!(tags.contains("/mei/llm/src/tag/v1") && tags.contains(">file<") && tags.contains(">folder<"));
    let mei = site.signed_in("mei").await;
    let form = mei.get("/mei/llm/tasks/new?revision=deep").await;
    assert_eq!(form.status, StatusCode::OK);
}
