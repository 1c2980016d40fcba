//! Releases of a repository.

pub(crate) mod asset;
pub(crate) mod card;
pub(crate) mod edit;
pub(crate) mod feed;
mod form;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod show;
pub(crate) mod upload;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, release};
use hearth_core::{Error, Kind, ReleaseId, Unit};
use hearth_http::routing::{get, get_and_post, post};
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{Failure, Flash, Form, Section, Web, respond};

pub const SECTION: Section = Section {
    name: "releases",
    icon: || icon!("package"),
    label: |page| t!(page, "repo-releases-title"),
    address: |urls| urls.releases(),
    count: |head| head.releases,
    is_shown: |head| head.is_open(Unit::Releases),
};

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/releases", get(list::get))
        .route("/releases.atom", get(feed::get))
        .route("/releases/download/{*file}", get(asset::get))
        .route("/releases/edit/{id}", get_and_post(edit::get, edit::post))
        .route("/releases/latest", get(latest))
        .route("/releases/new", get_and_post(new::get, new::post))
        .route("/releases/tag/{*tag}", get(show::get))
        .route("/releases/{id}/assets", post(asset::post))
        .route("/releases/{id}/assets/{asset}/delete", post(asset::delete))
        .route("/releases/{id}/delete", post(delete))
        .route("/releases/{id}/uploads", post(upload::begin))
        .route("/releases/{id}/uploads/{uuid}", post(upload::append))
        .route("/releases/{id}/uploads/{uuid}/delete", post(upload::delete))
        .route("/releases/{id}/uploads/{uuid}/finish", post(upload::finish))
}

/// The release that an address names by its id.
#[derive(Debug, Deserialize)]
pub(crate) struct AtRelease {
    id: String,
}

impl AtRelease {
    fn id(&self) -> Result<ReleaseId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Release))
    }
}

/// `GET …/releases/latest`: whichever it is now.
pub(crate) async fn latest(State(app): State<App>, visit: RepositoryVisit) -> Result<Response, Failure> {
    let card = release::latest(&app, &visit.access).await?;
    Ok(respond::see_other(&visit.urls.release(&card.release.tag_name)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeleteForm {
    with_tag: String,
}

/// `POST …/releases/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtRelease>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    let access = visit.access.write()?;
    let deleted = release::delete(&app, &access, at.id()?, !form.with_tag.is_empty()).await?;
    let flash = Flash::new("flash-release-deleted", deleted.shown_title());
    Ok(respond::see_other_with(&visit.urls.releases(), flash))
}
