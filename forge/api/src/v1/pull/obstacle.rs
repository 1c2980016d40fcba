//! What keeps a pull request from being merged, by name.

use axum::{
    Json,
    extract::{Path, State},
};
use hearth_app::{App, merge, pull_request, review::Obstacle, thread::dependency::LinkedThread};
use hearth_core::MergeMethod;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::number;
use crate::{
    at::InPulls,
    error::ApiResult,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table.get(
        "/repos/{owner}/{repo}/pulls/{index}/obstacles",
        get,
        describe("Get what keeps a pull request from being merged, and how it can be").response::<Standing>(),
    )
}

/// Whether a pull request can be merged, and how.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    /// Empty: nothing keeps it from being merged.
    obstacles: Vec<Hindrance>,
    /// Whether the caller may merge it once nothing keeps it from that.
    may_merge: bool,
    /// The ways of merging that are open now, the repository's usual one first.
    #[schema(value_type = Vec<String>)]
    methods: Vec<MergeMethod>,
    /// Whether a merge is planned for when nothing keeps it from that any more.
    is_planned: bool,
    /// Files that both branches changed.
    conflicts: Vec<String>,
}

/// One thing that keeps it from being merged.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Hindrance {
    /// For programs.
    code: &'static str,
    /// What belongs to it, such as the names of checks.
    details: Value,
}

async fn get(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Json<Standing>> {
    let number = number(&index)?;
    pull_request::find_prepared(&app, &access, number).await?;
    let found = merge::merge_box(&app, &access, number).await?;
    let open = found.methods.iter().filter(|offer| offer.obstacle.is_none());
    Ok(Json(Standing {
        methods: open.map(|offer| offer.method).collect(),
        obstacles: found.obstacles.iter().map(Hindrance::from).collect(),
        may_merge: found.may_merge,
        is_planned: found.auto_merge.is_some(),
        conflicts: found.conflicts.iter().map(|file| file.path.clone()).collect(),
    }))
}

impl From<&Obstacle> for Hindrance {
    fn from(obstacle: &Obstacle) -> Self {
        let nothing = || json!({});
        let (code, details) = match obstacle {
            Obstacle::Closed => ("closed", nothing()),
            Obstacle::Draft => ("draft", nothing()),
            Obstacle::Checking => ("checking", nothing()),
            Obstacle::CheckFailed => ("check-failed", nothing()),
            Obstacle::Conflicts => ("conflicts", nothing()),
            Obstacle::NothingToMerge => ("nothing-to-merge", nothing()),
            Obstacle::BaseGone => ("base-gone", nothing()),
            Obstacle::HeadGone => ("head-gone", nothing()),
            Obstacle::MissingApprovals { have, need, uncounted } => {
                let uncounted: Vec<String> = uncounted.iter().map(ToString::to_string).collect();
                ("missing-approvals", json!({ "have": have, "need": need, "uncounted": uncounted }))
            }
            Obstacle::ChangesRequested { by } => {
                let names: Vec<String> = by.iter().map(ToString::to_string).collect();
                ("changes-requested", json!({ "by": names }))
            }
            Obstacle::CodeOwnersMissing { owners, paths, unknown } => {
                ("code-owners-missing", json!({ "owners": owners, "paths": paths, "unknown": unknown }))
            }
            Obstacle::ChecksMissing { contexts } => ("checks-missing", json!({ "contexts": contexts })),
            Obstacle::ChecksFailed { contexts } => ("checks-failed", json!({ "contexts": contexts })),
            Obstacle::Behind => ("behind", nothing()),
            Obstacle::UnresolvedThreads { count } => ("unresolved-threads", json!({ "count": count })),
            Obstacle::NotAllowed => ("not-allowed", nothing()),
            Obstacle::MethodNotAllowed => ("method-not-allowed", nothing()),
            Obstacle::Unsigned => ("unsigned", nothing()),
            Obstacle::Blocked { by } => {
                let name = |thread: &LinkedThread| {
                    format!("{}/{}#{}", thread.owner, thread.repository, thread.number)
                };
                ("blocked", json!({ "by": by.iter().map(name).collect::<Vec<_>>() }))
            }
            Obstacle::StackedBelow { number } => ("stacked-below", json!({ "number": number.0 })),
        };
        Self { code, details }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_obstacle_is_named_with_what_belongs_to_it() {
        let checks = Obstacle::ChecksFailed { contexts: vec!["ci/build".to_owned()] };
        let expected = Hindrance { code: "checks-failed", details: json!({ "contexts": ["ci/build"] }) };
        assert_eq!(Hindrance::from(&checks), expected);
    }
}
