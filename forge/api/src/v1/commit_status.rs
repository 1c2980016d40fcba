//! Commit statuses.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    commit_status::{self, NewStatus},
};
use hearth_core::StatusState;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shape::{self, CombinedStatus, CommitStatus, People};
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

#[derive(Deserialize)]
pub(crate) struct Filters {
    state: Option<StatusState>,
}

/// A new commit status.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateStatus {
    /// `pending`, `success`, `error`, `failure` or `warning`.
    #[schema(value_type = String)]
    state: StatusState,
    /// The source of the status, e.g. `ci/build`.
    #[serde(default)]
    context: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    target_url: String,
}

pub(crate) fn routes(table: Table) -> Table {
    let statuses = || {
        describe("List the statuses of a commit, newest first")
            .list_response::<CommitStatus>()
            .query("state", "only words of this state")
    };
    table
        .post(
            "/repos/{owner}/{repo}/statuses/{sha}",
            create,
            describe("Set a status of a commit")
                .request::<CreateStatus>()
                .response::<CommitStatus>()
                .status(201),
        )
        .get("/repos/{owner}/{repo}/statuses/{sha}", list, statuses())
        .get("/repos/{owner}/{repo}/commits/{ref}/statuses", list, statuses())
        .get(
            "/repos/{owner}/{repo}/commits/{ref}/status",
            combined,
            describe("Get the combined status of a commit").response::<CombinedStatus>(),
        )
}

pub(crate) async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, sha)): Path<(String, String, String)>,
    Input(input): Input<CreateStatus>,
) -> ApiResult<(StatusCode, Json<CommitStatus>)> {
    let new = NewStatus {
        state: input.state,
        context: input.context,
        description: input.description,
        target_url: input.target_url,
    };
    let row = commit_status::create(&app, &access, &sha, &new).await?;
    let people = People::find(&app, &access, row.creator_id).await?;
    let creator = row.creator_id.and_then(|id| people.user(id));
    Ok((StatusCode::CREATED, Json(CommitStatus::new(&app, access.repository(), creator, &row))))
}

pub(crate) async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
    Query(filters): Query<Filters>,
    Path((_, _, revision)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let page = commit_status::list(&app, &access, &revision, filters.state, paging.request()).await?;
    let people = People::find(&app, &access, page.items.iter().filter_map(|row| row.creator_id)).await?;
    let shown = page.map(|row| {
        let creator = row.creator_id.and_then(|id| people.user(id));
        CommitStatus::new(&app, access.repository(), creator, &row)
    });
    Ok(paging.answer(&app, &shown))
}

pub(crate) async fn combined(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, revision)): Path<(String, String, String)>,
) -> ApiResult<Json<CombinedStatus>> {
    let sha = commit_status::resolve(&app, &access, &revision).await?;
    let rows = commit_status::latest(&app, &access, &[&sha]).await?;
    let people = People::find(&app, &access, rows.iter().filter_map(|row| row.creator_id)).await?;
    let repository = access.repository();
    let Json(shown) = super::repository::show(&app, &access).await?;
    let base = app.urls().absolute(&shape::repository::address(repository));
    let statuses: Vec<CommitStatus> = rows
        .iter()
        .map(|row| {
            let creator = row.creator_id.and_then(|id| people.user(id));
            CommitStatus::new(&app, repository, creator, row)
        })
        .collect();
    Ok(Json(CombinedStatus {
        state: combined_state(&rows),
        total_count: statuses.len(),
        statuses,
        repository: shown,
        commit_url: format!("{base}/git/commits/{sha}"),
        url: format!("{base}/commits/{sha}/status"),
        sha,
    }))
}

/// As in Gitea, one of three: whatever is not quite well is a failure.
fn combined_state(rows: &[commit_status::CommitStatus]) -> StatusState {
    let is = |wanted: &[StatusState]| rows.iter().any(|row| wanted.contains(&row.state));
    if is(&[StatusState::Error, StatusState::Failure, StatusState::Warning]) {
        StatusState::Failure
    } else if rows.is_empty() || is(&[StatusState::Pending]) {
        StatusState::Pending
    } else {
        StatusState::Success
    }
}
