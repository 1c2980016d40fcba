//! Pull requests: asking to merge a branch, the review of what it changes, the rules for branches, and the merge.

pub mod branch_rule;
pub mod changes;
pub(crate) mod code_owner;
pub mod compare;
pub mod line_comment;
pub mod merge;
pub mod obstacle;
pub mod pull_request;
pub mod retraining;
#[expect(
    clippy::module_inception,
    reason = "one of the nouns gives the module its name, and is exported from it"
)]
mod review;
pub(crate) mod version;

pub use branch_rule::{is_context, required_checks};
pub use line_comment::{
    LineComment, LineThread, NewLineComment, SeenSuggestion, When, apply_suggestions, comment_on_lines,
    delete as delete_line_comment, edit as edit_line_comment, find as find_line_comment, line_threads,
    line_threads_at, number as number_of_line_comment, reply, resolve, suggestion, unresolve,
};
pub use obstacle::Obstacle;
pub use review::*;
