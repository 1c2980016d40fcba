//! What people and programs can do with Hearth: one file per noun. No HTTP, no HTML, no SQL.
//!
//! An operation is a function that takes the [`App`], the proof that its actor may do it ([`access::Access`]) and its
//! input, and keeps its rows, its event and its jobs in one transaction.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod accelerator;
pub mod access;
pub mod access_token;
pub mod activity;
mod actor;
mod app;
pub mod attempt;
pub mod audit;
pub mod code;
pub mod commit_status;
pub mod compute;
pub mod content;
pub mod disk;
mod effect;
pub mod events;
mod fields;
mod git_error;
pub mod highlight;
pub mod image;
pub mod invite;
pub mod issue;
pub mod jobs;
pub mod label;
pub mod leadership;
pub mod lfs;
pub mod lfs_lock;
mod limits;
pub mod lineage;
pub mod log;
pub mod mail;
pub mod maintenance;
pub mod markdown;
pub mod metrics;
pub mod model;
mod operation;
pub mod organization;
pub mod output;
pub mod owner;
pub mod password;
pub mod pool;
pub mod push;
pub mod queue;
pub mod quota;
mod rate;
pub mod reconcile;
pub mod record;
pub mod repository;
pub mod scene;
mod secret;
pub mod session;
mod settings;
pub mod spec;
pub mod ssh_key;
pub mod storage;
pub mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod thinned;
pub mod thread;
pub mod undelivered;
pub mod user;
mod zip;

pub use access::{Access, Located};
pub use actor::Actor;
pub use app::{App, Parts};
pub use disk::DataDisk;
pub use effect::Effect;
pub use git_error::GitResult;
pub use hearth_blobs::{self as blobs, Blobs};
pub use hearth_core::{Change, Unit};
pub use hearth_outbound as outbound;
pub use hearth_store::News;
pub use limits::Limits;
pub use operation::Operation;
pub use password::Password;
pub use rate::{ClientAddress, GuessLimit};
pub use settings::{Registration, Settings};
pub use thread::comment;
