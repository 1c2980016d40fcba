//! `/{owner}/{name}/releases`: drafts, then the newest.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    release::{self, ReleaseFilter},
};
use hearth_core::{PageRequest, Permission, Unit};
use serde::Deserialize;

use super::card::{ReleaseView, views};
use crate::{Failure, Page, RepositoryHead, repo::RepositoryVisit, respond::html, words::Html};

/// Releases on one page: their notes may be long.
const PAGE_SIZE: u32 = 10;

#[derive(Template)]
#[template(path = "pages/repo/releases/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    rows: Vec<ReleaseView>,
    can_write: bool,
    pages: Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    page: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::SECTION).await?;
    let request = PageRequest::asked(&query.page, PAGE_SIZE);
    let found = release::list(&app, &visit.access, ReleaseFilter::default(), request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    let rows = views(&app, &page, &visit, &found.items).await?;
    let can_write = page.is_signed_in() && visit.access.can_in(Unit::Releases, Permission::Write);
    html(&List { page, head, rows, can_write, pages })
}
