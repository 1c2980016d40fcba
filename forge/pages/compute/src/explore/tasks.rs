//! `/explore/tasks`: the tasks of all repositories that the reader may see.

use askama::Template;
use axum::{extract::State, http::Uri, response::Response};
use hearth_app::{App, task};
use hearth_core::urls;

use crate::{
    Failure, Page,
    respond::html,
    tasks::{Filter, TaskRow},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/explore/tasks.html")]
struct Tasks {
    page: Page,
    filter: Filter,
    base: String,
    rows: Vec<TaskRow>,
    pages: Html,
}

pub async fn get(State(app): State<App>, page: Page, uri: Uri) -> Result<Response, Failure> {
    let filter = Filter::read(&uri).without_values();
    let request = filter.request();
    let found = task::page_visible_with_repositories(&app, &page.actor, &filter.to_store(), request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    let rows = found.items.iter().map(|(task, repository)| TaskRow::of(&page, task, repository)).collect();
    html(&Tasks { base: urls::explore("tasks"), page, filter, rows, pages })
}
