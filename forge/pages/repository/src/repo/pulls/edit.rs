//! `/{owner}/{name}/pulls/{number}/edit`: title, text, and the branch to merge into.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    pull_request::{self, Edit, PullRequest},
};
use hearth_core::{Conflict, Error, ThreadNumber};
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtPull,
    branches::{branch_names, in_field},
};
use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    files_form::{self, FilesForm},
    repo::{
        RepositoryVisit,
        threads::{and_of_title, check_may_edit},
    },
    respond::{html_with, see_other},
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/edit.html")]
struct EditPage {
    page: Page,
    head: RepositoryHead,
    pull: PullRequest,
    form: EditForm,
    /// Branches to choose from, where the base can be changed.
    branches: Vec<String>,
    can_retarget: bool,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditForm {
    title: String,
    body: String,
    /// Empty where the form did not offer it.
    base: String,
    /// The version that the form was opened with.
    version: i64,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
) -> Result<Response, Failure> {
    let pull = pull_request::find(&app, &visit.access, at.number()?).await?.pull_request;
    check_may_edit(&visit, pull.author_id)?;
    let form = EditForm {
        title: pull.title.clone(),
        body: pull.body.clone(),
        base: pull.base_branch.clone(),
        version: pull.thread.version,
    };
    show(&app, page, &visit, pull, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    request: Request,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let form: EditForm = form;
    let form = EditForm { body: files_form::with_files(&form.body, &files, &visit.urls), ..form };
    if let Some(error) = refused {
        let mistakes = and_of_title(&page, files_form::mistakes(&page, error)?, &form.title)?;
        return redisplay(&app, page, &visit, (number, false), form, mistakes).await;
    }
    let now = pull_request::find(&app, &visit.access, number).await?.pull_request;
    let base = Some(form.base.trim().to_owned()).filter(|base| !base.is_empty() && *base != now.base_branch);
    let edit = Edit {
        title: Some(form.title.clone()),
        body: Some(form.body.clone()),
        version: Some(form.version),
        base_branch: base.clone(),
        ..Edit::default()
    };
    match pull_request::edit(&app, &visit.access, number, edit).await {
        Ok(card) => Ok(see_other(&visit.urls.pull(card.pull_request.number))),
        Err(error) => {
            let is_stale = matches!(error, Error::Conflict(Conflict::StaleEdit));
            let field = if base.is_some() && !is_stale { "base" } else { "body" };
            let mistakes = Mistakes::from_error(&page, in_field(error, "base"), field)?;
            redisplay(&app, page, &visit, (number, is_stale), form, mistakes).await
        }
    }
}

/// The form again, with the input. Submitting it again overwrites the newer text.
async fn redisplay(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (number, is_stale): (ThreadNumber, bool),
    form: EditForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let pull = pull_request::find(app, &visit.access, number).await?.pull_request;
    let version = if is_stale { pull.thread.version } else { form.version };
    show(app, page, visit, pull, EditForm { version, ..form }, mistakes).await
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    pull: PullRequest,
    form: EditForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let can_retarget = pull.is_open();
    let branches = if can_retarget { branch_names(app, &visit.access).await? } else { Vec::new() };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &EditPage { page, head, pull, form, branches, can_retarget, mistakes })
}
