//! Repositories and their contents: read, pushed, changed, deleted.

pub mod branch_rename;
mod browse;
pub mod commit_status;
pub mod content;
pub mod deleted_reference;
pub mod deploy_key;
mod diff;
pub mod edit;
pub mod git_data;
pub(crate) mod git_error;
pub mod highlight;
pub mod lfs;
pub mod lfs_batch;
pub mod lfs_collection;
pub mod lfs_lock;
pub mod lfs_parts;
pub mod lfs_quota;
pub mod lfs_room;
pub mod lfs_ticket;
pub mod lfs_upload;
pub(crate) mod pieces;
pub mod push;
pub mod reference;
pub mod reference_list;
pub mod release;
pub mod repository;
pub mod verification;

pub use browse::*;
pub(crate) use diff::ReadDiff;
pub use diff::{
    CellChange, CellDiff, CommitDiff, DrawnFile, Facts, MOST_LINES_AT_FIRST, PatchForm, Wanted, commit_diff,
    commit_patch, is_submodule, range_diff_counts, range_patch,
};
