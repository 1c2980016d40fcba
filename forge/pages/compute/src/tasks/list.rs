//! `/tasks`: what the reader launched, in all repositories.

use askama::Template;
use axum::{extract::State, http::Uri, response::Response};
use hearth_app::{App, task};
use hearth_core::urls;

use super::{Filter, TaskRow, TaskTable};
use crate::{Failure, Page, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/tasks/list.html")]
struct List {
    page: Page,
    filter: Filter,
    base: &'static str,
    table: TaskTable,
    pages: Html,
}

pub(crate) async fn get(State(app): State<App>, page: Page, uri: Uri) -> Result<Response, Failure> {
    page.require_viewer()?;
    let filter = Filter::read(&uri);
    let request = filter.request();
    let found = task::page_mine_with_repositories(&app, &page.actor, &filter.to_store(), request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    let rows = found.items.iter().map(|(task, repository)| TaskRow::of(&page, task, repository)).collect();
    let tasks: Vec<_> = found.items.iter().map(|(task, _)| task).collect();
    let table = TaskTable::new(&app, &tasks, rows, found.total, &filter, urls::tasks()).await?;
    html(&List { page, filter, base: urls::tasks(), table, pages })
}
