//! Comparing and following: what lies between two commits, which commits of one version of a change are which
//! of another, what changed between the versions, and where a line went. All of it is computed from objects
//! alone, and charged to the budget of the query.

mod align;
mod assignment;
mod chain;
mod commits;
mod context;
mod follow;
mod interdiff;
mod mail;
mod mail_header;
mod pairing;
mod patch_text;
mod range_diff;
mod step;

use crate::ObjectId;

pub use commits::Comparison;
pub use follow::{LinePlace, LineSide};
pub use patch_text::{DiffOfDiffLine, PatchLine};
pub use range_diff::{CommitPair, PairStatus, RangeDiff};

/// One version of a change: the commits of `head` that `base` does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// The commit that the change starts from, itself excluded.
    pub base: ObjectId,
    /// The newest commit.
    pub head: ObjectId,
}

/// The commits of one version up to which they are compared with those of another by their content.
pub const MOST_COMMITS: usize = 250;
