//! `/{owner}/-/teams`.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    organization::team::{self, TeamInfo},
};

use super::SECTION;
use crate::{Failure, OrganizationHead, OrganizationVisit, Page, respond::html, role_fields::role_badges};

#[derive(Template)]
#[template(path = "pages/organization/teams/list.html")]
struct List {
    page: Page,
    head: OrganizationHead,
    teams: Vec<TeamInfo>,
}

impl List {
    fn badges(&self, info: &TeamInfo) -> Vec<String> {
        role_badges(&self.page, &info.roles)
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
) -> Result<Response, Failure> {
    let teams = team::list(&app, &visit.access).await?;
    let head = visit.head(&app, &SECTION).await?;
    html(&List { page, head, teams })
}
