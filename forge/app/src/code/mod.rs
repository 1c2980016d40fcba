//! Repositories and their contents: read, pushed, changed, deleted.

mod browse;
pub mod commit_status;
pub mod content;
mod diff;
pub(crate) mod git_error;
pub mod highlight;
pub mod lfs;
pub mod lfs_lock;
pub mod push;
pub mod repository;

pub use browse::*;
pub use diff::{CommitDiff, DrawnFile, MOST_LINES_AT_FIRST, Wanted, commit_diff};
