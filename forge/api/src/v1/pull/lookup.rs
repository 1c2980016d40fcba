//! A pull request by its branches, or by the commit that it became.

use axum::{
    Json,
    extract::{Path, State},
};
use hearth_app::{App, pull_request};

use super::{card::show, change::head_name};
use crate::{
    at::InPulls,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::PullRequest,
};

pub(super) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/pulls/{base}/{*head}",
            by_branches,
            describe(
                "Get the open pull request of two branches; the head is `branch`, or of a fork `owner:branch`",
            )
            .response::<PullRequest>(),
        )
        .get(
            "/repos/{owner}/{repo}/commits/{sha}/pull",
            by_commit,
            describe("Get the merged pull request that a commit came with").response::<PullRequest>(),
        )
}

async fn by_branches(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, base, head)): Path<(String, String, String, String)>,
) -> ApiResult<Json<PullRequest>> {
    let head = head_name(&app, &access, &head).await?;
    let number = pull_request::number_of_branches(&app, &access, &base, &head).await?;
    show(&app, &access, &pull_request::find_prepared(&app, &access, number).await?).await
}

async fn by_commit(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, sha)): Path<(String, String, String)>,
) -> ApiResult<Json<PullRequest>> {
    let number = pull_request::number_of_merge_commit(&app, &access, &sha).await?;
    show(&app, &access, &pull_request::find_prepared(&app, &access, number).await?).await
}
