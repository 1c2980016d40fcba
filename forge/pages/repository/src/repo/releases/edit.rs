//! `/{owner}/{name}/releases/edit/{id}`: a release or a draft is changed, and a draft published.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    release::{self, Edit, ReleaseCard},
};
use hearth_core::{FieldErrors, ReleaseId};
use http::StatusCode;

use super::{
    AtRelease,
    form::{Offers, ReleaseForm, generate},
};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead,
    repo::RepositoryVisit,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/releases/edit.html")]
struct EditRelease {
    page: Page,
    head: RepositoryHead,
    id: ReleaseId,
    title: String,
    is_draft: bool,
    form: ReleaseForm,
    offers: Offers,
    mistakes: Mistakes,
}

fn filled(card: &ReleaseCard) -> ReleaseForm {
    let release = &card.release;
    let ticked = |is_on: bool| if is_on { "on".to_owned() } else { String::new() };
    ReleaseForm {
        tag_name: release.tag_name.clone(),
        target: release.target.clone(),
        title: release.title.clone(),
        notes: release.notes.clone(),
        prerelease: ticked(release.is_prerelease),
        chosen: ticked(release.is_chosen),
        task: release.task_id.map(|task| task.to_string()).unwrap_or_default(),
        seen: release.edit_version.to_string(),
        ..ReleaseForm::default()
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtRelease>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    visit.access.write()?;
    let card = release::find(&app, &visit.access, at.id()?).await?;
    let form = filled(&card);
    show(&app, page, &visit, &card, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtRelease>,
    Form(mut form): Form<ReleaseForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    let id = at.id()?;
    let card = release::find(&app, &visit.access, id).await?;
    if form.generates() {
        return match generate(&app, &page, &visit, &form).await {
            Ok(notes) => {
                form.notes = notes.text;
                show(&app, page, &visit, &card, form, Mistakes::none()).await
            }
            Err(error) => {
                let mistakes = Mistakes::from_error(&page, error, "tag_name")?;
                show(&app, page, &visit, &card, form, mistakes).await
            }
        };
    }
    let mut errors = FieldErrors::default();
    let task = form.task(&mut errors);
    let edit = Edit {
        tag: Some(form.tag_name.clone()),
        target: Some(form.target.clone()),
        tag_message: form.tag_message.clone(),
        title: Some(form.title.clone()),
        notes: Some(form.notes.clone()),
        is_draft: match form.act.as_str() {
            "draft" => Some(true),
            "publish" => Some(false),
            _ => None,
        },
        is_prerelease: Some(form.is_prerelease()),
        is_chosen: Some(form.is_chosen()),
        task: Some(task),
        seen: form.seen.parse().ok(),
    };
    let edited = match errors.into_result() {
        Ok(()) => release::edit(&app, &writing, id, edit).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(after) => {
            let is_published = card.release.is_draft() && !after.release.is_draft();
            let key = if is_published { "flash-release-published" } else { "flash-release-saved" };
            let flash = Flash::new(key, after.release.shown_title());
            Ok(see_other_with(&visit.urls.release(&after.release.tag_name), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "tag_name")?;
            show(&app, page, &visit, &card, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    card: &ReleaseCard,
    form: ReleaseForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let offers = Offers::read(app, &page, visit).await?;
    let (id, title) = (card.release.id, card.release.shown_title().to_owned());
    let is_draft = card.release.is_draft();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &EditRelease { page, head, id, title, is_draft, form, offers, mistakes })
}
