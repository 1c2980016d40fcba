//! Rules for branches and tags.

pub(crate) mod edit;
mod form;
pub(crate) mod list;
mod retraining;
mod summary;

use axum::Router;
use hearth_core::{BranchRuleId, Error, Kind, Unit};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

use crate::{Section, Web};

pub const SECTION: Section = Section {
    name: "rules",
    icon: || icon!("shield"),
    label: |page| t!(page, "repo-rules-list-title"),
    address: |urls| urls.settings_part("rules"),
    count: |_| 0,
    is_shown: |head| head.is_open(Unit::Code),
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/rules", get(list::get))
        .route("/settings/rules/new", get_and_post(edit::new, edit::create))
        .route("/settings/rules/{id}", get_and_post(edit::get, edit::post))
        .route("/settings/rules/{id}/delete", post(edit::delete))
}

/// The rule that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtRule {
    id: String,
}

impl AtRule {
    fn id(&self) -> Result<BranchRuleId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::BranchRule))
    }
}
