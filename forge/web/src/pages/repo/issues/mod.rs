//! Issues of a repository.

pub(crate) mod comment;
pub(crate) mod edit;
mod lines;
pub(crate) mod list;
pub(crate) mod new;
mod rail;
mod reaction;
pub(crate) mod show;

use axum::Router;
use hearth_app::label::Label;
use hearth_core::{CommentId, Error, Kind, ThreadNumber};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

use crate::Section;
use crate::Web;

pub(crate) const SECTION: Section = Section {
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
        .route("/issues/comments/{id}/delete", post(comment::delete))
        .route("/issues/comments/{id}/reactions", post(reaction::of_comment))
        .route("/issues/comments/{id}/edit", get_and_post(comment::get, comment::post))
        .route("/issues/{number}", get(show::get))
        .route("/issues/{number}/assignees", post(rail::assignees))
        .route("/issues/{number}/comments", post(show::comment))
        .route("/issues/{number}/edit", get_and_post(edit::get, edit::post))
        .route("/issues/{number}/labels", post(rail::labels))
        .route("/issues/{number}/lock", post(rail::lock))
        .route("/issues/{number}/reactions", post(reaction::of_issue))
        .route("/issues/{number}/subscription", post(rail::subscription))
        .route("/issues/{number}/unlock", post(rail::unlock))
}

/// The issue that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtIssue {
    number: String,
}

impl AtIssue {
    /// Anything but a number is not found.
    fn number(&self) -> Result<ThreadNumber, Error> {
        self.number.parse().map_err(|_| Error::NotFound(Kind::Issue))
    }
}

/// The comment that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtComment {
    id: String,
}

impl AtComment {
    fn id(&self) -> Result<CommentId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Comment))
    }
}

/// One of several that can be chosen, such as a label in a menu.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    /// `#rrggbb`; empty without a colour.
    pub(crate) color: String,
    pub(crate) is_on: bool,
}

/// All labels, with the selected ones marked.
fn label_choices(labels: Vec<Label>, is_on: impl Fn(&Label) -> bool) -> Vec<Choice> {
    let choice = |label: Label| Choice {
        is_on: is_on(&label),
        value: label.id.to_string(),
        color: format!("#{}", label.color),
        text: label.name,
    };
    labels.into_iter().map(choice).collect()
}
