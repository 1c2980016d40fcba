//! What several pages of code show: folder rows, the choice of revisions, breadcrumbs.

use hearth_app::code::{Entry, Folder, RevisionPath};
use hearth_core::urls::{RepositoryUrls, Revision};
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

/// How much of a folder is not shown, in words; empty when all is shown.
pub(crate) fn left_out(page: &Page, folder: &Folder) -> String {
    let hidden = folder.total - folder.entries.len();
    let hidden = (hidden > 0).then(|| t!(page, "repo-folder-hidden", count = hidden as u64));
    let unknown = (!folder.is_whole).then(|| t!(page, "repo-folder-part").to_owned());
    hidden.into_iter().chain(unknown).collect::<Vec<_>>().join(" ")
}
