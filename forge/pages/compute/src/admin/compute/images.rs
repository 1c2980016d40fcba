//! `/-/admin/compute/images`: the catalogue of images.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::image::{self, Entry};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "images",
    icon: || icon!("package"),
    label: |page| t!(page, "common-admin-images"),
    address: || urls::admin("compute/images"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/images.html")]
struct Images {
    page: Page,
    section: &'static str,
    rows: Vec<Entry>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = image::catalogue(web.app(), &page.actor).await?;
    html(&Images { page, section: MENU_ENTRY.name, rows })
}
