//! `/{owner}/{name}/models`: the models made from this code; of a model, its versions.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, lineage, model};
use hearth_core::{PageRequest, RepositoryKind, Unit};
use serde::Deserialize;

use super::{
    RepositoryVisit,
    origin::{Made, VersionRow, versions},
};
use crate::{Failure, Page, RepositoryHead, Section, respond::html, words::Html};

pub const SECTION: Section = Section {
    name: "models",
    icon: || icon!("model"),
    label: |page| t!(page, "common-tab-models"),
    address: |urls| urls.models(),
    count: |head| head.models,
    is_shown: |head| head.is_code() && head.is_open(Unit::Packages),
};

pub const VERSIONS: Section = Section {
    name: "models",
    icon: || icon!("tag"),
    label: |page| t!(page, "repo-models-versions"),
    address: |urls| urls.models(),
    count: |head| head.models,
    is_shown: |head| head.is_model() && head.is_open(Unit::Packages),
};

#[derive(Template)]
#[template(path = "pages/repo/models.html")]
struct Models {
    page: Page,
    head: RepositoryHead,
    made: Vec<Made>,
    versions: Vec<VersionRow>,
    pages: Html,
    is_model: bool,
}

/// Which page of the versions.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct VersionListQuery {
    pub(super) page: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<VersionListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &SECTION).await?;
    let is_model = visit.access.repository().kind == RepositoryKind::Model;
    let (mut made, mut rows, mut pages) = (Vec::new(), Vec::new(), Html::default());
    if is_model {
        let request = PageRequest::asked(&asked.page, PageRequest::LARGEST);
        let found = model::versions(&app, &visit.access, request).await?;
        let origins = lineage::of_versions(&app, &visit.access, &found.items).await?;
        rows = versions(&page, &visit.urls, &found.items, &origins);
        pages = page.pagination(request.page(), found.last_page());
    } else {
        made = lineage::of_code(&app, &visit.access)
            .await?
            .iter()
            .map(|origin| Made::new(&page, origin))
            .collect();
    }
    html(&Models { page, head, made, versions: rows, pages, is_model })
}
