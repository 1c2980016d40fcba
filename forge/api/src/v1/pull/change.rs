use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{
    Access, App, fork, owner,
    pull_request::{self, Edit, HeadName, NewPullRequest},
};
use hearth_core::{IssueState, MilestoneId, Read, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{card::show, number};
use crate::{
    at::InPulls,
    body::Input,
    error::ApiResult,
    v1::{
        issue::label::{LabelName, resolve},
        shape::PullRequest,
    },
};

/// A pull request to open.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreatePull {
    title: String,
    #[serde(default)]
    body: String,
    /// The branch to merge into.
    base: String,
    /// The branch to merge: `branch`, or of a fork, `owner:branch` or `owner/name:branch`.
    head: String,
    /// Ids, or names.
    #[serde(default)]
    labels: Vec<LabelName>,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    assignees: Vec<String>,
    /// Names.
    #[serde(default)]
    reviewers: Vec<String>,
    /// Names of teams of the owner, or `organization/team`.
    #[serde(default)]
    team_reviewers: Vec<String>,
    /// The id of a milestone; 0 is none.
    #[serde(default)]
    milestone: i64,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    allow_maintainer_edit: bool,
}

/// Fields that are left out stay unchanged.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EditPull {
    title: Option<String>,
    body: Option<String>,
    base: Option<String>,
    /// `open` or `closed`.
    #[schema(value_type = Option<String>)]
    state: Option<IssueState>,
    labels: Option<Vec<LabelName>>,
    assignee: Option<String>,
    assignees: Option<Vec<String>>,
    /// The id of a milestone; 0 is none.
    milestone: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
    /// Removes the due date.
    unset_due_date: Option<bool>,
    draft: Option<bool>,
    allow_maintainer_edit: Option<bool>,
}

/// The branch that a client names. An owner alone stands for their fork, or for their repository of the same name.
pub(super) async fn head_name(app: &App, access: &Access<Read>, text: &str) -> ApiResult<HeadName> {
    let Some((owner, branch)) = text.split_once(':') else {
        return Ok(HeadName { repository: None, branch: text.to_owned() });
    };
    let branch = branch.to_owned();
    if let Some((owner, name)) = owner.split_once('/') {
        return Ok(HeadName { repository: Some((owner.to_owned(), name.to_owned())), branch });
    }
    let base = access.repository();
    if base.owner.key() == owner.to_ascii_lowercase() {
        return Ok(HeadName { repository: None, branch });
    }
    let id = owner::find_by_name(app, access.actor(), owner).await?.into_inner().id();
    let name = match fork::find_of_owner(app, access, id).await? {
        Some(found) => found.name.to_string(),
        None => base.name.to_string(),
    };
    Ok(HeadName { repository: Some((owner.to_owned(), name)), branch })
}

/// The names of people and, with their organisation, of teams.
pub(super) fn reviewer_names(access: &Access<Read>, people: Vec<String>, teams: Vec<String>) -> Vec<String> {
    let owner = &access.repository().owner;
    let whole = |team: String| if team.contains('/') { team } else { format!("{owner}/{team}") };
    people.into_iter().chain(teams.into_iter().map(whole)).filter(|name| !name.is_empty()).collect()
}

fn one_and_many(one: Option<String>, many: Vec<String>) -> Vec<String> {
    one.into_iter().chain(many).filter(|name| !name.is_empty()).collect()
}

const fn milestone_id(id: i64) -> Option<MilestoneId> {
    if id == 0 { None } else { Some(MilestoneId(id)) }
}

pub(crate) async fn create(
    State(app): State<App>,
    InPulls(access): InPulls,
    Input(input): Input<CreatePull>,
) -> ApiResult<(StatusCode, Json<PullRequest>)> {
    access.participant()?;
    // Gitea's way to say it, which its clients have no other for.
    let (title, says_draft) = without_prefix(&input.title);
    let new = NewPullRequest {
        title: title.to_owned(),
        body: input.body,
        base_branch: input.base,
        head: head_name(&app, &access, &input.head).await?,
        is_draft: input.draft || says_draft,
        labels: resolve(&app, &access, &input.labels).await?,
        assignees: one_and_many(Some(input.assignee), input.assignees),
        milestone: milestone_id(input.milestone),
        reviewers: reviewer_names(&access, input.reviewers, input.team_reviewers),
        allows_maintainer_edit: input.allow_maintainer_edit,
    };
    let card = pull_request::open(&app, &access, new).await?;
    Ok((StatusCode::CREATED, show(&app, &access, &card).await?))
}

/// The title behind `WIP:` or `[WIP]`, and whether it was there.
fn without_prefix(title: &str) -> (&str, bool) {
    let title = title.trim();
    let strip = |prefix: &str| {
        let start = title.get(..prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then(|| title[prefix.len()..].trim_start())
    };
    match strip("WIP:").or_else(|| strip("[WIP]")) {
        Some(rest) if !rest.is_empty() => (rest, true),
        _ => (title, false),
    }
}

pub(crate) async fn edit(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<EditPull>,
) -> ApiResult<(StatusCode, Json<PullRequest>)> {
    access.participant()?;
    let number = number(&index)?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let labels = match &input.labels {
        Some(names) => Some(resolve(&app, &access, names).await?),
        None => None,
    };
    let (assignee, base) = (given(input.assignee), given(input.base));
    let names_assignees = assignee.is_some() || input.assignees.is_some();
    let edit = Edit {
        title: given(input.title),
        body: input.body,
        version: None,
        state: input.state,
        labels,
        assignees: names_assignees.then(|| one_and_many(assignee, input.assignees.unwrap_or_default())),
        // Clients that cannot leave it out send 0 for a milestone that they do not mean to change.
        milestone: input.milestone.filter(|id| *id != 0).map(milestone_id),
        due_at: if input.unset_due_date == Some(true) { Some(None) } else { input.due_date.map(Some) },
        base_branch: base,
        is_draft: input.draft,
        allows_maintainer_edit: input.allow_maintainer_edit,
    };
    let card = pull_request::edit(&app, &access, number, edit).await?;
    Ok((StatusCode::CREATED, show(&app, &access, &card).await?))
}

#[cfg(test)]
mod tests {
    use super::without_prefix;

    #[test]
    fn a_title_says_that_it_is_a_draft() {
        assert_eq!(without_prefix("wip: Train faster"), ("Train faster", true));
        assert_eq!(without_prefix("[WIP] Train"), ("Train", true));
        for whole in ["Train faster", "WIP:", "Wiper", "模型：训练"] {
            assert_eq!(without_prefix(whole), (whole, false));
        }
    }
}
