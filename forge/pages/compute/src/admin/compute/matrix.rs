//! `/-/admin/compute/matrix`: which image runs on which cards, and when that was last tried.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    image::{self, Matrix as Found},
    jobs,
    jobs::TestImages,
};
use hearth_core::{Scope, urls};

use super::address;
use crate::{
    Failure, Flash, Form, MenuEntry, NoFields, Page, Web,
    respond::{html, see_other_with},
};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "matrix",
    icon: || icon!("check"),
    label: |page| t!(page, "common-admin-matrix"),
    address: || urls::admin("compute/matrix"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/matrix.html")]
struct Matrix {
    page: Page,
    section: &'static str,
    found: Found,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let found = image::matrix(web.app(), &page.actor).await?;
    html(&Matrix { page, section: MENU_ENTRY.name, found })
}

/// Requests smoke tasks for everything that is offered.
pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let admin = page.actor.administrator(Scope::WriteAdmin)?.name.clone();
    jobs::enqueue(web.app(), &TestImages { by: admin, image: None }).await?;
    Ok(see_other_with(&address("matrix"), Flash::new("flash-images-tested", "")))
}
