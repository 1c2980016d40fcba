//! Training again what a pull request changes, and comparing what it measures with the base branch.
//!
//! A rule for a branch holds the definition of a task, as it was taken from one that ran: no pull request can change it.
//! A run is a task of that definition on one commit. Whether the check has passed is not stored anywhere: it follows from
//! the tasks as they are, so that nothing can be lost between the end of a task and the check, and a task that was
//! deleted or a rule that was changed counts at once. Only what programs read, the status of the commit, is written by a
//! job ([`report`]).

mod comparison;
mod definition;
mod launch;
mod report;
mod verdict;

pub use comparison::{BasePlace, Comparison, Trained, compare};
pub(crate) use comparison::{base_commit, compare_by_rules};
pub use definition::definition_of;
pub(crate) use definition::{check, identity};
pub use launch::{Side, launch};
pub(crate) use launch::{claim, repeated, start_by_itself};
pub(crate) use report::{note, report};
pub use verdict::Verdict;
