//! Discussions: issues, comments, labels, and the rendering of their texts.

pub mod diagram;
pub mod issue;
pub mod label;
pub mod markdown;
pub mod picture;
pub mod thread;
