//! `/`: what Hearth is, for visitors; the dashboard, for signed-in users.

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
    /// A position in the feed.
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
