//! The git backend of Hearth: objects, references, diffs, packs, and the wire protocol. It has no notion of
//! users, SQL or HTML.
//!
//! Start with [`RepositoryStore`]. A [`Repository`] is a cheap handle for async code. Reading objects blocks,
//! so it happens inside [`Repository::run`], which lends an [`OpenRepository`]:
//!
//! ```no_run
//! # async fn example(store: hearth_git::RepositoryStore) -> hearth_git::Result<()> {
//! use hearth_git::{Log, StorageId, TreePath};
//!
//! let repository = store.open(&StorageId::from(7)).await?;
//! let (folder, commits) = repository
//!     .run_expensive(|git| {
//!         let head = git.head()?.ok_or(hearth_git::Error::RevisionNotFound)?;
//!         Ok((git.tree(head, &TreePath::root(), 1_000)?, git.log(head, &Log::page(0, 30))?))
//!     })
//!     .await?;
//! # drop((folder, commits));
//! # Ok(())
//! # }
//! ```
//!
//! Operations that need the system's git (the protocol, large files, the history of one path, maintenance)
//! are async methods on [`Repository`] itself, and stream.
//!
//! Every object read and every entry visited is charged to the budget of the query ([`Allowance`]); a walk
//! that exceeds it returns a partial [`Answer`] and says so. Expensive queries have permits of their own
//! ([`Class`]), and a thread stops soon after nobody waits for it any more.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

mod blame;
mod budget;
mod caches;
mod child;
mod config;
mod diff;
mod error;
mod exchange;
mod fan_out;
mod files;
mod folder_lock;
mod gitmodules;
mod graph;
mod grep;
mod holders;
mod id;
mod kept;
mod last_commit;
mod maintain;
mod merge;
mod name;
mod path;
mod permits;
mod program;
mod push;
mod read;
mod repository;
mod review;
mod shares;
mod similarity;
mod stale;
mod store;
mod stream;
mod wire;
mod write;

pub use blame::{Blame, BlameRun};
pub use budget::{Allowance, Answer, Bound, Cost};
pub use child::ChildOutput;
pub use config::{INTERNAL_REFS, READ_ONLY_REFS};
pub use diff::{
    Decode, Diff, DiffLimits, DiffLine, DiffRequest, FileDiff, FileStatus, Hunk, LineKind, PatchId,
    Whitespace, diff_texts,
};
pub use error::{Error, Result};
pub use exchange::{MOST_TAKEN_BYTES, MOST_TAKING_TIME, head_ref, merge_ref, version_ref};
pub use folder_lock::Lock;
pub use grep::{Grep, GrepFile, GrepLine, GrepManner, GrepPattern, GrepRequest};
pub use holders::{add_holder, current_holders, on_behalf_of};
pub use id::{ObjectId, StorageId};
pub use kept::Kept;
pub use last_commit::LastCommits;
pub use maintain::{DiskState, MAX_LOOSE_OBJECTS, MAX_LOOSE_REFERENCES, MAX_PACKS};
pub use merge::{CommitParts, ConflictFile, ConflictHunk, ConflictKind, Merge, Rebase, ResolvedFile};
pub use name::{BranchName, Invalid, MAX_REF_NAME_BYTES, PathProblem, RefName, TagName};
pub use path::TreePath;
pub use permits::Class;
pub use program::ChildReader;
pub use push::{MAX_FRAME_BYTES, Push, PushGate, PushId, PushRules, PushTicket, Stage, Verdict};
pub use read::{
    AheadBehind, Blob, BlobReader, BlobStream, Branch, Commit, Contributor, Contributors, EntryKind,
    FileEntry, LaneRow, Lanes, Listing, Log, MOST_LANES, MOST_MORE_TIPS, MOST_PARENTS, PathChange,
    PathHistory, Resolved, RevisionKind, Signature, Signed, Tag, TagObject, TagRef, TagTarget, TreeEntry,
    TreePart,
};
pub use repository::{OpenRepository, Repository};
pub use review::{
    CommitPair, Comparison, DiffOfDiffLine, LinePlace, LineSide, MOST_COMMITS, PairStatus, PatchLine, Range,
    RangeDiff,
};
pub use shares::{Holder, Permit, Shares};
pub use store::{Capacity, RepositoryStore};
pub use stream::{Outlet, Streamed};
pub use wire::{Bounded, Gunzip, Protocol, Service};
pub use write::{Change, CommitSigner, Content, NewCommit, NewTag, RefUpdate, UpdateKind};
