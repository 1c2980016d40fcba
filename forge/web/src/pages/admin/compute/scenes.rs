//! `/-/admin/compute/scenes`: what kinds of tasks may use.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::scene::{self, Scene};

use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/admin/compute/scenes.html")]
struct Scenes {
    page: Page,
    section: &'static str,
    rows: Vec<Scene>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = scene::list(web.app(), &page.actor).await?;
    html(&Scenes { page, section: "scenes", rows })
}
