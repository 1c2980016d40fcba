use std::{sync::Arc, time::Duration};

use hearth_core::{Read, Result};
use hearth_git::{Answer, Commit, EntryKind, Listing, ObjectId, OpenRepository, TreeEntry, TreePath};

use super::RevisionPath;
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
    /// The commit that last changed anything in here; none where it lies too far back to be found.
    pub latest: Option<Arc<Commit>>,
    /// Whether it is known of every entry which commit last changed it.
    pub is_whole: bool,
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
#[derive(Clone, Debug)]
pub struct Counts {
    /// None where nobody has had the time to count them yet.
    pub commits: Option<Answer<u64>>,
    pub branches: usize,
    pub tags: usize,
}

/// Reads the folder at `place`. Which commits last changed its entries is left out where that would take too long.
pub async fn folder(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<Folder> {
    let git = repository::git(app, access.repository()).await?;
    let at = place.clone();
    let (tree, known) = git
        .run(move |git| {
            let known = git.known_last_commits(at.commit, &at.path);
            let latest = match at.path.parent() {
                None => Some(Arc::new(git.commit(at.commit)?)),
                Some(above) => {
                    let above = git.known_last_commits(at.commit, &above);
                    above.and_then(|above| above.get(at.path.name()).cloned())
                }
            };
            Ok((read(git, &at)?, (known, latest)))
        })
        .await
        .map_git()?;
    let (last, latest) = match known {
        (Some(last), Some(latest)) => (Some(last), Some(latest)),
        (_, known) => {
            let at = place.clone();
            let found = git.run_expensive_within(PATIENCE, move |git| {
                let latest = match known {
                    Some(latest) => Some(latest),
                    None => git.last_commit(at.commit, &at.path)?,
                };
                Ok((Some(git.last_commits(at.commit, &at.path)?), latest))
            });
            optional(found.await)?.unwrap_or_default()
        }
    };
    let entries: Vec<_> = tree
        .listing
        .entries
        .into_iter()
        .map(|entry| Entry {
            latest: last.as_ref().and_then(|last| last.get(&entry.name).cloned()),
            name: entry.name,
            kind: entry.kind,
            id: entry.id,
        })
        .collect();
    let is_whole = last.is_some_and(|last| last.left_out.is_none());
    Ok(Folder { entries, total: tree.listing.total, latest, is_whole, readme: tree.readme })
}

/// A page waits no longer for what it can do without.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// An answer that a page can do without: none where there is too much to do now, or where it costs too much.
pub(super) fn optional<T>(answer: hearth_git::Result<T>) -> Result<Option<T>> {
    match answer {
        Err(hearth_git::Error::Busy | hearth_git::Error::OverBudget { .. }) => Ok(None),
        other => other.map(Some).map_git(),
    }
}

struct Tree {
    listing: Listing,
    readme: Option<Readme>,
}

fn read(git: &OpenRepository, place: &RevisionPath) -> hearth_git::Result<Tree> {
    let tree = git.tree_id(place.commit, &place.path)?;
    let listing = git.tree_entries(tree, MOST_ENTRIES)?;
    let readme = if listing.total > listing.entries.len() {
        let mut candidates = Vec::new();
        git.visit_tree(tree, |entry| {
            if rank(&entry.name).is_some() {
                candidates.push(entry);
            }
        })?;
        find_readme(git, &candidates)?
    } else {
        find_readme(git, &listing.entries)?
    };
    Ok(Tree { listing, readme })
}

/// `README.zh-CN.md` and its like come after the plain name; Markdown comes first.
fn rank(name: &str) -> Option<u8> {
    match name.to_ascii_lowercase().as_str() {
        "readme.md" => Some(0),
        "readme.markdown" => Some(1),
        "readme" => Some(2),
        "readme.txt" => Some(3),
        "readme.rst" => Some(4),
        _ => None,
    }
}

fn find_readme(git: &OpenRepository, tree: &[TreeEntry]) -> hearth_git::Result<Option<Readme>> {
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
pub async fn counts(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<Counts> {
    let git = repository::git(app, access.repository()).await?;
    let commit = place.commit;
    let counted = git.run(move |git| {
        Ok(Counts {
            commits: git.known_count(commit).map(Answer::whole),
            branches: git.references("refs/heads/")?.len(),
            tags: git.references("refs/tags/")?.len(),
        })
    });
    let mut counts = counted.await.map_git()?;
    if counts.commits.is_none() {
        let counted = git.run_expensive_within(PATIENCE, move |git| git.count_commits(commit));
        counts.commits = optional(counted.await)?;
    }
    Ok(counts)
}

impl Entry {
    /// The entry's path below `folder`.
    pub fn path(&self, folder: &TreePath) -> String {
        if folder.is_root() { self.name.clone() } else { format!("{}/{}", folder.as_str(), self.name) }
    }
}
