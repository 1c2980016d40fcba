//! What several pages of code show: folder rows, the choice of revisions, breadcrumbs.

use hearth_app::code::{Entry, Folder, RevisionPath};
use hearth_core::urls::{RepositoryUrls, Revision, segment};
use hearth_git::{Commit, EntryKind, TreePath};

use crate::{Page, words::Html};

/// One line of a folder.
pub(crate) struct EntryRow {
    pub(crate) icon: Html,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) latest: Option<CommitLink>,
}

/// A commit, in one line.
pub(crate) struct CommitLink {
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) short: String,
    pub(crate) author: String,
    pub(crate) time: Html,
}

impl CommitLink {
    pub(crate) fn new(page: &Page, urls: &RepositoryUrls, commit: &Commit) -> Self {
        Self {
            title: commit.title.clone(),
            address: urls.commit(&commit.id.to_string()),
            short: commit.id.short(),
            author: commit.author.name.clone(),
            time: page.time(hearth_core::Timestamp::new(commit.committer.time)),
        }
    }
}

/// The rows of a folder.
pub(crate) fn rows(
    page: &Page,
    urls: &RepositoryUrls,
    place: &RevisionPath,
    entries: &[Entry],
) -> Vec<EntryRow> {
    entries
        .iter()
        .map(|entry| EntryRow {
            icon: match entry.kind {
                EntryKind::Directory => icon!("folder"),
                EntryKind::Submodule => icon!("submodule"),
                EntryKind::Symlink => icon!("link"),
                EntryKind::File | EntryKind::Executable => icon!("file"),
            },
            address: urls.source(&place.revision, &entry.path(&place.path)),
            latest: entry.latest.as_ref().map(|commit| CommitLink::new(page, urls, commit)),
            name: entry.name.clone(),
        })
        .collect()
}

/// Text and address of each breadcrumb, without the root.
pub(crate) fn crumbs(urls: &RepositoryUrls, revision: &Revision, path: &TreePath) -> Vec<(String, String)> {
    let mut so_far = String::new();
    path.segments()
        .map(|segment| {
            if !so_far.is_empty() {
                so_far.push('/');
            }
            so_far.push_str(segment);
            (segment.to_owned(), urls.source(revision, &so_far))
        })
        .collect()
}

/// The icon for the kind of a revision.
pub(crate) fn revision_icon(revision: &Revision) -> Html {
    match revision {
        Revision::Branch(_) => icon!("branch"),
        Revision::Tag(_) => icon!("tag"),
        Revision::Commit(_) => icon!("commit"),
    }
}

/// The address of a page about a path, at the commit that the revision points to now.
pub(crate) fn permalink(
    urls: &RepositoryUrls,
    place: &RevisionPath,
    page: fn(&RepositoryUrls, &Revision, &str) -> String,
) -> String {
    page(urls, &Revision::Commit(place.commit.to_string()), place.path.as_str())
}

/// The revision in readable form: a name, or an abbreviated commit id.
pub(crate) fn revision_text(revision: &Revision) -> String {
    match revision {
        Revision::Branch(name) | Revision::Tag(name) => name.clone(),
        Revision::Commit(id) => id.chars().take(10).collect(),
    }
}

/// The entries of a folder, as `components/files.html` draws them.
pub(crate) struct FolderRows {
    pub(crate) rows: Vec<EntryRow>,
    /// The address of the folder above; empty at the root.
    pub(crate) parent: String,
    /// The page without a query.
    pub(crate) address: String,
    pub(crate) filter: String,
    /// Whether there are so many entries that they are looked for by name.
    pub(crate) is_large: bool,
    /// Which entries these are, of how many; empty if they are all.
    pub(crate) range: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    /// Whether the commits that last changed the entries are still being looked for.
    pub(crate) is_looking: bool,
    /// The address that waits for them.
    pub(crate) waiting: String,
    /// What is not known, in words; empty when all is.
    pub(crate) note: String,
}

impl FolderRows {
    pub(crate) fn new(page: &Page, urls: &RepositoryUrls, place: &RevisionPath, folder: &Folder) -> Self {
        let address = urls.source(&place.revision, place.path.as_str());
        let with = |extra: String| {
            let filter = Some(format!("q={}", segment(&folder.query.filter)));
            let filter = filter.filter(|_| !folder.query.filter.is_empty());
            let fields: Vec<String> = filter.into_iter().chain([extra]).collect();
            format!("{address}?{}", fields.join("&"))
        };
        let (number, first) = (folder.query.page, folder.first());
        let is_part = folder.entries.len() < folder.total;
        let last = (first + folder.entries.len()).saturating_sub(1);
        let (first, last, total) = (first as u64, last as u64, folder.matching as u64);
        let is_unknown = !folder.is_whole && !folder.is_looking;
        Self {
            rows: rows(page, urls, place, &folder.entries),
            parent: place
                .path
                .parent()
                .map(|above| urls.source(&place.revision, above.as_str()))
                .unwrap_or_default(),
            filter: folder.query.filter.clone(),
            is_large: folder.total > LARGE_FOLDER,
            range: if !is_part {
                String::new()
            } else if folder.entries.is_empty() {
                t!(page, "repo-folder-none").to_owned()
            } else {
                t!(page, "repo-folder-range", first = first, last = last, total = total)
            },
            previous: (number > 1).then(|| with(format!("page={}", number - 1))),
            next: (number < folder.pages()).then(|| with(format!("page={}", number + 1))),
            is_looking: folder.is_looking,
            waiting: with(format!("page={number}&wait=true")),
            note: if is_unknown { t!(page, "repo-folder-part").to_owned() } else { String::new() },
            address,
        }
    }
}

/// With more entries, a folder has a field to look for names.
const LARGE_FOLDER: usize = 100;
