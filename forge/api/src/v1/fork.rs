//! Forks.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use hearth_app::{App, fork, owner};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    repository::{show_page, show_row},
    shape::Repository,
};
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    let path = "/repos/{owner}/{repo}/forks";
    table.get(path, list, describe("List the forks of a repository").list_response::<Repository>()).post(
        path,
        create,
        describe("Fork a repository").request::<CreateFork>().response::<Repository>().status(202),
    )
}

/// Whose the fork is to be, and its name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CreateFork {
    /// An organisation; the caller when left out.
    organization: String,
    /// That of the repository when left out.
    name: Option<String>,
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let page = fork::list_forks(&app, &access, paging.request()).await?;
    Ok(paging.answer(&app, &show_page(&app, access.actor(), page).await?))
}

async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<CreateFork>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let actor = access.actor();
    let owner = if asked.organization.is_empty() {
        actor.signed_in()?.id.into()
    } else {
        owner::find_by_name(&app, actor, &asked.organization).await?.into_inner().id()
    };
    let made = fork::fork(&app, &access, owner, asked.name).await?;
    Ok((StatusCode::ACCEPTED, show_row(&app, actor, made).await?))
}
