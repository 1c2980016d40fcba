//! `/{owner}/{name}/tasks`: every task of this code.

use askama::Template;
use axum::{extract::State, http::Uri, response::Response};
use hearth_app::{App, task};
use hearth_core::Permission;

use crate::{
    Failure, Page, RepositoryHead, RepositoryVisit,
    respond::html,
    tasks::{Filter, TaskRow, TaskTable},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/tasks/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    filter: Filter,
    table: TaskTable,
    pages: Html,
    can_launch: bool,
    is_empty: bool,
    command: &'static str,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    uri: Uri,
) -> Result<Response, Failure> {
    let filter = Filter::read(&uri);
    let found = task::list(&app, &visit.access, &filter.to_store(), filter.request()).await?;
    let rows = found.items.iter().map(|task| TaskRow::new(&page, &visit.urls, task)).collect();
    let tasks: Vec<_> = found.items.iter().collect();
    let table = TaskTable::new(&app, &tasks, rows, found.total, &filter, &visit.urls.tasks()).await?;
    let repository = visit.access.repository();
    html(&List {
        head: visit.head(&app, &super::SECTION).await?,
        table,
        pages: page.pagination(found.request.page(), found.last_page()),
        can_launch: visit.access.can(Permission::Write),
        is_empty: repository.is_empty,
        command: "hearth run train.py --follow",
        page,
        filter,
    })
}
