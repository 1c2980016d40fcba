use axum::{Json, extract::State};
use hearth_app::App;
use serde::Serialize;
use utoipa::ToSchema;

use crate::table::{Table, describe};

pub(crate) fn routes(table: Table) -> Table {
    table.get("/version", get, describe("Get the version of the server").response::<Version>())
}

/// The version of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    /// The version of Gitea whose API this is: `site.gitea_version`.
    version: String,
    /// The version of Hearth.
    hearth: &'static str,
}

pub(crate) async fn get(State(app): State<App>) -> Json<Version> {
    Json(Version { version: app.settings().gitea_version.clone(), hearth: env!("CARGO_PKG_VERSION") })
}
