//! The forms of the box at the end of a pull request: merging, now or later, and what concerns its branches.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    merge::{self, NewMerge},
    thread::Part,
};
use hearth_core::{AutoMerge, Error, MergeMethod, ThreadNumber, UpdateMethod};
use hearth_git::ObjectId;
use hearth_http::routing::post;
use serde::Deserialize;

use super::{
    AtPull,
    show::{Again, show},
};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, Web,
    repo::RepositoryVisit,
    respond::{see_other, see_other_with},
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pulls/{number}/merge", post(merge))
        .route("/pulls/{number}/auto-merge", post(later))
        .route("/pulls/{number}/auto-merge/cancel", post(cancel))
        .route("/pulls/{number}/update", post(update))
        .route("/pulls/{number}/branch", post(branch))
        .route("/pulls/{number}/revert", post(revert))
}

/// The form; each method that writes a message has its own, so that nothing typed is lost by choosing another one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MergeForm {
    method: String,
    title_merge: Option<String>,
    message_merge: String,
    title_rebase_merge: Option<String>,
    message_rebase_merge: String,
    title_squash: Option<String>,
    message_squash: String,
    /// The head that the reader saw.
    expected_head: String,
    pub(super) deletes_branch: bool,
    bypasses: bool,
}

impl MergeForm {
    pub(super) fn method(&self) -> Option<MergeMethod> {
        self.method.parse().ok()
    }

    /// Title and message, as they were typed for a method.
    pub(super) fn text_of(&self, method: MergeMethod) -> Option<(&str, &str)> {
        let (title, message) = match method {
            MergeMethod::Merge => (&self.title_merge, &self.message_merge),
            MergeMethod::RebaseMerge => (&self.title_rebase_merge, &self.message_rebase_merge),
            MergeMethod::Squash => (&self.title_squash, &self.message_squash),
            MergeMethod::Rebase | MergeMethod::FastForwardOnly => return None,
        };
        title.as_ref().map(|title| (title.as_str(), message.as_str()))
    }

    fn chosen(&self) -> Result<(MergeMethod, String, String), Error> {
        let method = self.method().ok_or(Error::field("method", "unknown-choice"))?;
        let (title, message) = self.text_of(method).unwrap_or_default();
        Ok((method, title.trim().to_owned(), message.to_owned()))
    }

    fn expected(&self) -> Option<ObjectId> {
        self.expected_head.parse().ok()
    }
}

/// `POST …/pulls/{number}/merge`.
async fn merge(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<MergeForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let merged = match form.chosen() {
        Ok((method, title, message)) => {
            let new = NewMerge {
                method,
                title,
                message,
                expected_head: form.expected(),
                deletes_branch: form.deletes_branch,
                bypasses: form.bypasses,
            };
            merge::merge(&app, &writing, number, new).await.map(drop)
        }
        Err(error) => Err(error),
    };
    match merged {
        Ok(()) => Ok(see_other(&visit.urls.pull(number))),
        Err(error) => again(&app, page, &visit, number, Some(form), error).await,
    }
}

/// `POST …/pulls/{number}/auto-merge`: merges as soon as nothing is in the way any more.
async fn later(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<MergeForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let planned = match form.chosen() {
        Ok((method, title, message)) => {
            let plan = AutoMerge { method, title, message, deletes_branch: form.deletes_branch };
            merge::schedule_auto_merge(&app, &writing, number, plan, form.expected()).await
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(()) => Ok(see_other(&visit.urls.pull(number))),
        Err(error) => again(&app, page, &visit, number, Some(form), error).await,
    }
}

/// The page again, with what was typed and why it was refused.
async fn again(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    form: Option<MergeForm>,
    error: Error,
) -> Result<Response, Failure> {
    let merge_mistakes = Mistakes::from_error(&page, error, "method")?;
    let again = Again { merge: form, merge_mistakes, ..Again::default() };
    show(app, page, visit, (number, Part::Ends), again).await
}

async fn cancel(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    merge::cancel_auto_merge(&app, &visit.access, number).await?;
    Ok(see_other(&visit.urls.pull(number)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UpdateForm {
    method: String,
    expected_head: String,
}

/// `POST …/pulls/{number}/update`: brings the head up to date with the base.
async fn update(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<UpdateForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let method: UpdateMethod = form.method.parse().map_err(|()| Error::field("method", "unknown-choice"))?;
    match merge::update_branch(&app, &visit.access, number, method, form.expected_head.parse().ok()).await {
        Ok(()) => Ok(see_other(&visit.urls.pull(number))),
        Err(error) => again(&app, page, &visit, number, None, error).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BranchForm {
    /// `delete` or `restore`.
    action: String,
}

/// `POST …/pulls/{number}/branch`: deletes the head branch, or brings it back.
async fn branch(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<BranchForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    match form.action.as_str() {
        "restore" => merge::restore_head_branch(&app, &visit.access, number).await?,
        "delete" => merge::delete_head_branch(&app, &visit.access, number).await?,
        _ => return Err(Error::field("action", "unknown-choice").into()),
    }
    Ok(see_other(&visit.urls.pull(number)))
}

/// `POST …/pulls/{number}/revert`: a new pull request that takes the changes back.
async fn revert(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    match merge::revert(&app, &visit.access, number).await {
        Ok(card) => {
            let flash = Flash::new("flash-pull-reverted", format!("#{number}"));
            Ok(see_other_with(&visit.urls.pull(card.pull_request.number), flash))
        }
        Err(error) => again(&app, page, &visit, number, None, error).await,
    }
}
