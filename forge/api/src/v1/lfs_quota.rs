//! What the large files of single owners may take, for site administrators. Gitea has no such thing.

use axum::{
    Json,
    extract::{Path, State},
};
use hearth_app::{
    App,
    lfs_quota::{self, OwnerRoom},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
};

const PATH: &str = "/admin/owners/{owner}/large-files";

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            PATH,
            show,
            describe("Get what the large files of a person or an organisation take, and may take")
                .response::<LargeFiles>(),
        )
        .patch(
            PATH,
            edit,
            describe("Set what the large files of a person or an organisation may take")
                .request::<EditLargeFiles>()
                .response::<LargeFiles>(),
        )
}

/// What the large files of an owner take.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LargeFiles {
    owner: String,
    used_bytes: u64,
    /// 0: there is no limit.
    most_bytes: u64,
    /// Whether it is the limit of the configuration.
    is_default: bool,
}

impl From<OwnerRoom> for LargeFiles {
    fn from(room: OwnerRoom) -> Self {
        Self {
            owner: room.owner.to_string(),
            used_bytes: room.usage.used_bytes,
            most_bytes: room.usage.most_bytes,
            is_default: !room.is_own,
        }
    }
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(owner): Path<String>,
) -> ApiResult<Json<LargeFiles>> {
    Ok(Json(lfs_quota::find(&app, &actor, &owner).await?.into()))
}

/// The limit of an owner.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EditLargeFiles {
    /// 0 for no limit. Left out or null: the limit of the configuration again.
    most_bytes: Option<u64>,
}

async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(owner): Path<String>,
    Input(input): Input<EditLargeFiles>,
) -> ApiResult<Json<LargeFiles>> {
    // Whoever is not there is not found, rather than a mistake in a field.
    lfs_quota::find(&app, &actor, &owner).await?;
    Ok(Json(lfs_quota::set(&app, &actor, &owner, input.most_bytes).await?.into()))
}
