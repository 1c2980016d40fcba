use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::table::{Table, describe};

pub(crate) fn routes(table: Table) -> Table {
    table.get("/version", get, describe("Get the version of the server").response::<Version>())
}

/// The version of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    version: &'static str,
}

pub(crate) async fn get() -> Json<Version> {
    Json(Version { version: env!("CARGO_PKG_VERSION") })
}
