use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use hearth_app::{
    App,
    merge::{self, NewMerge},
    pull_request,
};
use hearth_core::{AutoMerge, Error, Kind, MergeMethod, PullRequestState, UpdateMethod};
use serde::Deserialize;
use utoipa::ToSchema;

use super::number;
use crate::{
    at::InPulls,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
};

type Numbered = Path<(String, String, String)>;

pub(super) fn routes(table: Table) -> Table {
    let path = "/repos/{owner}/{repo}/pulls/{index}/merge";
    table
        .get(path, is_merged, describe("Check whether a pull request was merged. 404 if not"))
        .post(path, merge, describe("Merge a pull request").request::<MergePull>().status(200))
        .delete(path, cancel, describe("No longer merge a pull request once it can be"))
        .post(
            "/repos/{owner}/{repo}/pulls/{index}/update",
            update,
            describe("Bring the head branch of a pull request up to date")
                .query("style", "`merge` (the default) or `rebase`")
                .status(200),
        )
}

/// How to merge.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MergePull {
    /// `merge`, `rebase`, `rebase-merge`, `squash` or `fast-forward-only`.
    #[serde(rename = "Do", alias = "do")]
    #[schema(value_type = String)]
    method: MergeMethod,
    /// The first line of the commit's message; as proposed when empty.
    #[serde(default, rename = "MergeTitleField", alias = "merge_title_field")]
    title: String,
    #[serde(default, rename = "MergeMessageField", alias = "merge_message_field")]
    message: String,
    delete_branch_after_merge: Option<bool>,
    /// Merges without what the rules demand, for those who may.
    #[serde(default)]
    force_merge: bool,
    /// The head that the caller saw: another one is not merged.
    #[serde(default)]
    head_commit_id: String,
    /// Merges now or, if that is not possible yet, once it is.
    #[serde(default)]
    merge_when_checks_succeed: bool,
}

async fn is_merged(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
) -> ApiResult<StatusCode> {
    let found = pull_request::find(&app, &access, number(&index)?).await?;
    if found.pull_request.state == PullRequestState::Merged {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::NotFound(Kind::PullRequest).into())
    }
}

async fn merge(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
    Input(asked): Input<MergePull>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    let number = number(&index)?;
    let deletes_branch = match asked.delete_branch_after_merge {
        Some(deletes) => deletes,
        None => merge::settings(&app, &access).await?.deletes_branch,
    };
    let seen = Some(asked.head_commit_id).filter(|id| !id.is_empty());
    let seen = seen.map(|id| id.parse()).transpose();
    let expected_head = seen.map_err(|_| Error::field("head_commit_id", "malformed"))?;
    let new = NewMerge {
        method: asked.method,
        title: asked.title.clone(),
        message: asked.message.clone(),
        expected_head,
        deletes_branch,
        bypasses: asked.force_merge,
    };
    match merge::merge(&app, &writing, number, new).await {
        Err(Error::Conflict(hearth_core::Conflict::NotMergeable)) if asked.merge_when_checks_succeed => {
            let (method, title, message) = (asked.method, asked.title, asked.message);
            let plan = AutoMerge { method, title, message, deletes_branch };
            merge::schedule_auto_merge(&app, &writing, number, plan, expected_head).await?;
            Ok(StatusCode::CREATED)
        }
        merged => {
            merged?;
            Ok(StatusCode::OK)
        }
    }
}

async fn cancel(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
) -> ApiResult<StatusCode> {
    merge::cancel_auto_merge(&app, &access, number(&index)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
pub(crate) struct UpdateQuery {
    style: Option<UpdateMethod>,
}

async fn update(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
    Query(asked): Query<UpdateQuery>,
) -> ApiResult<StatusCode> {
    let method = asked.style.unwrap_or(UpdateMethod::Merge);
    merge::update_branch(&app, &access, number(&index)?, method, None).await?;
    Ok(StatusCode::OK)
}
