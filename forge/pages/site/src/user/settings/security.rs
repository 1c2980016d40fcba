//! `/user/settings/security`: what happened to the reader's own account.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::audit::{self, AuditEntry};
use hearth_core::{PageRequest, urls};
use serde::Deserialize;

use crate::{Failure, MenuEntry, Page, Web, respond::html, words::Html};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "security",
    icon: || icon!("shield"),
    label: |page| t!(page, "common-settings-security"),
    address: || urls::user_settings("security"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/security.html")]
struct Security {
    page: Page,
    section: &'static str,
    entries: Vec<AuditEntry>,
    /// Pagination links.
    pages: Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SecurityQuery {
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<SecurityQuery>,
) -> Result<Response, Failure> {
    let list = audit::list_own(web.app(), &page.actor, PageRequest::asked(&asked.page, 0)).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    html(&Security { page, section: MENU_ENTRY.name, entries: list.items, pages })
}
