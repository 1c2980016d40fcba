//! `/{owner}/-/teams/{team}/edit`: changes or deletes a team; the owners' team keeps name and permissions.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    organization::team::{self, TeamInfo},
};
use hearth_core::{Conflict, Error};
use http::StatusCode;
use serde::Deserialize;

use super::{
    SECTION,
    form::{TeamForm, seen},
};
use crate::{
    Failure, Flash, Form, Mistakes, OrganizationHead, OrganizationVisit, Page,
    respond::{html_with, see_other_with},
    role_fields::RoleRow,
};

#[derive(Template)]
#[template(path = "pages/organization/teams/edit.html")]
struct Edit {
    page: Page,
    head: OrganizationHead,
    info: TeamInfo,
    form: TeamForm,
    roles: Vec<RoleRow>,
    mistakes: Mistakes,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeleteForm {
    /// The team's name, typed as confirmation.
    confirm: String,
}

async fn draw(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    info: TeamInfo,
    form: Option<TeamForm>,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &SECTION).await?;
    let form = form.unwrap_or_else(|| TeamForm::of(&info));
    let roles = form.roles.rows(&page);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Edit { page, head, info, form, roles, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    draw(&app, page, &visit, info, None, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<TeamForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let edited = match form.edit(info.team.is_owners) {
        Ok(edit) => team::edit(&app, &access, info.team.id, edit).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(edited) => Ok(see_other_with(&visit.urls.team(&edited.team.name), Flash::new("flash-saved", ""))),
        Err(error) => {
            // Submitting the form again overwrites the newer change, which the person has been told of.
            let is_stale = matches!(error, Error::Conflict(Conflict::StaleEdit));
            let form = if is_stale { TeamForm { seen: seen(&info), ..form } } else { form };
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, info, Some(form), mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let deleted = if form.confirm.trim() == info.team.name {
        team::delete(&app, &access, info.team.id).await
    } else {
        Err(Error::field("confirm", "confirm-name"))
    };
    match deleted {
        Ok(()) => Ok(see_other_with(&visit.urls.teams(), Flash::new("flash-team-deleted", info.team.name))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "confirm")?;
            draw(&app, page, &visit, info, None, mistakes).await
        }
    }
}
