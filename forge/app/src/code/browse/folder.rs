use std::{sync::Arc, time::Duration};

use hearth_core::Result;
use hearth_git::{
    Commit, EntryKind, LastCommits, Listing, ObjectId, OpenRepository, Repository, TreeEntry, TreePart,
    TreePath,
};

use super::{
    RevisionPath,
    walks::{self, Walked},
};
use crate::{App, GitResult as _};

/// Larger READMEs are not shown under their folder.
const MOST_README_BYTES: u64 = 512 << 10;
/// Entries of a folder on one page.
const PAGE_ENTRIES: usize = 1_000;
/// A longer name is not searched for.
const MOST_FILTER_BYTES: usize = 255;
/// In a folder with more entries, the page does not wait for the commits that last changed them.
const MOST_ENTRIES_WAITED_FOR: usize = 500;

/// Which part of a folder a reader wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderQuery {
    /// A part of the entries' names, whatever the case; empty for all.
    pub filter: String,
    /// The number of the page, from 1; 0 is the first as well.
    pub page: usize,
    /// Whether to wait for the commits that last changed the entries, however long it takes to find them.
    pub waits: bool,
}

/// A folder as a page shows it: folders first, then files.
#[derive(Clone, Debug)]
pub struct Folder {
    pub entries: Vec<Entry>,
    /// All entries, shown or not.
    pub total: usize,
    /// Those that pass the filter, shown or not.
    pub matching: usize,
    /// What was asked for; its page is one that there is.
    pub query: FolderQuery,
    /// Whether the commits that last changed the entries are still being looked for.
    pub is_looking: bool,
    /// The commit that last changed anything in here; none if it is too far back to be found.
    pub latest: Option<Arc<Commit>>,
    /// Whether the last commit is known for every entry.
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

/// The README of a folder.
#[derive(Clone, Debug)]
pub struct Readme {
    pub name: String,
    pub text: Arc<str>,
    pub is_markdown: bool,
}

/// A folder as read in one visit.
pub(super) struct FolderRead {
    listing: Listing,
    query: FolderQuery,
    readme: Option<Readme>,
    pub(super) known: KnownCommits,
    pub(super) is_looking: bool,
}

/// The commits that last changed a folder and its entries, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownCommits {
    entries: Option<Arc<LastCommits>>,
    folder: Option<Arc<Commit>>,
}

impl KnownCommits {
    pub(super) fn read(git: &OpenRepository, place: &RevisionPath) -> hearth_git::Result<Self> {
        let folder = match place.path.parent() {
            None => Some(Arc::new(git.commit(place.commit)?)),
            Some(above) => {
                let above = git.known_last_commits(place.commit, &above);
                above.and_then(|above| above.get(place.path.name()).cloned())
            }
        };
        Ok(Self { entries: git.known_last_commits(place.commit, &place.path), folder })
    }

    /// Whether nothing is left to compute.
    pub(super) fn is_complete(&self) -> bool {
        self.entries.is_some() && self.folder.is_some()
    }

    /// Computes what is missing; expensive.
    pub(super) fn work_out(self, git: &OpenRepository, place: &RevisionPath) -> hearth_git::Result<Self> {
        let folder = match self.folder {
            Some(folder) => Some(folder),
            None => git.last_commit(place.commit, &place.path)?,
        };
        let entries = match self.entries {
            Some(entries) => entries,
            None => git.last_commits(place.commit, &place.path)?,
        };
        Ok(Self { entries: Some(entries), folder })
    }
}

impl FolderRead {
    /// Looks for the commits that are not known yet. A page of a small folder waits for them a moment; that of a large
    /// one comes at once, and says that they are being looked for.
    pub(super) async fn look(&mut self, app: &App, git: &Repository, place: &RevisionPath) {
        if self.known.is_complete() {
            return;
        }
        let patience = if self.query.waits {
            LONGEST_WAIT
        } else if self.listing.total > MOST_ENTRIES_WAITED_FOR {
            Duration::ZERO
        } else {
            PATIENCE
        };
        match walks::work_out(app, git, place, patience).await {
            Walked::Done(known) => self.known = known,
            Walked::GoesOn => self.is_looking = true,
            Walked::Failed => {}
        }
    }

    pub(super) fn finish(self) -> Folder {
        let KnownCommits { entries: last, folder: latest } = self.known;
        let entries = self.listing.entries.into_iter().map(|entry| Entry {
            latest: last.as_ref().and_then(|last| last.get(&entry.name).cloned()),
            name: entry.name,
            kind: entry.kind,
            id: entry.id,
        });
        Folder {
            entries: entries.collect(),
            total: self.listing.total,
            matching: self.listing.matching,
            query: self.query,
            is_looking: self.is_looking,
            latest,
            is_whole: last.is_some_and(|last| last.left_out.is_none()),
            readme: self.readme,
        }
    }
}

/// The longest that a page waits for its optional parts.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// The longest that it waits for a part that it was asked to wait for.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// An optional part of a page: none if git is busy, or if computing it costs too much.
pub(super) fn optional<T>(answer: hearth_git::Result<T>) -> Result<Option<T>> {
    match answer {
        Err(hearth_git::Error::Busy | hearth_git::Error::OverBudget { .. }) => Ok(None),
        other => other.map(Some).map_git(),
    }
}

/// The same within a visit that goes on to other queries.
pub(super) fn part<T>(answer: hearth_git::Result<T>) -> hearth_git::Result<Option<T>> {
    match answer {
        Err(hearth_git::Error::OverBudget { .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// Reads the folder at `place`, and what is known of the commits that last changed its entries. Instead of a page after
/// the last one, it is the last one.
pub(super) fn read(
    git: &OpenRepository,
    place: &RevisionPath,
    query: &FolderQuery,
) -> hearth_git::Result<FolderRead> {
    let tree = git.tree_id(place.commit, &place.path)?;
    let mut query = query.clone();
    if query.filter.len() > MOST_FILTER_BYTES {
        query.filter.clear();
    }
    let part = |query: &FolderQuery| TreePart {
        filter: query.filter.clone(),
        skip: (query.page - 1).saturating_mul(PAGE_ENTRIES),
        most: PAGE_ENTRIES,
    };
    query.page = query.page.max(1);
    let mut listing = git.tree_part(tree, &part(&query))?;
    let last = listing.matching.div_ceil(PAGE_ENTRIES).max(1);
    if query.page > last {
        query.page = last;
        listing = git.tree_part(tree, &part(&query))?;
    }
    let is_beginning = query.page == 1 && query.filter.is_empty();
    let readme = if !is_beginning {
        None
    } else if listing.total > listing.entries.len() {
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
    Ok(FolderRead { listing, query, readme, known: KnownCommits::read(git, place)?, is_looking: false })
}

/// The README to prefer: Markdown first. Variants such as `README.zh-CN.md` do not count.
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

impl Folder {
    /// How many pages its matching entries make.
    pub fn pages(&self) -> usize {
        self.matching.div_ceil(PAGE_ENTRIES).max(1)
    }

    /// The number of the first entry on this page, from 1; 0 if there is none.
    pub fn first(&self) -> usize {
        if self.entries.is_empty() { 0 } else { (self.query.page - 1) * PAGE_ENTRIES + 1 }
    }
}

impl Entry {
    /// The entry's path below `folder`.
    pub fn path(&self, folder: &TreePath) -> String {
        if folder.is_root() { self.name.clone() } else { format!("{}/{}", folder.as_str(), self.name) }
    }
}
