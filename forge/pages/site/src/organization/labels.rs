//! `/{owner}/-/settings/labels`: the labels with which the repositories of an organisation begin.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    organization::label::{self, OrganizationLabel},
};
use hearth_core::{Error, Kind, OrganizationLabelId, urls::OrganizationUrls};
use hearth_http::routing::{get_and_post, post as on_post};
use hearth_pages_repository::repo::labels::LabelForm;
use http::StatusCode;
use serde::Deserialize;

use super::settings::SECTION;
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, OrganizationHead, OrganizationVisit, Page, Web,
    respond::{html_with, see_other_with},
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings/labels", get_and_post(get, create))
        .route("/settings/labels/add", on_post(add_to_all))
        .route("/settings/labels/{id}", on_post(edit))
        .route("/settings/labels/{id}/delete", on_post(delete))
}

fn address(urls: &OrganizationUrls) -> String {
    urls.settings_part("labels")
}

#[derive(Template)]
#[template(path = "pages/organization/labels.html")]
struct Labels {
    page: Page,
    head: OrganizationHead,
    rows: Vec<OrganizationLabel>,
    form: LabelForm,
    mistakes: Mistakes,
}

impl Labels {
    fn address(&self) -> String {
        address(&self.head.urls)
    }

    fn address_of(&self, label: &OrganizationLabel) -> String {
        format!("{}/{}", self.address(), label.id)
    }

    fn delete_address(&self, label: &OrganizationLabel) -> String {
        format!("{}/delete", self.address_of(label))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtLabel {
    id: String,
}

impl AtLabel {
    fn id(&self) -> Result<OrganizationLabelId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Label))
    }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    form: LabelForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let head = visit.head(app, &SECTION).await?;
    let rows = label::list(app, &visit.access).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Labels { page, head, rows, form, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
) -> Result<Response, Failure> {
    draw(&app, page, &visit, LabelForm::default(), Mistakes::none()).await
}

pub(crate) async fn create(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<LabelForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    match label::create(&app, &access, &form.input()).await {
        Ok(label) => Ok(see_other_with(&address(&visit.urls), Flash::new("flash-label-created", label.name))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, form, mistakes).await
        }
    }
}

/// `POST …/labels/{id}`. As in repositories, a mistake is shown above the form for a new label, with what was typed.
pub(crate) async fn edit(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path(at): Path<AtLabel>,
    Form(form): Form<LabelForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    match label::edit(&app, &access, at.id()?, form.input().into()).await {
        Ok(_) => Ok(see_other_with(&address(&visit.urls), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, form, mistakes).await
        }
    }
}

/// `POST …/labels/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: OrganizationVisit,
    Path(at): Path<AtLabel>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let label = label::delete(&app, &visit.access.administer()?, at.id()?).await?;
    Ok(see_other_with(&address(&visit.urls), Flash::new("flash-label-deleted", label.name)))
}

/// `POST …/labels/add`: to the repositories that exist.
pub(crate) async fn add_to_all(
    State(app): State<App>,
    visit: OrganizationVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    label::add_to_all(&app, &visit.access.administer()?).await?;
    Ok(see_other_with(&address(&visit.urls), Flash::new("flash-organization-labels-added", "")))
}
