//! What people and programs can do with Hearth: one file per noun. No HTTP, no HTML, no SQL.
//!
//! An operation is a function that takes the [`App`], the proof that its actor may do it ([`access::Access`]) and its
//! input, and keeps its rows, its event and its jobs in one transaction.

pub mod access;
mod actor;
mod app;
pub mod blobs;
pub mod credential;
mod git_error;
pub mod jobs;
mod limits;
mod live;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;

pub use access::{Access, Area};
pub use actor::Actor;
pub use app::{App, Parts};
pub use blobs::Blobs;
pub use git_error::GitResult;
pub use limits::Limits;
pub use live::{Change, Live};
pub use settings::{Registration, Settings};
