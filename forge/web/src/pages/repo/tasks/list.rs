//! `/{owner}/{name}/tasks`: every task of this code.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, task};
use hearth_core::Permission;

use crate::{
    Failure, Page, RepositoryHead,
    pages::{
        repo::RepositoryVisit,
        tasks::{Filter, TaskRow},
    },
    respond::html,
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/tasks/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    filter: Filter,
    rows: Vec<TaskRow>,
    total: u64,
    pages: Html,
    can_launch: bool,
    is_empty: bool,
    command: &'static str,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let found = task::list(&app, &visit.access, &filter.to_store(), filter.request()).await?;
    let rows = found.items.iter().map(|task| TaskRow::new(&page, &visit.urls, task)).collect();
    let repository = visit.access.repository();
    html(&List {
        head: visit.head(&app, &super::SECTION).await?,
        rows,
        total: found.total,
        pages: page.pagination(found.request.page(), found.last_page()),
        can_launch: visit.access.can(Permission::Write),
        is_empty: repository.is_empty,
        command: "hearth run train.py --follow",
        page,
        filter,
    })
}
