//! Runs computing tasks and keeps the record of each run.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`spec`] | what one attempt is asked to do |
//! | [`protocol`] | the HTTP contract between the agent in a task and the server |
//! | [`engine`] | where agents are started, stopped and observed: this machine, or a cluster |
//! | [`sandbox`] | the fence around a task on this machine |
//! | [`agent`] | the small program inside every task: stages, runs, reports |
//! | [`outputs`] | what a program has left in its output folder |
//! | [`record`] | `run.json` and its neighbours on the server's disk |
//! | [`metrics`] | points out of `metrics.jsonl` and plain log lines |
//!
//! It knows no users, no SQL and no HTML. The words (kinds, reasons, states) are `hearth-core`'s.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod agent;
mod beneath;
pub mod bounded;
mod draft;
pub mod engine;
mod error;
pub mod metrics;
pub mod outputs;
mod process;
mod program;
pub mod protocol;
pub mod record;
pub mod sandbox;
mod seal;
mod secret;
pub mod spec;

pub use error::{Error, Result};
pub use secret::Secret;
pub use spec::TaskSpec;
