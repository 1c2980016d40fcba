//! What new repositories can start with.

use axum::{
    Json,
    extract::{Path, State},
};
use hearth_app::{
    App, label,
    repository::{GITIGNORES, LICENCES, Licence},
};
use hearth_core::{Error, Kind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/gitignore/templates",
            list_ignores,
            describe("List the names of ignore files").response::<Vec<String>>(),
        )
        .get(
            "/gitignore/templates/{name}",
            show_ignore,
            describe("Get an ignore file").response::<IgnoreTemplate>(),
        )
        .get("/licenses", list_licences, describe("List licences").response::<Vec<LicenceEntry>>())
        .get("/licenses/{name}", show_licence, describe("Get a licence").response::<LicenceText>())
        .get(
            "/label/templates",
            list_labels,
            describe("List the names of sets of labels").response::<Vec<String>>(),
        )
        .get(
            "/label/templates/{name}",
            show_labels,
            describe("Get the labels of a set").response::<Vec<LabelTemplate>>(),
        )
}

/// An ignore file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IgnoreTemplate {
    name: &'static str,
    source: &'static str,
}

async fn list_ignores() -> Json<Vec<&'static str>> {
    Json(GITIGNORES.iter().map(|(name, _)| *name).collect())
}

async fn show_ignore(Path(wanted): Path<String>) -> ApiResult<Json<IgnoreTemplate>> {
    let found = GITIGNORES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&wanted));
    let (name, source) = found.ok_or(Error::NotFound(Kind::File))?;
    Ok(Json(IgnoreTemplate { name, source }))
}

/// A licence in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenceEntry {
    /// The SPDX id.
    key: &'static str,
    name: &'static str,
    url: String,
}

impl LicenceEntry {
    fn new(app: &App, licence: &Licence) -> Self {
        let url = app.urls().absolute(&format!("/api/v1/licenses/{}", licence.id));
        Self { key: licence.id, name: licence.name, url }
    }
}

/// A licence with its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenceText {
    #[serde(flatten)]
    entry: LicenceEntry,
    /// With `{year}` and `{holder}`, which a new repository fills in.
    body: &'static str,
    implementation: &'static str,
}

async fn list_licences(State(app): State<App>) -> Json<Vec<LicenceEntry>> {
    Json(LICENCES.iter().map(|licence| LicenceEntry::new(&app, licence)).collect())
}

async fn show_licence(State(app): State<App>, Path(wanted): Path<String>) -> ApiResult<Json<LicenceText>> {
    let found = LICENCES.iter().find(|licence| licence.id.eq_ignore_ascii_case(&wanted));
    let licence = found.ok_or(Error::NotFound(Kind::File))?;
    let implementation = "Put the text into a file named LICENSE in the root of the repository.";
    Ok(Json(LicenceText { entry: LicenceEntry::new(&app, licence), body: licence.text(), implementation }))
}

/// A label of a set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelTemplate {
    name: &'static str,
    /// Six hex digits.
    color: &'static str,
    description: &'static str,
    exclusive: bool,
}

async fn list_labels() -> Json<[&'static str; 1]> {
    Json([label::DEFAULT_SET])
}

async fn show_labels(Path(wanted): Path<String>) -> ApiResult<Json<Vec<LabelTemplate>>> {
    if wanted != label::DEFAULT_SET {
        return Err(Error::NotFound(Kind::Label).into());
    }
    let shown = |(name, color, description)| LabelTemplate { name, color, description, exclusive: false };
    Ok(Json(label::DEFAULTS.into_iter().map(shown).collect()))
}
