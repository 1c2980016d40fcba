//! The tasks of one repository.

mod code_choice;
mod command;
mod form;
pub mod list;
pub mod new;

use axum::Router;

use crate::{Section, Web};

pub const SECTION: Section = Section {
    name: "tasks",
    icon: || icon!("task"),
    label: |page| t!(page, "common-tab-tasks"),
    address: |urls| urls.tasks(),
    count: |head| head.live_tasks,
    is_shown: |head| head.is_code() && head.is_open(hearth_core::Unit::Tasks),
};
use hearth_http::routing::{get, get_and_post};

pub fn routes() -> Router<Web> {
    Router::new().route("/tasks", get(list::get)).route("/tasks/new", get_and_post(new::get, new::post))
}
