//! What repositories of one store give each other: a fork takes everything at its start, and a pull request takes
//! the commits of a fork.

mod fork;
mod names;
mod take;

pub use names::{head_ref, merge_ref, version_ref};
pub use take::{MOST_TAKEN_BYTES, MOST_TAKING_TIME};
