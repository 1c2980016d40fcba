//! Issues of a repository.

pub(crate) mod bulk;
pub(crate) mod choose;
pub(crate) mod comment;
pub(crate) mod delete;
pub(crate) mod edit;
mod field;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod show;
pub(crate) mod similar;

use axum::Router;
use hearth_http::routing::{get, get_and_post, post};

use super::threads;
use crate::Section;
use crate::Web;

pub const SECTION: Section = Section {
    name: "issues",
    icon: || icon!("issue-open"),
    label: |page| t!(page, "common-tab-issues"),
    address: |urls| urls.issues(),
    count: |head| head.open_issues,
    is_shown: |head| head.is_open(hearth_core::Unit::Issues),
};

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/issues", get(list::get))
        .route("/issues/new", get_and_post(new::get, new::post))
        .route("/issues/new/choose", get(choose::get))
        .route("/issues/similar", get(similar::get))
        .route("/issues/{number}", get(show::get))
        .route("/issues/{number}/delete", post(delete::post))
        .route("/issues/{number}/edit", get_and_post(edit::get, edit::post))
        .merge(threads::routes("/issues"))
}
