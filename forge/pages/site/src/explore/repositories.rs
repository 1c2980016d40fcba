//! `/explore/repos`: every repository that the reader may see.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};

use super::{ExploreQuery, Listing};
use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/explore/repositories.html")]
struct Repositories {
    page: Page,
    asked: ExploreQuery,
    list: Listing,
}

impl Repositories {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("", t!(self.page, "explore-repositories-kind-all")),
            ("code", t!(self.page, "explore-repositories-kind-code")),
            ("dataset", t!(self.page, "explore-repositories-kind-dataset")),
            ("model", t!(self.page, "explore-repositories-kind-model")),
        ]
    }
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<ExploreQuery>,
) -> Result<Response, Failure> {
    let list = Listing::read(&web, &page, &asked, asked.kind.parse().ok()).await?;
    html(&Repositories { page, asked, list })
}
