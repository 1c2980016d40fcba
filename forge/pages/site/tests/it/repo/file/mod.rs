//! Files, each in the view that fits it.

mod header;
mod lines;
mod notebook;
mod pdf;
mod show;
mod table;

use hearth_git::StorageId;

use crate::{
    repo::{
        objects::{commit, entry, object, point},
        project,
    },
    site::Site,
};

/// `mei/llm` with one file of these bytes.
async fn with_file(name: &str, bytes: &[u8]) -> Site {
    let site = project().await;
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().path(&StorageId::from(row.id.0));
    let tree = object(&git, "tree", &entry("100644", name, &object(&git, "blob", bytes)));
    point(&git, "refs/heads/main", &commit(&git, &tree, &[], "Add it"));
    site
}
