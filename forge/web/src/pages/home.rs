//! `/`: what Hearth is, for a visitor; for who is signed in, what is going on.

use askama::Template;
use axum::{extract::State, response::Response};

use super::dashboard;
use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    page: Page,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    if page.is_signed_in() { dashboard::draw(&web, page).await } else { html(&Home { page }) }
}
