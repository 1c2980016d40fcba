use std::path::PathBuf;

use hearth_app::{push, testing::TestHearth};
use hearth_git::StorageId;
use serde_json::Value;

use crate::{
    client::Client,
    objects::{commit, entry, object, point, unfolding},
};

const AT: &str = "/api/v1/repos/mei/llm";

async fn start() -> (TestHearth, Client, PathBuf) {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let git = hearth.app.git().path(&StorageId::from(row.id.0));
    let client = Client::anonymous(&hearth.app);
    (hearth, client, git)
}

#[tokio::test]
async fn large_files_come_without_content_and_large_folders_are_cut() {
    let (_hearth, client, git) = start().await;
    let large = object(&git, "blob", &vec![7; 3 << 20]);
    let submodules: Vec<u8> =
        (0..3_000).flat_map(|number| entry("160000", &format!("{number:05}"), &large)).collect();
    let folder = object(&git, "tree", &submodules);
    let root = [entry("40000", "folder", &folder), entry("100644", "large", &large)].concat();
    let tip = commit(&git, &object(&git, "tree", &root), &[], "first");
    point(&git, "refs/heads/main", &tip);

    let file = client.get(&format!("{AT}/contents/large?ref=main")).await.expect(200);
    assert!(file.body.len() < 10_000);
    let file = file.json();
    assert!(file["content"].is_null() && file["encoding"].is_null());
    assert_eq!(file["size"], 3 << 20);
    assert!(file["download_url"].as_str().expect("an address").contains("/raw/large"));
    let folder = client.get(&format!("{AT}/contents/folder?ref=main")).await.expect(200);
    assert_eq!((folder.header("x-total-count"), folder.header("x-truncated")), ("3000", "true"));
    assert_eq!(folder.json().as_array().expect("a list").len(), 1_000);
    let deep = format!("{AT}/contents/{}?ref=main", "d/".repeat(1_500));
    client.get(&deep).await.expect(404);
}

#[tokio::test]
async fn commits_with_very_many_parents_and_tags_of_files_are_answered_in_part_and_as_what_they_are() {
    let (hearth, client, git) = start().await;
    let blob = object(&git, "blob", b"1\n");
    let tree = object(&git, "tree", &entry("100644", "a", &blob));
    let first = commit(&git, &tree, &[], "first");
    let many = commit(&git, &tree, &vec![first.clone(); 20_000], &"t".repeat(2 << 20));
    point(&git, "refs/heads/main", &many);
    point(&git, "refs/tags/file", &blob);
    point(&git, "refs/tags/v1", &first);
    push::reconcile(&hearth.app).await.expect("recorded");
    let answer = client.get(&format!("{AT}/git/commits/{many}")).await.expect(200);
    assert!(answer.body.len() < 100_000, "{}", answer.body.len());
    let shown = answer.json();
    assert_eq!(
        (shown["parents"].as_array().expect("a list").len(), &shown["truncated"]),
        (100, &true.into())
    );
    let list = client.get(&format!("{AT}/commits?sha=main")).await.expect(200);
    assert_eq!(list.json().as_array().expect("a list").len(), 2);
    client.get(&format!("{AT}/branches")).await.expect(200);

    let tags = client.get(&format!("{AT}/tags")).await.expect(200).json();
    let kinds: Vec<&Value> = tags.as_array().expect("a list").iter().map(|tag| &tag["type"]).collect();
    assert!(kinds.contains(&&"blob".into()) && kinds.contains(&&"commit".into()), "{tags}");
    let file = client.get(&format!("{AT}/tags/file")).await.expect(200).json();
    assert!(file["commit"].is_null());
}

#[tokio::test]
async fn an_archive_of_what_unfolds_without_end_is_refused_before_its_first_byte() {
    let (_hearth, client, git) = start().await;
    let tip = commit(&git, &unfolding(&git, b"x\n"), &[], "first");
    point(&git, "refs/heads/main", &tip);
    for ending in ["zip", "tar.gz"] {
        let refused = client.get(&format!("{AT}/archive/main.{ending}")).await.expect(413).json();
        assert_eq!(refused["code"], "too-large");
    }
}
