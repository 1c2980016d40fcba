//! `/explore/models`: the models that the reader may see.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_core::RepositoryKind;

use super::{ExploreQuery, Listing};
use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/explore/models.html")]
struct Models {
    page: Page,
    asked: ExploreQuery,
    list: Listing,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<ExploreQuery>,
) -> Result<Response, Failure> {
    let list = Listing::read(&web, &page, &asked, Some(RepositoryKind::Model)).await?;
    html(&Models { page, asked, list })
}
