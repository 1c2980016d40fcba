//! `/-/admin/compute/images`: the catalogue of images.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::image::{self, Entry};

use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/admin/compute/images.html")]
struct Images {
    page: Page,
    section: &'static str,
    rows: Vec<Entry>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = image::catalogue(web.app(), &page.actor).await?;
    html(&Images { page, section: "images", rows })
}
