//! `/{owner}/{name}/releases/new`.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    release::{self, NewRelease},
};
use hearth_core::FieldErrors;
use http::StatusCode;
use serde::Deserialize;

use super::form::{Offers, ReleaseForm, generate};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead,
    repo::RepositoryVisit,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/releases/new.html")]
struct New {
    page: Page,
    head: RepositoryHead,
    form: ReleaseForm,
    offers: Offers,
    mistakes: Mistakes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewQuery {
    tag: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<NewQuery>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    visit.access.write()?;
    let form = ReleaseForm { tag_name: query.tag, ..ReleaseForm::default() };
    show(&app, page, &visit, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(mut form): Form<ReleaseForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    if form.generates() {
        return match generate(&app, &page, &visit, &form).await {
            Ok(notes) => {
                form.notes = notes.text;
                show(&app, page, &visit, form, Mistakes::none()).await
            }
            Err(error) => {
                let mistakes = Mistakes::from_error(&page, error, "tag_name")?;
                show(&app, page, &visit, form, mistakes).await
            }
        };
    }
    let mut errors = FieldErrors::default();
    let task = form.task(&mut errors);
    let new = NewRelease {
        tag: form.tag_name.clone(),
        target: form.target.clone(),
        tag_message: form.tag_message.clone(),
        title: form.title.clone(),
        notes: form.notes.clone(),
        is_draft: form.act == "draft",
        is_prerelease: form.is_prerelease(),
        is_chosen: form.is_chosen(),
        task,
    };
    let made = match errors.into_result() {
        Ok(()) => release::create(&app, &writing, new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(card) => {
            let key =
                if card.release.is_draft() { "flash-release-drafted" } else { "flash-release-published" };
            let flash = Flash::new(key, card.release.shown_title());
            Ok(see_other_with(&visit.urls.release(&card.release.tag_name), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "tag_name")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: ReleaseForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let offers = Offers::read(app, &page, visit).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &New { page, head, form, offers, mistakes })
}
