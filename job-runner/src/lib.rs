//! Runs computing tasks and keeps the record of each run.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`spec`] | the specification of one attempt |
//! | [`protocol`] | the HTTP contract between the agent in a task and the server |
//! | [`engine`] | where agents are started, stopped and observed: this machine, or a cluster |
//! | [`sandbox`] | isolation of a task on this machine |
//! | [`agent`] | the small program inside every task: stages, runs, reports |
//! | [`outputs`] | the files a program left in its output folder |
//! | [`packages`] | packages that a task names, and their environments on this machine |
//! | [`record`] | `run.json` and the files beside it on the server's disk |
//! | [`metrics`] | points from `metrics.jsonl` and plain log lines |
//!
//! It has no notion of users, SQL or HTML. The shared terms (kinds, reasons, states) come from `hearth-core`.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod agent;
mod beneath;
pub mod bounded;
mod draft;
pub mod engine;
mod error;
pub mod metrics;
pub mod outputs;
pub mod packages;
mod process;
mod program;
pub mod protocol;
pub mod record;
mod removal;
pub mod sandbox;
mod seal;
mod secret;
pub mod spec;

pub use error::{Error, Result};
pub use secret::Secret;
pub use spec::TaskSpec;
