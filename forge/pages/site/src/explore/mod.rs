//! Lists of what is on this site.

pub(crate) mod datasets;
pub(crate) mod models;
pub(crate) mod repositories;
pub(crate) mod users;

use axum::Router;
use hearth_app::repository::{self, Filter, Order};
use hearth_core::{RepositoryKind, urls};
use hearth_http::routing::get;
use serde::Deserialize;

use crate::{Failure, Page, Web, repository_row::RepositoryRow, respond::see_other, words::Html};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/explore", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/datasets", get(datasets::get))
        .route("/explore/models", get(models::get))
        .route("/explore/repos", get(repositories::get))
        .route("/explore/repositories", get(|| async { see_other(&urls::explore("repos")) }))
        .route("/explore/tasks", get(hearth_pages_compute::explore::tasks::get))
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
    topic: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

/// A page of repositories.
pub(crate) struct Listing {
    pub(crate) rows: Vec<RepositoryRow>,
    pub(crate) total: u64,
    /// Pagination links.
    pub(crate) pages: Html,
}

impl Listing {
    /// The repositories that the reader may see and asked for; of every kind where none is given.
    async fn read(
        web: &Web,
        page: &Page,
        asked: &ExploreQuery,
        kind: Option<RepositoryKind>,
    ) -> Result<Self, Failure> {
        let order = match asked.sort.as_str() {
            "created" => Order::Created,
            "name" => Order::Name,
            _ => Order::Updated,
        };
        let topic = Some(asked.topic.clone()).filter(|topic| !topic.is_empty());
        let filter = Filter { kind, text: asked.text(), topic, order, ..Filter::default() };
        let list = repository::list(web.app(), &page.actor, filter, asked.request()).await?;
        Ok(Self {
            pages: page.pagination(list.request.page(), list.last_page()),
            total: list.total,
            rows: list.items.into_iter().map(RepositoryRow::from).collect(),
        })
    }
}

impl ExploreQuery {
    /// Value and text of each order.
    pub(crate) fn sorts(page: &Page) -> Vec<(&'static str, &'static str)> {
        vec![
            ("", t!(page, "explore-repositories-sort-updated")),
            ("created", t!(page, "explore-repositories-sort-created")),
            ("name", t!(page, "explore-repositories-sort-name")),
        ]
    }

    /// Whether nothing is searched for, so that an empty list means that there is nothing.
    pub(crate) fn is_open(&self) -> bool {
        self.text().is_none() && self.topic.is_empty()
    }

    fn request(&self) -> hearth_core::PageRequest {
        hearth_core::PageRequest::asked(&self.page, 0)
    }

    fn text(&self) -> Option<String> {
        Some(self.q.trim().to_owned()).filter(|text| !text.is_empty())
    }
}
