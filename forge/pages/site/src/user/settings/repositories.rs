//! `/user/settings/repositories`: other people's repositories that the reader is a collaborator of.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::repository::{self, Filter, Order};
use hearth_core::{PageRequest, urls};
use serde::Deserialize;

use crate::{Failure, MenuEntry, Page, Web, repository_row::RepositoryRow, respond::html, words::Html};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "repositories",
    icon: || icon!("repository"),
    label: |page| t!(page, "common-settings-repositories"),
    address: || urls::user_settings("repositories"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/repositories.html")]
struct Repositories {
    page: Page,
    section: &'static str,
    rows: Vec<RepositoryRow>,
    /// Pagination links.
    pages: Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RepositoriesQuery {
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<RepositoriesQuery>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let filter = Filter { collaborator: page.actor.user_id(), order: Order::Name, ..Filter::default() };
    let list = repository::list(web.app(), &page.actor, filter, PageRequest::asked(&asked.page, 0)).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    html(&Repositories { page, section: MENU_ENTRY.name, rows, pages })
}
