//! `/delete/branch/…`: deletes one file.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    code::RevisionPath,
    content::Action,
    edit::{self, EditedFile},
};
use hearth_core::Permission;

use super::{SECTION, target::TargetForm};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead, RepositoryVisit,
    repo::{source::At, view},
    respond,
};

#[derive(Template)]
#[template(path = "pages/repo/edit/delete.html")]
struct Delete {
    page: Page,
    head: RepositoryHead,
    branch: String,
    can_write: bool,
    path: String,
    form: DeleteForm,
    mistakes: Mistakes,
    here: String,
    back: String,
}

#[derive(Clone, Debug, serde::Deserialize)]
pub(crate) struct DeleteForm {
    /// The content that is to be deleted.
    #[serde(default)]
    base: String,
    #[serde(flatten)]
    target: TargetForm,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let EditedFile { place, base, .. } = edit::open(&app, &visit.access, &at.kind, &at.rest).await?;
    let target = TargetForm::new(&app, &visit, place.revision.name()).await?;
    let form = DeleteForm { base: base.to_string(), target };
    respond::html(&draw(&app, page, &visit, &place, form).await?)
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    place: &RevisionPath,
    form: DeleteForm,
) -> Result<Delete, Failure> {
    let path = place.path.as_str();
    Ok(Delete {
        head: visit.head(app, &SECTION).await?,
        branch: view::revision_text(&place.revision),
        can_write: visit.access.can(Permission::Write),
        path: path.to_owned(),
        here: visit.urls.delete(&place.revision, path),
        back: visit.urls.source(&place.revision, path),
        mistakes: Mistakes::none(),
        form,
        page,
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let EditedFile { place, base, .. } = edit::open(&app, &visit.access, &at.kind, &at.rest).await?;
    let action = Action::Delete { sha: form.base.parse().ok() };
    let change = (place.path.as_str().to_owned(), action);
    let result = super::save(&app, &visit, &place, vec![change], &form.target).await;
    match result {
        Ok(saved) => {
            let folder = place.path.parent().unwrap_or_default();
            let after = visit.urls.source(&place.revision, folder.as_str());
            Ok(super::saved(&visit, &place, &saved, &after))
        }
        Err(error) => {
            let mistakes = super::mistakes(&page, error)?;
            // Who sends it again means what is there now.
            let form = DeleteForm { base: base.to_string(), ..form };
            let mut shown = draw(&app, page, &visit, &place, form).await?;
            shown.mistakes = mistakes;
            respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
