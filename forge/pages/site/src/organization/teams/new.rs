//! `/{owner}/-/teams/new`.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{App, organization::team};
use hearth_core::{Permission, Roles};
use http::StatusCode;

use super::{SECTION, form::TeamForm};
use crate::{
    Failure, Flash, Form, Mistakes, OrganizationHead, OrganizationVisit, Page,
    respond::{html_with, see_other_with},
    role_fields::{RoleFields, RoleRow},
};

#[derive(Template)]
#[template(path = "pages/organization/teams/new.html")]
struct New {
    page: Page,
    head: OrganizationHead,
    form: TeamForm,
    roles: Vec<RoleRow>,
    mistakes: Mistakes,
}

async fn draw(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    form: TeamForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &SECTION).await?;
    let roles = form.roles.rows(&page);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &New { page, head, form, roles, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let roles = RoleFields::of(&Roles::whole(Permission::Read));
    draw(&app, page, &visit, TeamForm { roles, ..TeamForm::default() }, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<TeamForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let made = match form.fields() {
        Ok(fields) => team::create(&app, &access, fields).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let name = made.team.name;
            Ok(see_other_with(&visit.urls.team(&name), Flash::new("flash-team-created", name)))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, form, mistakes).await
        }
    }
}
