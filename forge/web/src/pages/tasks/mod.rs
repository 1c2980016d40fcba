//! Pages of computing tasks.

pub(crate) mod act;
pub(crate) mod files;
mod frame;
pub(crate) mod lineage;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod outputs;
pub(crate) mod overview;
pub(crate) mod publish;
pub(crate) mod resources;
mod row;
mod steps;
mod visit;

use hearth_core::TaskKind;
use serde::Deserialize;

pub(crate) use frame::Part;
pub(crate) use overview::eta;
pub(crate) use row::{Filter, TaskRow};
pub(crate) use visit::TaskVisit;

use crate::Page;

/// Which attempt an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AttemptQuery {
    attempt: Option<i64>,
}

impl AttemptQuery {
    /// The newest where none is asked for.
    fn attempt(&self, visit: &TaskVisit) -> i64 {
        self.attempt.unwrap_or(visit.access.task().attempts)
    }
}

/// `train` or `inference`, in words.
pub(crate) fn kind(page: &Page, kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Train => t!(page, "tasks-kind-train"),
        TaskKind::Inference => t!(page, "tasks-kind-inference"),
    }
}
