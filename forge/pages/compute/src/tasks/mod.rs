//! Pages of computing tasks.

pub mod act;
mod chart_query;
pub mod compare;
mod curves;
pub mod files;
mod filter;
mod frame;
pub mod lineage;
pub mod list;
pub mod live;
pub mod log;
mod log_address;
mod log_row;
pub mod metrics;
pub mod outputs;
pub mod overview;
pub mod publish;
mod reason_icon;
pub mod resources;
mod row;
mod steps;
mod table;
mod tail;
mod visit;

use axum::Router;
use hearth_core::{TaskKind, urls};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

pub(crate) use filter::Filter;
pub(crate) use frame::{MainAction, Part};
pub(crate) use overview::eta;
pub(crate) use row::TaskRow;
pub(crate) use table::TaskTable;
pub(crate) use visit::TaskVisit;

use crate::{Page, Web};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/tasks", get(list::get))
        .route(urls::tasks_compare(), get(compare::get))
        .route("/tasks/{id}", get(overview::get))
        .route("/tasks/{id}/delete", post(act::delete))
        .route("/tasks/{id}/events", get(live::events))
        .route("/tasks/{id}/files", get(files::get))
        .route("/tasks/{id}/files/{name}", get(files::file))
        .route("/tasks/{id}/lineage", get(lineage::get))
        .route("/tasks/{id}/log", get(log::get))
        .route("/tasks/{id}/log/download", get(log::file))
        .route("/tasks/{id}/log/stream", get(live::log_lines))
        .route("/tasks/{id}/metrics", get(metrics::get))
        .route("/tasks/{id}/metrics/csv", get(metrics::csv))
        .route("/tasks/{id}/metrics/data", get(metrics::data))
        .route("/tasks/{id}/metrics/download", get(metrics::file))
        .route("/tasks/{id}/metrics/svg", get(metrics::svg))
        .route("/tasks/{id}/outputs", get(outputs::get))
        .route("/tasks/{id}/outputs/{*path}", get(outputs::file))
        .route("/tasks/{id}/priority", post(act::priority))
        .route("/tasks/{id}/publish", get_and_post(publish::get, publish::post))
        .route("/tasks/{id}/rerun", post(act::rerun))
        .route("/tasks/{id}/resources", get(resources::get))
        .route("/tasks/{id}/resources/csv", get(resources::csv))
        .route("/tasks/{id}/resources/svg", get(resources::svg))
        .route("/tasks/{id}/stop", post(act::stop))
        .route("/tasks/{id}/switch", post(act::switch))
        .route("/tasks/{id}/undelivered/discard", post(outputs::discard))
        .route("/tasks/{id}/undelivered/store", post(outputs::store))
}

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
