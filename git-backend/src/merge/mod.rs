//! Merging on objects: no checkout, no working tree and no child process.
//!
//! The steps are those of git's own strategy (`ort`), so that a merge here and one in a clone give the same tree or
//! the same conflicts: [`walk`] finds the paths at which the three trees differ and never opens what is equal,
//! [`rename`] pairs what disappeared with what appeared, [`folder`] notices renamed folders, [`settle`] decides each
//! path, [`text`] merges lines, and [`build`] writes the folders that changed. Several merge bases are merged into a
//! virtual one first ([`recursive`]).
//!
//! Attributes of the repository are not read: neither merge drivers nor filters exist here, and nobody's files can
//! start a program.

mod base;
mod bench;
mod build;
mod commit;
mod conflict;
mod folder;
mod pick;
mod recursive;
mod rename;
mod report;
mod settle;
mod text;
mod walk;

pub use commit::CommitParts;
pub use conflict::{ConflictFile, ConflictHunk, ConflictKind, Merge, Rebase, ResolvedFile};

pub(crate) use rename::source_of;

use crate::ObjectId;

/// A file, a link or a submodule, as it stands in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaf {
    mode: u32,
    id: ObjectId,
}

const TREE_MODE: u32 = 0o040_000;
const LINK_MODE: u32 = 0o120_000;
const SUBMODULE_MODE: u32 = 0o160_000;
const FORMAT: u32 = 0o170_000;

impl Leaf {
    /// Whether it is a file, executable or not.
    fn is_file(self) -> bool {
        self.mode & FORMAT == 0o100_000
    }

    /// Whether both are files, both links or both submodules.
    fn is_like(self, other: Self) -> bool {
        self.mode & FORMAT == other.mode & FORMAT
    }
}

/// One of the three trees of a merge.
const BASE: usize = 0;
const OURS: usize = 1;
const THEIRS: usize = 2;
