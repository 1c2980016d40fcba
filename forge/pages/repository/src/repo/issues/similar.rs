//! `/{owner}/{name}/issues/similar?title=…`: the issues whose titles resemble one that is being written. A script asks for it and
//! puts it below the title.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, SimilarIssue},
};
use hearth_core::urls::RepositoryUrls;
use serde::Deserialize;

use crate::{Failure, Page, repo::RepositoryVisit, respond::html};

#[derive(Template)]
#[template(path = "pages/repo/issues/similar.html")]
struct Similar {
    page: Page,
    urls: RepositoryUrls,
    found: Vec<SimilarIssue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SimilarQuery {
    title: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<SimilarQuery>,
) -> Result<Response, Failure> {
    let found = issue::similar(&app, &visit.access, &asked.title).await?;
    html(&Similar { page, urls: visit.urls, found })
}
