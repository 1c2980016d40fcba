//! `/`: what Hearth is, for a visitor.

use askama::Template;
use axum::response::Response;

use crate::{Failure, Page, respond::html};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    page: Page,
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    html(&Home { page })
}
