//! `/-/admin/compute/accelerators`: the kinds of cards that Hearth knows.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{accelerator, accelerator::Accelerator};

use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/admin/compute/accelerators.html")]
struct Accelerators {
    page: Page,
    section: &'static str,
    rows: Vec<Accelerator>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = accelerator::list(web.app(), &page.actor).await?;
    html(&Accelerators { page, section: "accelerators", rows })
}
