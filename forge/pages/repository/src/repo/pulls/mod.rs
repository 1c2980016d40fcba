//! Pull requests of a repository.

mod branches;
mod chain;
mod check_state;
pub(crate) mod checks;
pub(crate) mod cherry_pick;
pub(crate) mod commits;
mod conflicts;
pub(crate) mod dismissal;
pub(crate) mod edit;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod frame;
pub(crate) mod line_comment;
pub(crate) mod line_thread;
pub(crate) mod list;
mod merge;
pub(crate) mod merge_box;
mod obstacle;
pub(crate) mod patch;
pub(crate) mod resolve;
pub(crate) mod retrain;
pub(crate) mod review;
mod reviewers;
mod reviewing;
pub(crate) mod reviews;
pub mod settings;
pub(crate) mod show;
pub(crate) mod suggestions;
mod turn;
pub(crate) mod viewed;

use axum::Router;
use hearth_core::{Error, Kind, ThreadNumber, Unit};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

use super::threads;
use crate::{Section, Web};

pub(crate) use frame::{Framed, Part, PullFrame, frame};

pub const SECTION: Section = Section {
    name: "pulls",
    icon: || icon!("pull"),
    label: |page| t!(page, "common-tab-pulls"),
    address: |urls| urls.pulls(),
    count: |head| head.open_pulls,
    is_shown: |head| head.is_open(Unit::Pulls),
};

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/pulls", get(list::get))
        .route("/pulls/{number}", get(show::get))
        .route("/pulls/{number}/cherry-pick", get_and_post(cherry_pick::get, cherry_pick::post))
        .route("/pulls/{number}/draft", post(show::draft))
        .route("/pulls/{number}/edit", get_and_post(edit::get, edit::post))
        .route("/pulls/{number}/resolve", get_and_post(resolve::get, resolve::post))
        .route("/pulls/{number}/reviewers", post(reviewers::post))
        .route("/pulls/{number}/reviews/{id}/dismiss", post(dismissal::post))
        .merge(merge::routes())
        .merge(reviewing::routes())
        .merge(settings::routes())
        .merge(threads::routes("/pulls"))
}

/// The pull request that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtPull {
    number: String,
}

impl AtPull {
    /// Anything but a number is not found.
    pub(crate) fn number(&self) -> Result<ThreadNumber, Error> {
        self.number.parse().map_err(|_| Error::NotFound(Kind::PullRequest))
    }
}
