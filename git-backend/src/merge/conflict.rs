//! What a merge found.

use serde::{Deserialize, Serialize};

use crate::ObjectId;

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    /// Everything fits together.
    Clean {
        /// The merged tree. It is on disk, but nothing refers to it yet.
        tree: ObjectId,
    },
    /// Nothing was written: these files do not fit together, in path order; of very many, the first
    /// 300.
    Conflicts(Vec<ConflictFile>),
}

/// The result of moving commits onto another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rebase {
    /// All commits were applied.
    Done {
        /// The last new commit; where it all went onto if nothing remained.
        head: ObjectId,
        /// Each commit with the one that took its place, oldest first. Commits that became empty are left out, and
        /// so are merges.
        commits: Vec<(ObjectId, ObjectId)>,
    },
    /// One commit could not be applied, and nothing refers to what was written before it.
    Conflicts {
        /// That commit.
        commit: ObjectId,
        /// Where it does not fit.
        files: Vec<ConflictFile>,
    },
}

/// A file that has to be decided by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictFile {
    /// Where it is in the merge; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// Where it was in the merge base, if elsewhere.
    pub base_path: Option<String>,
    /// What does not fit.
    pub kind: ConflictKind,
    /// The places that overlap; none unless all sides are text.
    pub hunks: Vec<ConflictHunk>,
    /// The whole text with conflict markers, if it may be resolved by editing it: see
    /// [`crate::OpenRepository::merge_resolved`].
    pub merged: Option<String>,
    /// Whether hunks, lines or further files were left out.
    pub is_truncated: bool,
}

/// Why a file has to be decided by a person. *Here* is the side that is merged into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// Both sides changed the same lines.
    Content,
    /// Both sides added a file under this name.
    BothAdded,
    /// Changed there, deleted here.
    DeletedHere,
    /// Changed here, deleted there.
    DeletedThere,
    /// Both sides renamed it, to different names; or both renamed something to this name.
    RenamedBoth,
    /// Renamed by one side, deleted by the other.
    RenamedAndDeleted,
    /// Only the modes do not fit: one side made it executable in a file that both added.
    Mode,
    /// Both sides changed a file that is not text.
    Binary,
    /// Both sides changed a file that is too large to be merged by lines.
    TooLarge,
    /// A file on one side, a link or a submodule on the other.
    Type,
    /// Both sides changed the target of a link.
    Link,
    /// Both sides moved a submodule.
    Submodule,
    /// A folder on one side, a file on the other.
    Folder,
    /// One side renamed the folder into which the other side put it.
    FolderRenamed,
}

/// Lines that overlap. Line breaks are not part of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictHunk {
    /// The number of the first line in ours, from 1.
    pub first_line: u32,
    /// The lines here.
    pub ours: Vec<String>,
    /// The lines there.
    pub theirs: Vec<String>,
    /// The lines that both changed.
    pub base: Vec<String>,
}

/// The content that a person decided on for a conflicted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedFile {
    /// [`ConflictFile::path`].
    pub path: String,
    /// The whole content.
    pub content: Vec<u8>,
}

/// The most conflicted files that are named.
pub(super) const MOST_FILES: usize = 300;
/// The most hunks that are shown, of one file and of all together.
pub(super) const MOST_HUNKS_OF_FILE: usize = 50;
pub(super) const MOST_HUNKS: usize = 500;
/// The most lines of one side of a hunk, and bytes of one line.
pub(super) const MOST_LINES: usize = 200;
pub(super) const MOST_LINE_BYTES: usize = 1_000;
/// The most bytes of all hunks together.
pub(super) const MOST_BYTES: usize = 512 << 10;
/// A longer text is not offered for editing; nor are further ones once all together are four times as long.
pub(super) const MOST_MERGED_BYTES: usize = 256 << 10;
