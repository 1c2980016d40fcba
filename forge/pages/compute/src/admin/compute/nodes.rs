//! `/-/admin/compute/nodes`: machines of every engine, and pools proposed for those that are in none.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::pool::{self, Survey};
use hearth_core::urls;
use serde::Deserialize;

use super::address;
use crate::{
    Failure, Flash, Form, MenuEntry, Page, Web,
    respond::{html, see_other_with},
};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "nodes",
    icon: || icon!("terminal"),
    label: |page| t!(page, "common-admin-nodes"),
    address: || urls::admin("compute/nodes"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/nodes.html")]
struct Nodes {
    page: Page,
    section: &'static str,
    survey: Survey,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Accepted {
    code: String,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let survey = pool::survey(web.app(), &page.actor).await?;
    html(&Nodes { page, section: MENU_ENTRY.name, survey })
}

/// Creates the proposed pool with one click.
pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(accepted): Form<Accepted>,
) -> Result<Response, Failure> {
    let made = pool::accept(web.app(), &page.actor, &accepted.code).await?;
    Ok(see_other_with(&address("nodes"), Flash::new("flash-compute-made", made.code)))
}
