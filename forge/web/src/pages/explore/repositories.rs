//! `/explore/repos`: every repository that the reader may see.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::repository::{self, Filter, Order};

use super::ExploreQuery;
use crate::{Failure, Page, Web, repository_row::RepositoryRow, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/explore/repositories.html")]
struct Repositories {
    page: Page,
    asked: ExploreQuery,
    rows: Vec<RepositoryRow>,
    total: u64,
    /// Pagination links.
    pages: Html,
}

impl Repositories {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("", t!(self.page, "explore-repositories-kind-all")),
            ("code", t!(self.page, "explore-repositories-kind-code")),
            ("dataset", t!(self.page, "explore-repositories-kind-dataset")),
            ("model", t!(self.page, "explore-repositories-kind-model")),
        ]
    }

    fn sorts(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("", t!(self.page, "explore-repositories-sort-updated")),
            ("created", t!(self.page, "explore-repositories-sort-created")),
            ("name", t!(self.page, "explore-repositories-sort-name")),
        ]
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<ExploreQuery>,
) -> Result<Response, Failure> {
    let order = match asked.sort.as_str() {
        "created" => Order::Created,
        "name" => Order::Name,
        _ => Order::Updated,
    };
    let filter = Filter { kind: asked.kind.parse().ok(), text: asked.text(), order, ..Filter::default() };
    let list = repository::list(web.app(), &page.actor, filter, asked.request()).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let total = list.total;
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    html(&Repositories { page, asked, rows, total, pages })
}
