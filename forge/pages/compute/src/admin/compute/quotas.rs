//! `/-/admin/compute/quotas`: what owners may hold at once and use in a week.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::quota::{self, Quota};
use hearth_core::urls;

use crate::{Failure, MenuEntry, Page, Web, respond::html};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "quotas",
    icon: || icon!("settings"),
    label: |page| t!(page, "common-admin-quotas"),
    address: || urls::admin("compute/quotas"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/quotas.html")]
struct Quotas {
    page: Page,
    section: &'static str,
    rows: Vec<Quota>,
}

impl Quotas {
    /// A number, or "no limit".
    fn or_endless(&self, number: Option<i64>) -> String {
        number.map_or_else(|| t!(self.page, "admin-compute-quotas-endless").to_owned(), |it| it.to_string())
    }

    fn hours(&self, quota: &Quota) -> String {
        self.or_endless(quota.weekly_card_seconds.map(|seconds| seconds / 3_600))
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let rows = quota::list(web.app(), &page.actor).await?;
    html(&Quotas { page, section: MENU_ENTRY.name, rows })
}
