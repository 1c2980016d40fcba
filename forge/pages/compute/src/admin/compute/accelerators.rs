//! `/-/admin/compute/accelerators`: the kinds of cards that Hearth knows.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{accelerator, accelerator::Accelerator};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "accelerators",
    icon: || icon!("chart"),
    label: |page| t!(page, "common-admin-accelerators"),
    address: || urls::admin("compute/accelerators"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/accelerators.html")]
struct Accelerators {
    page: Page,
    section: &'static str,
    rows: Vec<Accelerator>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = accelerator::list(web.app(), &page.actor).await?;
    html(&Accelerators { page, section: MENU_ENTRY.name, rows })
}
