//! `/-/admin`: what this site is, in figures.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    Registration,
    user::{self, Counts},
};

use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/admin/overview.html")]
struct Overview {
    page: Page,
    section: &'static str,
    counts: Counts,
    version: &'static str,
    root: String,
    engine: &'static str,
    registration: Registration,
}

impl Overview {
    fn registration(&self) -> &'static str {
        match self.registration {
            Registration::Open => t!(self.page, "admin-overview-registration-open"),
            Registration::Invite => t!(self.page, "admin-overview-registration-invite"),
            Registration::Closed => t!(self.page, "admin-overview-registration-closed"),
        }
    }

    fn database(&self) -> &'static str {
        if self.engine == "postgres" { "PostgreSQL" } else { "SQLite" }
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let app = web.app();
    let counts = user::counts(app, &page.actor).await?;
    let (root, engine) = (app.urls().root().to_owned(), app.store().engine());
    let registration = app.settings().registration;
    let version = env!("CARGO_PKG_VERSION");
    html(&Overview { page, section: "overview", counts, version, root, engine, registration })
}
