//! `/-/admin/compute/specs`: the resources that tasks may request, on offer or withdrawn.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::spec::{self, Spec};
use hearth_core::{Scope, urls};

use super::bytes;
use crate::{Failure, MenuEntry, Page, Web, respond::html};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "specs",
    icon: || icon!("tag"),
    label: |page| t!(page, "common-admin-specs"),
    address: || urls::admin("compute/specs"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/specs.html")]
struct Specs {
    page: Page,
    section: &'static str,
    rows: Vec<Spec>,
}

impl Specs {
    fn cards(&self, spec: &Spec) -> String {
        match &spec.accelerator {
            None if spec.cards == 0 => String::new(),
            None => {
                t!(
                    self.page,
                    "admin-compute-specs-any",
                    cards = spec.cards,
                    memory = bytes(spec.card_memory_bytes)
                )
            }
            Some(name) => format!("{} × {name}", spec.cards),
        }
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    let rows = spec::list(web.app()).await?;
    html(&Specs { page, section: MENU_ENTRY.name, rows })
}
