//! `/models/{owner}/{name}/lineage`: which runs made the versions of a model, and from which code.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, lineage, model};
use hearth_core::{Error, Kind, PageRequest, RepositoryKind, Unit};

use super::{
    RepositoryVisit,
    models::VersionListQuery,
    origin::{VersionRow, versions},
};
use crate::{Failure, Page, RepositoryHead, Section, respond::html, words::Html};

pub const SECTION: Section = Section {
    name: "lineage",
    icon: || icon!("origin"),
    label: |page| t!(page, "repo-lineage-title"),
    address: |urls| urls.lineage(),
    count: |_| 0,
    is_shown: |head| head.is_model() && head.is_open(Unit::Packages),
};

#[derive(Template)]
#[template(path = "pages/repo/lineage.html")]
struct Lineage {
    page: Page,
    head: RepositoryHead,
    versions: Vec<VersionRow>,
    pages: Html,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<VersionListQuery>,
) -> Result<Response, Failure> {
    if visit.access.repository().kind != RepositoryKind::Model {
        return Err(Error::NotFound(Kind::Page).into());
    }
    let head = visit.head(&app, &SECTION).await?;
    let request = PageRequest::asked(&asked.page, PageRequest::LARGEST);
    let found = model::versions(&app, &visit.access, request).await?;
    let origins = lineage::of_versions(&app, &visit.access, &found.items).await?;
    html(&Lineage {
        versions: versions(&page, &visit.urls, &found.items, &origins),
        pages: page.pagination(request.page(), found.last_page()),
        page,
        head,
    })
}
