//! `/-/about`: the version and licence of Hearth.

use askama::Template;
use axum::response::Response;

use crate::{Failure, Page, respond::html};

#[derive(Template)]
#[template(path = "pages/about.html")]
struct About {
    page: Page,
    version: &'static str,
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    html(&About { page, version: env!("CARGO_PKG_VERSION") })
}
