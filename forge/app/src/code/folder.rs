use std::sync::Arc;

use hearth_core::{Read, Result};
use hearth_git::{Commit, EntryKind, ObjectId, OpenRepository, TreePath};

use super::Place;
use crate::{Access, App, GitResult as _, repository};

/// Larger READMEs are not shown under their folder.
const MOST_README_BYTES: u64 = 512 << 10;
/// Folders with more entries show this many; the count says how many there are.
pub(super) const MOST_ENTRIES: usize = 1_000;

/// A folder as a page shows it: folders first, then files.
#[derive(Clone, Debug)]
pub struct Folder {
    pub entries: Vec<Entry>,
    /// All entries, shown or not.
    pub total: usize,
    /// The commit that last changed anything in here.
    pub latest: Arc<Commit>,
    pub readme: Option<Readme>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
    pub id: ObjectId,
    /// The commit that last changed it.
    pub latest: Option<Arc<Commit>>,
}

/// The text that explains a folder.
#[derive(Clone, Debug)]
pub struct Readme {
    pub name: String,
    pub text: Arc<str>,
    pub is_markdown: bool,
}

/// How much there is of what a home page counts.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub commits: u64,
    pub branches: usize,
    pub tags: usize,
}

/// Reads the folder at `place`.
pub async fn folder(app: &App, access: &Access<Read>, place: &Place) -> Result<Folder> {
    let git = repository::git(app, access.repository()).await?;
    let place = place.clone();
    git.run(move |git| read(git, &place)).await.map_git()
}

fn read(git: &OpenRepository, place: &Place) -> hearth_git::Result<Folder> {
    let mut tree = git.tree(place.commit, &place.path)?;
    tree.sort_by_key(|entry| !matches!(entry.kind, EntryKind::Directory | EntryKind::Submodule));
    let readme = find_readme(git, &tree)?;
    let total = tree.len();
    tree.truncate(MOST_ENTRIES);
    let last = git.last_commits(place.commit, &place.path)?;
    let latest = if place.path.is_root() {
        Arc::new(git.commit(place.commit)?)
    } else {
        git.last_commit(place.commit, &place.path)?
    };
    let entries = tree
        .into_iter()
        .map(|entry| Entry {
            latest: last.get(&entry.name).cloned(),
            name: entry.name,
            kind: entry.kind,
            id: entry.id,
        })
        .collect();
    Ok(Folder { entries, total, latest, readme })
}

/// `README.zh-CN.md` and its like come after the plain name; Markdown comes first.
fn find_readme(git: &OpenRepository, tree: &[hearth_git::TreeEntry]) -> hearth_git::Result<Option<Readme>> {
    let rank = |name: &str| match name.to_ascii_lowercase().as_str() {
        "readme.md" => Some(0),
        "readme.markdown" => Some(1),
        "readme" => Some(2),
        "readme.txt" => Some(3),
        "readme.rst" => Some(4),
        _ => None,
    };
    let candidates =
        tree.iter().filter(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Executable));
    let Some((rank, entry)) = candidates
        .filter_map(|entry| rank(&entry.name).map(|rank| (rank, entry)))
        .min_by_key(|(rank, _)| *rank)
    else {
        return Ok(None);
    };
    let blob = git.blob(entry.id, MOST_README_BYTES)?;
    let is_text = !blob.is_binary();
    Ok(blob.data.filter(|_| is_text).map(|data| Readme {
        name: entry.name.clone(),
        text: String::from_utf8_lossy(&data).into(),
        is_markdown: rank < 2,
    }))
}

/// Commits up to `place`, and all branches and tags.
pub async fn counts(app: &App, access: &Access<Read>, place: &Place) -> Result<Counts> {
    let git = repository::git(app, access.repository()).await?;
    let commit = place.commit;
    git.run(move |git| {
        Ok(Counts {
            commits: git.count_commits(commit)?,
            branches: git.references("refs/heads/")?.len(),
            tags: git.references("refs/tags/")?.len(),
        })
    })
    .await
    .map_git()
}

impl Entry {
    /// The entry's path below `folder`.
    pub fn path(&self, folder: &TreePath) -> String {
        if folder.is_root() { self.name.clone() } else { format!("{}/{}", folder.as_str(), self.name) }
    }
}
