//! Changing files on pages: an editor, deleting, and taking files. Each makes one commit, on the branch itself or on a new
//! one that a pull request is opened from; those who may not write propose it from their fork.

pub mod delete;
pub mod file;
mod preview;
mod target;
pub mod upload;

use axum::{Router, response::Response};
use hearth_app::{
    App,
    code::RevisionPath,
    edit::{self, FileSet, Saved},
};
use hearth_core::{Action, Conflict, Error, Result};
use hearth_http::routing::get_and_post;

use super::{RepositoryVisit, home::SECTION};
use crate::{Flash, Mistakes, Page, Web, respond};
use target::TargetForm;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/delete/{kind}/{*rest}", get_and_post(delete::get, delete::post))
        .route("/edit/{kind}/{*rest}", get_and_post(file::get, file::post))
        .route("/new/{kind}/{*rest}", get_and_post(file::get_new, file::post_new))
        .route("/upload/{kind}/{*rest}", get_and_post(upload::get, upload::post))
}

/// Commits what a form asks for.
async fn save(
    app: &App,
    visit: &RepositoryVisit,
    place: &RevisionPath,
    changes: Vec<(String, hearth_app::content::Action)>,
    form: &TargetForm,
) -> Result<Saved> {
    let set = FileSet { changes, message: form.whole_message() };
    edit::save(app, &visit.access, place, set, form.target()).await
}

/// Leads to what was saved, or to the form that asks to merge it.
fn saved(visit: &RepositoryVisit, place: &RevisionPath, saved: &Saved, after: &str) -> Response {
    if saved.is_proposed {
        let head = match &saved.fork {
            Some(fork) => format!("{}/{}:{}", fork.owner, fork.name, saved.branch.as_str()),
            None => saved.branch.as_str().to_owned(),
        };
        return respond::see_other_with(
            &visit.urls.compare_of(place.revision.name(), &head),
            Flash::new("flash-file-proposed", saved.branch.as_str()),
        );
    }
    respond::see_other_with(after, Flash::new("flash-file-saved", saved.path.as_str()))
}

/// What was wrong, beside the field that mends it; other errors are returned.
fn mistakes(page: &Page, error: Error) -> Result<Mistakes> {
    match error {
        Error::Forbidden(Action::BranchRule | Action::ProtectedBranch) => {
            Ok(Mistakes::one("target", t!(page, "repo-edit-branch-ruled").to_owned()))
        }
        Error::Forbidden(action) => {
            let sentence = page.words().find(&format!("error-forbidden-{action}")).unwrap_or_default();
            Ok(Mistakes::one("target", sentence))
        }
        Error::TooLarge(limit) => {
            let amount = crate::error_page::amount(page.words(), &limit);
            let sentence = t!(page, "error-too-large", limit = amount, key = limit.key);
            Ok(Mistakes::one("text", sentence))
        }
        Error::Conflict(Conflict::BranchExists) => Mistakes::from_error(page, error, "new_branch"),
        other => Mistakes::from_error(page, other, "path"),
    }
}
