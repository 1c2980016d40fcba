//! Pages of repositories.

mod activity;
mod attachments;
mod badges;
mod blame;
mod bounds;
mod branches;
mod collaborators;
mod commit;
mod commits;
mod compare;
mod contributors;
mod create;
mod deploy_keys;
mod edit;
mod empty;
mod file;
mod find;
mod folder;
mod fork;
mod generate;
mod graph;
mod home;
mod interest;
mod issues;
mod labels;
mod leave;
mod lineage;
mod markdown;
mod milestones;
mod models;
mod objects;
mod pulls;
mod raw;
mod refusals;
mod releases;
mod rules;
mod search;
mod settings;
mod tags;
mod tasks;
mod topics;
mod transfer;

use hearth_core::Timestamp;
use hearth_git::{
    BranchName, Change, Content, EntryKind, NewCommit, RefUpdate, Repository, Signature, StorageId, TagName,
    TreePath,
};

use crate::site::Site;

/// `mei/llm` with a README, a program in a folder, a picture, and a script disguised as a picture.
pub(crate) async fn project() -> Site {
    let site = Site::new().await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let readme = "# Reads digits\n\nSee [the program](src/train.py).\n\n<script>alert(1)</script>\n";
    commit(&git, "Begin", &[("README.md", readme), ("src/train.py", "def train():\n    return 1\n")]).await;
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    commit(&git, "Draw <b>it</b>", &[("logo.svg", svg), ("src/数据 a.txt", "一\n"), ("data.bin", "\0\0\0")])
        .await;
    site
}

/// Commits files to `main`.
pub(crate) async fn commit(git: &Repository, message: &str, files: &[(&str, &str)]) {
    let parent = git.run(hearth_git::OpenRepository::head).await.expect("readable");
    let changes = files
        .iter()
        .map(|(path, text)| Change::Put {
            path: TreePath::file(*path).expect("a good path"),
            kind: EntryKind::File,
            content: Content::Bytes(text.as_bytes().to_vec()),
        })
        .collect();
    let author = Signature::new("Mei", "mei@example.org", Timestamp::from_second(1_789_990_000).as_jiff());
    let author = author.expect("a good signature");
    git.commit_files(NewCommit {
        branch: BranchName::new("main").expect("a good name"),
        branch_was: parent,
        parent,
        committer: author.clone(),
        author,
        message: message.to_owned(),
        changes,
        is_empty_allowed: false,
    })
    .await
    .expect("committed");
}

/// Puts a tag on the newest commit.
pub(crate) async fn tag(site: &Site, name: &str) {
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let commit = git.run(hearth_git::OpenRepository::head).await.expect("readable").expect("a commit");
    let name = TagName::new(name).expect("a good name").full();
    git.update_references(&[RefUpdate { name, old: None, new: Some(commit) }]).await.expect("tagged");
}
