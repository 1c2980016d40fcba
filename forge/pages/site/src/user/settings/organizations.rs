//! `/user/settings/organizations`: the organisations that the reader is a member of.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::organization::{self, Organization};
use hearth_core::{
    PageRequest,
    urls::{self, OrganizationUrls},
};
use serde::Deserialize;

use crate::{Failure, MenuEntry, Page, Web, respond::html, words::Html};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "organizations",
    icon: || icon!("users"),
    label: |page| t!(page, "common-settings-organizations"),
    address: || urls::user_settings("organizations"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/organizations.html")]
struct Organizations {
    page: Page,
    section: &'static str,
    list: Vec<Organization>,
    /// Pagination links.
    pages: Html,
}

/// The address for leaving an organisation.
fn leave_address(organization: &Organization) -> String {
    OrganizationUrls::new(organization.name.as_str()).people_part("leave")
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct OrganizationsQuery {
    #[serde(default)]
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<OrganizationsQuery>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let request = PageRequest::asked(&asked.page, 0);
    let found = organization::list_mine(web.app(), &page.actor, request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    html(&Organizations { page, section: MENU_ENTRY.name, list: found.items, pages })
}
