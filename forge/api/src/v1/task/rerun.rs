//! Running a task again, with the code that it ran or with the newest of its branch.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use hearth_app::{
    App,
    task::{self, CodeChoice},
};
use hearth_core::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{enter, shape};
use crate::{authenticate::Caller, error::ApiResult};

/// Which code runs again.
#[derive(Deserialize)]
pub(super) struct RerunQuery {
    #[serde(default)]
    code: String,
}

impl RerunQuery {
    fn choice(&self) -> ApiResult<CodeChoice> {
        match self.code.as_str() {
            "" | "pinned" => Ok(CodeChoice::Pinned),
            "newest" => Ok(CodeChoice::Newest),
            _ => Err(Error::field("code", "unknown-choice").into()),
        }
    }
}

pub(super) async fn code(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<RerunCode>> {
    Ok(Json(task::rerun_code(&app, &enter(&app, &caller, &id).await?).await?.into()))
}

pub(super) async fn rerun(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<RerunQuery>,
) -> ApiResult<(StatusCode, Json<shape::Task>)> {
    let access = enter(&app, &caller, &id).await?;
    let task = task::rerun(&app, &access, asked.choice()?).await?;
    Ok((StatusCode::CREATED, Json(shape::Task::new(&app, &task).with(task::texts(&app, &access).await?))))
}

/// The code that a task can run again with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerunCode {
    /// The commit that the task ran.
    pinned: String,
    /// Whether the repository still has it.
    has_pinned: bool,
    /// The branch that the task was launched from, if it no longer exists.
    gone_branch: Option<String>,
    newest: Option<BranchTip>,
}

/// The newest commit of a branch, compared with the one that the task ran.
#[derive(Debug, Serialize, ToSchema)]
struct BranchTip {
    branch: String,
    commit: String,
    /// How many commits only the branch has; null if they could not be counted.
    ahead: Option<usize>,
    /// How many only the task's commit has.
    behind: Option<usize>,
    /// The first lines of the newest commits that only the branch has.
    titles: Vec<String>,
}

impl From<task::RerunCode> for RerunCode {
    fn from(code: task::RerunCode) -> Self {
        Self {
            has_pinned: code.pinned_title.is_some(),
            pinned: code.pinned,
            gone_branch: code.gone,
            newest: code.branch.map(|tip| BranchTip {
                branch: tip.name,
                commit: tip.commit,
                ahead: tip.ahead,
                behind: tip.behind,
                titles: tip.titles.into_iter().map(|commit| commit.title).collect(),
            }),
        }
    }
}
