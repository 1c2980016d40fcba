//! `/tasks`: what the reader launched, in all repositories.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, task};
use hearth_core::urls::{self, RepositoryUrls};
use hearth_store::repository;

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
    let found = task::page_mine(&app, &page.actor, &filter.to_store(), request).await?;
    let (tasks, total) = (found.items, found.total);
    let mut reader = app.store().read().await?;
    let mut repositories = HashMap::new();
    for id in tasks.iter().map(|task| task.repository_id) {
        if !repositories.contains_key(&id)
            && let Some(found) = repository::find(&mut reader, id).await?
        {
            repositories.insert(id, found);
        }
    }
    let rows = tasks
        .iter()
        .filter_map(|task| {
            let found = repositories.get(&task.repository_id)?;
            let urls = RepositoryUrls::new(found.kind, found.owner.as_str(), found.name.as_str());
            let name = format!("{}/{}", found.owner, found.name);
            let repository = Some((name, urls.tasks()));
            Some(TaskRow { repository, ..TaskRow::new(&page, &urls, task) })
        })
        .collect();
    let last = u32::try_from(total.div_ceil(u64::from(request.size()))).unwrap_or(u32::MAX);
    let pages = page.pagination(request.page(), last);
    html(&List { page, filter, base: urls::tasks(), rows, total, pages })
}
