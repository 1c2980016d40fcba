//! `/{owner}/{name}/releases/tag/{tag}`: one release with its notes, its files and what made its weights.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    release::{self, upload},
};
use hearth_core::{Error, Kind, Permission, Unit};
use serde::Deserialize;

use super::card::{ReleaseView, views};
use crate::{Failure, Page, RepositoryHead, repo::RepositoryVisit, respond::html, words::bytes};

#[derive(Template)]
#[template(path = "pages/repo/releases/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    release: ReleaseView,
    can_write: bool,
    /// The largest file that is taken.
    limit: String,
    uploads: Vec<UploadRow>,
    /// Where files are added: whole, and in pieces by the script.
    assets: String,
    pieces: String,
}

/// A file that has not arrived completely.
struct UploadRow {
    name: String,
    said: String,
    delete: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtTag {
    tag: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtTag>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::SECTION).await?;
    let card = release::find_by_tag(&app, &visit.access, &at.tag).await?;
    let can_write = page.is_signed_in() && visit.access.can_in(Unit::Releases, Permission::Write);
    let id = card.release.id;
    let begun = if can_write { upload::list(&app, &visit.access, id).await? } else { Vec::new() };
    let size = |size: i64| bytes(u64::try_from(size).unwrap_or(0));
    let uploads = begun.into_iter().map(|upload| UploadRow {
        said: t!(
            page,
            "repo-releases-upload-paused",
            received = size(upload.received_bytes),
            size = size(upload.size_bytes)
        ),
        delete: visit.urls.release_part(id, &format!("uploads/{}/delete", upload.uuid)),
        name: upload.name,
    });
    let uploads = uploads.collect();
    let shown = views(&app, &page, &visit, std::slice::from_ref(&card)).await?.pop();
    let release = shown.ok_or(Error::NotFound(Kind::Release))?;
    let limit = bytes(app.limits().release_asset_bytes);
    let (assets, pieces) = (visit.urls.release_part(id, "assets"), visit.urls.release_part(id, "uploads"));
    html(&Show { page, head, release, can_write, limit, uploads, assets, pieces })
}
