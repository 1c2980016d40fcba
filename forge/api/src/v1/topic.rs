//! Topics of repositories.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{App, repository::topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    at::InRepository,
    authenticate::Caller,
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
        .get(
            "/topics/search",
            search,
            describe("Search the topics of all repositories that you can see")
                .response::<FoundTopics>()
                .query("q", "a part of the topic")
                .query("page", "the page, from 1")
                .query("limit", "items a page, at most 50"),
        )
}

/// The topics of a repository.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Topics {
    #[serde(default)]
    topics: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Search {
    q: String,
}

/// A topic, and how many of the repositories that you can see have it. Topics have no ids here.
#[derive(Debug, Serialize, ToSchema)]
struct FoundTopic {
    topic_name: String,
    repo_count: i64,
}

/// What a search for topics found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundTopics {
    topics: Vec<FoundTopic>,
}

async fn search(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<Search>,
    paging: Paging,
) -> ApiResult<Response> {
    let page = topic::search(&app, &actor, &asked.q, paging.request()).await?;
    let show =
        |found: topic::CountedTopic| FoundTopic { topic_name: found.topic, repo_count: found.repositories };
    let page = page.map(show);
    Ok(paging.wrap(&app, page.total, &FoundTopics { topics: page.items }))
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
