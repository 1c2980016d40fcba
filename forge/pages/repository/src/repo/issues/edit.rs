//! `/{owner}/{name}/issues/{number}/edit`: title and text.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, Edit, Issue},
};
use hearth_core::{Conflict, Error, ThreadNumber};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    files_form::{self, FilesForm},
    repo::{
        RepositoryVisit,
        threads::{AtThread, and_of_title, check_may_edit},
    },
    respond::{html_with, see_other},
};

#[derive(Template)]
#[template(path = "pages/repo/issues/edit.html")]
struct EditPage {
    page: Page,
    head: RepositoryHead,
    issue: Issue,
    form: EditForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditForm {
    title: String,
    body: String,
    /// The version that the form was opened with.
    version: i64,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
) -> Result<Response, Failure> {
    let issue = issue::find(&app, &visit.access, at.number()?).await?.issue;
    check_may_edit(&visit, issue.author_id)?;
    let form = EditForm { title: issue.title.clone(), body: issue.body.clone(), version: issue.version };
    show(&app, page, &visit, issue, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
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
    let edit = Edit {
        title: Some(form.title.clone()),
        body: Some(form.body.clone()),
        version: Some(form.version),
        ..Edit::default()
    };
    match issue::edit(&app, &visit.access, number, edit).await {
        Ok(card) => Ok(see_other(&visit.urls.issue(card.issue.number))),
        Err(error) => {
            let is_stale = matches!(error, Error::Conflict(Conflict::StaleEdit));
            let mistakes = Mistakes::from_error(&page, error, "body")?;
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
    let issue = issue::find(app, &visit.access, number).await?.issue;
    let version = if is_stale { issue.version } else { form.version };
    show(app, page, visit, issue, EditForm { version, ..form }, mistakes).await
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    issue: Issue,
    form: EditForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &EditPage { page, head, issue, form, mistakes })
}
