//! The pages that describe the API: its groups, and the routes of each, read from the same OpenAPI document that programs get.

mod example;
pub(crate) mod group;
pub(crate) mod list;
mod reference;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::get;

use crate::{Page, Web};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route(urls::api(), get(list::get)).route("/-/api/{group}", get(group::get))
}

/// Title and summary of a group, in the reader's language.
struct GroupName {
    title: String,
    summary: String,
}

impl GroupName {
    fn of(page: &Page, group: &str) -> Self {
        let find = |what: &str| page.words().find(&format!("api-group-of-{group}-{what}"));
        Self {
            title: find("title").unwrap_or_else(|| group.to_owned()),
            summary: find("summary").unwrap_or_default(),
        }
    }
}
