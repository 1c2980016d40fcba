//! `/explore/users`: the people of this site.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::user::{self, User};

use super::ExploreQuery;
use crate::{Failure, Page, Web, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/explore/users.html")]
struct Users {
    page: Page,
    asked: ExploreQuery,
    people: Vec<User>,
    total: u64,
    /// Pagination links.
    pages: Html,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<ExploreQuery>,
) -> Result<Response, Failure> {
    let list = user::list(web.app(), &page.actor, &asked.q, asked.request()).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let total = list.total;
    html(&Users { page, asked, people: list.items, total, pages })
}
