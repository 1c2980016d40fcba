//! Changed files as `components/diff.html` draws them: one column or two, with a tree of the files.

mod content;
mod file;
mod lines;
mod notebook;
mod query;
mod split;
mod tree;

pub use file::{Commented, DiffFile, FileReview, Viewed};
pub use file::{Sides, draw, id, sign};
pub use lines::{Body, DiffHunk, Gap, Line, SplitHunk};
pub use query::DiffQuery;
pub use split::Pair;
pub use tree::tree;
pub use tree::{TreeFile, TreeLine};
