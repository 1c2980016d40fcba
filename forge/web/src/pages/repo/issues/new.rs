//! `/{owner}/{name}/issues/new`.

use askama::Template;
use axum::{
    extract::{Query, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, NewIssue},
    label, thread,
};
use hearth_core::{LabelId, Permission};
use http::StatusCode;
use serde::Deserialize;

use super::{Choice, label_choices};
use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    files_form::{self, FilesForm},
    pages::repo::RepositoryVisit,
    respond::{html_with, see_other},
};

#[derive(Template)]
#[template(path = "pages/repo/issues/new.html")]
struct New {
    page: Page,
    head: RepositoryHead,
    form: NewForm,
    mistakes: Mistakes,
    can_write: bool,
    labels: Vec<Choice>,
    people: Vec<Choice>,
}

/// The input; the query string can prefill title and body.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    title: String,
    body: String,
    labels: Vec<i64>,
    assignees: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    title: String,
    body: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(given): Query<Given>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let form = NewForm { title: given.title, body: given.body, ..NewForm::default() };
    show(&app, page, &visit, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    request: Request,
) -> Result<Response, Failure> {
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let form: NewForm = form;
    let form = NewForm { body: files_form::with_files(&form.body, &files, &visit.urls), ..form };
    if let Some(error) = refused {
        let mut mistakes = files_form::mistakes(&page, error)?;
        if let Err(error) = thread::check_title(&form.title) {
            mistakes.add(Mistakes::from_error(&page, error, "title")?);
        }
        return show(&app, page, &visit, form, mistakes).await;
    }
    let new = NewIssue {
        title: form.title.clone(),
        body: form.body.clone(),
        labels: form.labels.iter().copied().map(LabelId).collect(),
        assignees: form.assignees.iter().filter(|name| !name.is_empty()).cloned().collect(),
        is_closed: false,
    };
    match issue::open(&app, &visit.access, new).await {
        Ok(card) => Ok(see_other(&visit.urls.issue(card.issue.number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "title")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: NewForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let can_write = visit.access.can(Permission::Write);
    let (mut labels, mut people) = (Vec::new(), Vec::new());
    if can_write {
        let is_on = |label: &label::Label| form.labels.contains(&label.id.0);
        labels = label_choices(label::list(app, &visit.access).await?, is_on);
        let names = thread::candidates(app, &visit.access).await?;
        let choice = |name: String| Choice {
            is_on: form.assignees.contains(&name),
            value: name.clone(),
            text: name,
            color: String::new(),
        };
        people = names.into_iter().map(|name| choice(name.into())).collect();
    }
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &New { page, head, form, mistakes, can_write, labels, people })
}
