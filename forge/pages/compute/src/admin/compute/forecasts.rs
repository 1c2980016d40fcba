//! `/-/admin/compute/forecasts`: how accurate the predicted start times of tasks were.

use std::time::Duration;

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::queue::{self, Accuracy};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html, words};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "forecasts",
    icon: || icon!("clock"),
    label: |page| t!(page, "admin-compute-forecasts-title"),
    address: || urls::admin("compute/forecasts"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/forecasts.html")]
struct Forecasts {
    page: Page,
    section: &'static str,
    rows: Vec<Accuracy>,
}

impl Forecasts {
    fn span(&self, time: &Duration) -> String {
        words::duration(self.page.words(), *time)
    }

    /// How many of the tasks with a forecast started within it.
    fn within(&self, row: &Accuracy) -> String {
        if row.told == 0 {
            return t!(self.page, "admin-compute-forecasts-none").to_owned();
        }
        t!(self.page, "admin-compute-forecasts-of", within = row.within, told = row.told)
    }

    fn error(&self, row: &Accuracy) -> String {
        if row.told == 0 { self.within(row) } else { self.span(&row.median_error) }
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = queue::accuracy(web.app(), &page.actor).await?;
    html(&Forecasts { page, section: MENU_ENTRY.name, rows })
}
