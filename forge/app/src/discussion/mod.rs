//! What people say to each other: issues, comments, labels, and how their texts are drawn.

pub mod issue;
pub mod label;
pub mod markdown;
pub mod thread;
