//! `/tasks`: what the reader launched, in all repositories.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, task};
use hearth_core::urls;

use super::{Filter, TaskRow};
use crate::{Failure, Page, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/tasks/list.html")]
struct List {
    page: Page,
    filter: Filter,
    base: &'static str,
    rows: Vec<TaskRow>,
    total: u64,
    pages: Html,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let request = filter.request();
    let found = task::page_mine_with_repositories(&app, &page.actor, &filter.to_store(), request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    let total = found.total;
    let rows = found.items.iter().map(|(task, repository)| TaskRow::of(&page, task, repository)).collect();
    html(&List { page, filter, base: urls::tasks(), rows, total, pages })
}
