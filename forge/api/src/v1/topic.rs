//! Topics of repositories.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{App, repository::topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/topics",
            list,
            describe("List the topics of a repository")
                .response::<Topics>()
                .query("page", "the page, from 1")
                .query("limit", "items a page, at most 50"),
        )
        .put(
            "/repos/{owner}/{repo}/topics",
            replace,
            describe("Replace the topics of a repository").request::<Topics>(),
        )
        .put("/repos/{owner}/{repo}/topics/{topic}", add, describe("Add a topic to a repository"))
        .delete("/repos/{owner}/{repo}/topics/{topic}", remove, describe("Remove a topic from a repository"))
}

/// The topics of a repository.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Topics {
    #[serde(default)]
    topics: Vec<String>,
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let page = paging.cut(topic::list(&app, &access).await?);
    Ok(paging.wrap(&app, page.total, &Topics { topics: page.items }))
}

async fn replace(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<Topics>,
) -> ApiResult<StatusCode> {
    topic::set(&app, &access.administer()?, &asked.topics).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, topic)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    topic::add(&app, &access.administer()?, &topic).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, topic)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    topic::remove(&app, &access.administer()?, &topic).await?;
    Ok(StatusCode::NO_CONTENT)
}
