//! `/{owner}/{name}/models`: the models made from this code; of a model, its versions.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{App, lineage, model};
use hearth_core::RepositoryKind;

use super::{
    RepositoryVisit,
    origin::{Made, VersionRow, versions},
};
use crate::{Failure, Page, RepositoryHead, Tab, respond::html};

#[derive(Template)]
#[template(path = "pages/repo/models.html")]
struct Models {
    page: Page,
    head: RepositoryHead,
    made: Vec<Made>,
    versions: Vec<VersionRow>,
    is_model: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let head = visit.head(&app, Tab::Models).await?;
    let is_model = visit.access.repository().kind == RepositoryKind::Model;
    let (mut made, mut rows) = (Vec::new(), Vec::new());
    if is_model {
        let origins = lineage::of_model(&app, &visit.access).await?;
        rows = versions(&page, &visit.urls, &model::versions(&app, &visit.access).await?, &origins);
    } else {
        made = lineage::of_code(&app, &visit.access)
            .await?
            .iter()
            .map(|origin| Made::new(&page, origin))
            .collect();
    }
    html(&Models { page, head, made, versions: rows, is_model })
}
