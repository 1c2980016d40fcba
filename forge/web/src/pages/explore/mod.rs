//! Lists of what is on this site.

pub(crate) mod repositories;
pub(crate) mod users;

use axum::Router;
use hearth_core::urls;
use hearth_http::routing::get;
use serde::Deserialize;

use crate::{Web, respond::see_other};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/explore", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/repos", get(repositories::get))
        .route("/explore/repositories", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/users", get(users::get))
}

/// The search; all of it is in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ExploreQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

impl ExploreQuery {
    fn request(&self) -> hearth_core::PageRequest {
        hearth_core::PageRequest::asked(&self.page, 0)
    }

    fn text(&self) -> Option<String> {
        Some(self.q.trim().to_owned()).filter(|text| !text.is_empty())
    }
}
