//! Discussions: issues, comments, labels, and the rendering of their texts.

pub mod diagram;
pub mod issue;
pub mod label;
pub mod markdown;
pub mod milestone;
pub mod overview;
pub mod picture;
pub mod saved_query;
pub mod thread;
