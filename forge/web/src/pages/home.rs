//! `/`: what Hearth is, for a visitor; for who is signed in, what is going on.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::dashboard;
use crate::{Failure, Page, Web, activity_row::before, respond::html};

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    page: Page,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct HomeQuery {
    /// A place in the feed.
    #[serde(default)]
    before: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(query): Query<HomeQuery>,
) -> Result<Response, Failure> {
    if page.is_signed_in() {
        dashboard::draw(&web, page, before(&query.before)).await
    } else {
        html(&Home { page })
    }
}
