//! `/{owner}/{name}/labels`.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::Query,
    label::{self, Label, LabelInput},
    thread::ThreadQuery,
};
use hearth_core::{Error, Kind, LabelId, Permission};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead, Web,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/labels.html")]
struct Labels {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Label>,
    counts: HashMap<LabelId, i64>,
    can_write: bool,
    form: LabelForm,
    mistakes: Mistakes,
}

/// What is typed for a label, of a repository or of an organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct LabelForm {
    pub name: String,
    /// As the picker of colours gives it: `#` and six hex digits.
    pub color: String,
    pub description: String,
    pub exclusive: bool,
}

impl Default for LabelForm {
    fn default() -> Self {
        Self { name: String::new(), color: "#0969da".into(), description: String::new(), exclusive: false }
    }
}

impl LabelForm {
    pub fn input(&self) -> LabelInput {
        LabelInput {
            name: self.name.clone(),
            color: self.color.clone(),
            description: self.description.clone(),
            is_exclusive: self.exclusive,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtLabel {
    id: String,
}

impl AtLabel {
    fn id(&self) -> Result<LabelId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Label))
    }
}

impl Labels {
    fn issues_of(&self, label: &Label) -> String {
        let query = Query { thread: ThreadQuery::labelled(&label.name), ..Query::open() };
        self.head.urls.issues_matching(&query.to_string())
    }

    fn count(&self, label: &Label) -> i64 {
        self.counts.get(&label.id).copied().unwrap_or_default()
    }
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/labels", get_and_post(get, create))
        .route("/labels/defaults", on_post(defaults))
        .route("/labels/{id}", on_post(edit))
        .route("/labels/{id}/delete", on_post(delete))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    show(&app, page, &visit, LabelForm::default(), Mistakes::none()).await
}

pub(crate) async fn create(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<LabelForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    match label::create(&app, &writing, &form.input()).await {
        Ok(label) => Ok(see_other_with(&visit.urls.labels(), Flash::new("flash-label-created", label.name))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

/// `POST …/labels/{id}`. A mistake is shown above the form for a new label, with what was typed.
pub(crate) async fn edit(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtLabel>,
    Form(form): Form<LabelForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    match label::edit(&app, &writing, at.id()?, form.input().into()).await {
        Ok(_) => Ok(see_other_with(&visit.urls.labels(), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtLabel>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let label = label::delete(&app, &visit.access.write()?, at.id()?).await?;
    Ok(see_other_with(&visit.urls.labels(), Flash::new("flash-label-deleted", label.name)))
}

pub(crate) async fn defaults(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    label::create_defaults(&app, &visit.access.write()?).await?;
    Ok(see_other_with(&visit.urls.labels(), Flash::new("flash-saved", "")))
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: LabelForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::issues::SECTION).await?;
    let rows = label::list(app, &visit.access).await?;
    let counts = label::count_open_issues(app, &visit.access).await?;
    let can_write = page.is_signed_in() && visit.access.can(Permission::Write);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Labels { page, head, rows, counts, can_write, form, mistakes })
}
