//! Conflicts by file and part, as they are named before anybody merges.

use hearth_git::{ConflictFile, ConflictHunk, ConflictKind};

use crate::Page;

/// A file with conflicts.
pub(crate) struct ConflictView {
    pub(crate) path: String,
    /// What is wrong, in words.
    pub(crate) sentence: &'static str,
    pub(crate) hunks: Vec<HunkView>,
}

/// A part of a file that both sides changed.
pub(crate) struct HunkView {
    /// Where it stands in the base branch, in words.
    pub(crate) place: String,
    /// As the base branch has it, and as the head has it.
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

impl ConflictView {
    pub(crate) fn all(page: &Page, files: &[ConflictFile]) -> Vec<Self> {
        files.iter().map(|file| Self::of(page, file)).collect()
    }

    fn of(page: &Page, file: &ConflictFile) -> Self {
        Self {
            path: file.path.clone(),
            sentence: sentence(page, file.kind),
            hunks: file.hunks.iter().map(|hunk| HunkView::of(page, hunk)).collect(),
        }
    }
}

impl HunkView {
    fn of(page: &Page, hunk: &ConflictHunk) -> Self {
        Self {
            place: t!(page, "repo-pulls-conflict-line", line = hunk.first_line),
            ours: hunk.ours.join("\n"),
            theirs: hunk.theirs.join("\n"),
        }
    }
}

fn sentence(page: &Page, kind: ConflictKind) -> &'static str {
    match kind {
        ConflictKind::Content => t!(page, "repo-pulls-conflict-content"),
        ConflictKind::BothAdded => t!(page, "repo-pulls-conflict-both-added"),
        ConflictKind::DeletedHere => t!(page, "repo-pulls-conflict-deleted-here"),
        ConflictKind::DeletedThere => t!(page, "repo-pulls-conflict-deleted-there"),
        ConflictKind::RenamedBoth => t!(page, "repo-pulls-conflict-renamed"),
        ConflictKind::RenamedAndDeleted => t!(page, "repo-pulls-conflict-renamed-deleted"),
        ConflictKind::Mode => t!(page, "repo-pulls-conflict-mode"),
        ConflictKind::Binary => t!(page, "repo-pulls-conflict-binary"),
        ConflictKind::TooLarge => t!(page, "repo-pulls-conflict-too-large"),
        ConflictKind::Type => t!(page, "repo-pulls-conflict-type"),
        ConflictKind::Link => t!(page, "repo-pulls-conflict-link"),
        ConflictKind::Submodule => t!(page, "repo-pulls-conflict-submodule"),
        ConflictKind::Folder => t!(page, "repo-pulls-conflict-folder"),
        ConflictKind::FolderRenamed => t!(page, "repo-pulls-conflict-folder-renamed"),
    }
}
