//! What an issue waits for, and what waits for it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    thread::{
        self,
        dependency::{self, LinkedThread, ThreadName},
    },
};
use hearth_core::{Read, ThreadNumber};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    any::{own, shown},
    card::number,
};
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
    v1::shape::Issue,
};

pub(crate) fn routes(table: Table) -> Table {
    let (blockers, blocked) =
        ("/repos/{owner}/{repo}/issues/{index}/dependencies", "/repos/{owner}/{repo}/issues/{index}/blocks");
    table
        .get(blockers, list_blockers, describe("List what an issue waits for").list_response::<Issue>())
        .post(
            blockers,
            add_blocker,
            describe("Make an issue wait for another").request::<IssueMeta>().response::<Issue>().status(201),
        )
        .delete(
            blockers,
            remove_blocker,
            describe("Make an issue wait for another no longer").request::<IssueMeta>().response::<Issue>(),
        )
        .get(blocked, list_blocked, describe("List what waits for an issue").list_response::<Issue>())
        .post(
            blocked,
            add_blocked,
            describe("Make another issue wait for this one")
                .request::<IssueMeta>()
                .response::<Issue>()
                .status(201),
        )
        .delete(
            blocked,
            remove_blocked,
            describe("Make another issue wait for this one no longer")
                .request::<IssueMeta>()
                .response::<Issue>(),
        )
}

/// The issue at the other end; without owner and name, one of the same repository.
#[derive(Deserialize, ToSchema)]
pub(crate) struct IssueMeta {
    index: i64,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    repo: String,
}

impl IssueMeta {
    fn name(self) -> ThreadName {
        let is_here = self.owner.is_empty() || self.repo.is_empty();
        ThreadName {
            repository: (!is_here).then_some((self.owner, self.repo)),
            number: ThreadNumber(self.index),
        }
    }
}

type AtIssue = Path<(String, String, String)>;

async fn answer(
    app: &App,
    access: &Access<Read>,
    linked: Vec<LinkedThread>,
    paging: &Paging,
) -> ApiResult<Response> {
    let page = paging.cut(linked);
    let mut issues = Vec::with_capacity(page.items.len());
    for linked in &page.items {
        let at = (linked.kind, linked.number);
        issues.push(shown(app, access.actor(), linked.repository_id, at).await?);
    }
    let page = hearth_core::Page { items: issues, total: page.total, request: page.request };
    Ok(paging.answer(app, &page))
}

async fn both(app: &App, access: &Access<Read>, index: &str) -> ApiResult<dependency::Dependencies> {
    let found = thread::of_number(app, access, number(index)?).await?;
    Ok(dependency::list(app, access, &found).await?)
}

pub(crate) async fn list_blockers(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, index)): AtIssue,
) -> ApiResult<Response> {
    let found = both(&app, &access, &index).await?;
    answer(&app, &access, found.blockers, &paging).await
}

pub(crate) async fn list_blocked(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, index)): AtIssue,
) -> ApiResult<Response> {
    let found = both(&app, &access, &index).await?;
    answer(&app, &access, found.blocked, &paging).await
}

pub(crate) async fn add_blocker(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
    Input(input): Input<IssueMeta>,
) -> ApiResult<(StatusCode, Json<Issue>)> {
    let number = number(&index)?;
    dependency::add_blocker(&app, &access.write()?, number, &input.name()).await?;
    Ok((StatusCode::CREATED, own(&app, &access, number).await?))
}

pub(crate) async fn remove_blocker(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
    Input(input): Input<IssueMeta>,
) -> ApiResult<Json<Issue>> {
    let number = number(&index)?;
    dependency::remove_blocker(&app, &access.write()?, number, &input.name()).await?;
    own(&app, &access, number).await
}

pub(crate) async fn add_blocked(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
    Input(input): Input<IssueMeta>,
) -> ApiResult<(StatusCode, Json<Issue>)> {
    let number = number(&index)?;
    dependency::add_blocked(&app, &access, number, &input.name()).await?;
    Ok((StatusCode::CREATED, own(&app, &access, number).await?))
}

pub(crate) async fn remove_blocked(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
    Input(input): Input<IssueMeta>,
) -> ApiResult<Json<Issue>> {
    let number = number(&index)?;
    dependency::remove_blocked(&app, &access, number, &input.name()).await?;
    own(&app, &access, number).await
}
