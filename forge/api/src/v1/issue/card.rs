use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App, Unit,
    issue::{self, Bodies, Edit, IssueSort, NewIssue, Query as IssueQuery, QueryState},
    label, pull_request, thread,
};
use hearth_core::{
    Error, IssueState, Kind, LabelId, MilestoneId, Page, Read, ThreadKind, ThreadNumber, Timestamp, UserName,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    any::{list_pulls, own},
    label::{LabelName, resolve},
};
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    v1::{
        milestone::find_named,
        shape::{Issue, People, User},
    },
};

#[derive(Deserialize)]
pub(crate) struct Filters {
    state: Option<String>,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    labels: String,
    #[serde(default)]
    milestones: String,
    #[serde(default)]
    q: String,
    created_by: Option<String>,
    assigned_by: Option<String>,
    mentioned_by: Option<String>,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
    sort: Option<IssueSort>,
}

/// An issue to open.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateIssue {
    title: String,
    #[serde(default)]
    body: String,
    /// Ids, or names.
    #[serde(default)]
    labels: Vec<LabelName>,
    /// One name; `assignees` is the same for several.
    assignee: Option<String>,
    #[serde(default)]
    assignees: Vec<String>,
    /// The id of a milestone; 0 is none.
    #[serde(default)]
    milestone: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
    /// The branch that it is about.
    #[serde(rename = "ref", default)]
    reference: String,
    /// Opens the issue closed.
    #[serde(default)]
    closed: bool,
}

/// Fields that are left out stay unchanged.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EditIssue {
    title: Option<String>,
    body: Option<String>,
    /// `open` or `closed`.
    #[schema(value_type = Option<String>)]
    state: Option<IssueState>,
    /// Exactly these, by id or name.
    labels: Option<Vec<LabelName>>,
    assignee: Option<String>,
    assignees: Option<Vec<String>>,
    /// The id of a milestone; 0 is none.
    milestone: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
    /// Removes the due date.
    unset_due_date: Option<bool>,
    /// The branch that it is about; empty: none.
    #[serde(rename = "ref")]
    reference: Option<String>,
}

const fn milestone_id(id: i64) -> Option<MilestoneId> {
    if id == 0 { None } else { Some(MilestoneId(id)) }
}

/// The number in an address; anything else is not found.
pub(super) fn number(text: &str) -> ApiResult<ThreadNumber> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Issue))?)
}

fn one_and_many(one: Option<String>, many: Vec<String>) -> Vec<String> {
    one.into_iter().chain(many).filter(|name| !name.is_empty()).collect()
}

/// The names of labels given by name or by id. What is neither stays as it is, so that nothing matches.
async fn label_names(app: &App, access: &Access<Read>, given: &str) -> ApiResult<Vec<String>> {
    let words: Vec<&str> = given.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let has_ids = words.iter().any(|word| word.parse::<LabelId>().is_ok());
    let known = if has_ids { label::list(app, access).await? } else { Vec::new() };
    let named = |word: &str| {
        let id = word.parse::<LabelId>().ok()?;
        known.iter().find(|label| label.id == id).map(|label| label.name.clone())
    };
    Ok(words.into_iter().map(|word| named(word).unwrap_or_else(|| word.to_owned())).collect())
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Query(filters): Query<Filters>,
) -> ApiResult<Response> {
    let mut query = IssueQuery::parse(&filters.q);
    query.state = match filters.state.as_deref() {
        None | Some("" | "open") => QueryState::Open,
        Some("closed") => QueryState::Closed,
        Some("all") => QueryState::All,
        Some(_) => return Err(Error::field("state", "unknown").into()),
    };
    let named = &mut query.thread;
    named.labels.extend(label_names(&app, &access, &filters.labels).await?);
    named.author = filters.created_by.filter(|name| !name.is_empty()).or(named.author.take());
    named.assignee = filters.assigned_by.filter(|name| !name.is_empty()).or(named.assignee.take());
    named.mentions = filters.mentioned_by.filter(|name| !name.is_empty()).or(named.mentions.take());
    let mut filter = query.filter(&app, &access).await?;
    if let Some(name) = filters.milestones.split(',').map(str::trim).find(|name| !name.is_empty()) {
        filter.thread.milestone = find_named(&app, &access, name).await?;
        filter.thread.is_empty |= filter.thread.milestone.is_none();
    }
    filter.thread.since = filters.since;
    filter.thread.before = filters.before;
    let sort = filters.sort.or(query.thread.sort).unwrap_or(IssueSort::Newest);
    match filters.r#type.as_str() {
        "" | "issues" => {}
        "pulls" => {
            let page =
                list_pulls(&app, &access, (filter.state, filter.thread), sort, paging.request()).await?;
            return Ok(paging.answer(&app, &page));
        }
        _ => return Err(Error::field("type", "unknown").into()),
    }
    let page = issue::list(&app, &access, &filter, (sort, Bodies::Whole), paging.request()).await?;
    let people = People::of_issues(&app, &access, &page.items).await?;
    Ok(paging.answer(&app, &page.map(|card| people.issue(&card))))
}

pub(crate) async fn create(
    State(app): State<App>,
    InIssues(access): InIssues,
    Input(input): Input<CreateIssue>,
) -> ApiResult<(StatusCode, Json<Issue>)> {
    access.participant()?;
    let new = NewIssue {
        title: input.title,
        body: input.body,
        labels: resolve(&app, &access, &input.labels).await?,
        assignees: one_and_many(input.assignee, input.assignees),
        milestone: milestone_id(input.milestone),
        due_at: input.due_date,
        template: None,
        branch: Some(input.reference).filter(|name| !name.is_empty()),
        is_closed: input.closed,
    };
    let card = issue::open(&app, &access, new).await?;
    let people = People::of_issues(&app, &access, std::slice::from_ref(&card)).await?;
    Ok((StatusCode::CREATED, Json(people.issue(&card))))
}

pub(crate) async fn get(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Json<Issue>> {
    own(&app, &access, number(&index)?).await
}

pub(crate) async fn edit(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<EditIssue>,
) -> ApiResult<(StatusCode, Json<Issue>)> {
    access.participant()?;
    let number = number(&index)?;
    let names_assignees = input.assignee.is_some() || input.assignees.is_some();
    let labels = match &input.labels {
        Some(names) => Some(resolve(&app, &access, names).await?),
        None => None,
    };
    let edit = Edit {
        title: input.title,
        body: input.body,
        version: None,
        state: input.state,
        labels,
        milestone: input.milestone.map(milestone_id),
        due_at: if input.unset_due_date == Some(true) { Some(None) } else { input.due_date.map(Some) },
        assignees: names_assignees.then(|| one_and_many(input.assignee, input.assignees.unwrap_or_default())),
        branch: input.reference.map(|name| Some(name).filter(|name| !name.is_empty())),
    };
    match thread::of_number(&app, &access, number).await?.kind {
        ThreadKind::Issue => drop(issue::edit(&app, &access, number, edit).await?),
        ThreadKind::PullRequest => {
            let pulls = access.enter_unit(Unit::Pulls)?;
            pull_request::edit(&app, &pulls, number, of_pull(edit)).await?;
        }
    }
    Ok((StatusCode::CREATED, own(&app, &access, number).await?))
}

/// The same changes to a pull request, which Gitea's clients make through its issue.
fn of_pull(edit: Edit) -> pull_request::Edit {
    pull_request::Edit {
        title: edit.title,
        body: edit.body,
        version: edit.version,
        state: edit.state,
        labels: edit.labels,
        assignees: edit.assignees,
        milestone: edit.milestone,
        due_at: edit.due_at,
        ..pull_request::Edit::default()
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    issue::delete(&app, &access.administer()?, number(&index)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn assignees(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
) -> ApiResult<Response> {
    access.participant()?;
    let names = paging.cut(thread::writers(&app, &access, Unit::Issues).await?);
    shown_people(&app, &access, names, &paging).await
}

pub(crate) async fn reviewers(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
) -> ApiResult<Response> {
    access.participant()?;
    let names = paging.cut(thread::candidates(&app, &access).await?);
    shown_people(&app, &access, names, &paging).await
}

async fn shown_people(
    app: &App,
    access: &Access<Read>,
    names: Page<UserName>,
    paging: &Paging,
) -> ApiResult<Response> {
    let found = thread::candidate_users(app, access, &names.items).await?;
    let items = found.iter().map(|user| User::new(app, access.actor(), user)).collect();
    Ok(paging.answer(app, &Page { items, total: names.total, request: names.request }))
}
