//! `/-/admin/compute/scenes`: what each kind of task may use.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::scene::{self, Scene};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "scenes",
    icon: || icon!("compass"),
    label: |page| t!(page, "common-admin-scenes"),
    address: || urls::admin("compute/scenes"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/scenes.html")]
struct Scenes {
    page: Page,
    section: &'static str,
    rows: Vec<Scene>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = scene::list(web.app(), &page.actor).await?;
    html(&Scenes { page, section: MENU_ENTRY.name, rows })
}
