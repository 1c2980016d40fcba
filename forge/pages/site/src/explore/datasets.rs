//! `/explore/datasets`: the datasets that the reader may see.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_core::RepositoryKind;

use super::{ExploreQuery, Listing};
use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/explore/datasets.html")]
struct Datasets {
    page: Page,
    asked: ExploreQuery,
    list: Listing,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<ExploreQuery>,
) -> Result<Response, Failure> {
    let list = Listing::read(&web, &page, &asked, Some(RepositoryKind::Dataset)).await?;
    html(&Datasets { page, asked, list })
}
