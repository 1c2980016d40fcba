use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, Bodies, Edit, IssueSort, NewIssue, Query as IssueQuery, QueryState},
    thread,
};
use hearth_core::{Error, IssueState, Kind, Page, ThreadNumber, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::label::{LabelName, resolve};
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    v1::shape::{Issue, People, User},
};

#[derive(Deserialize)]
pub(crate) struct Filters {
    state: Option<String>,
    #[serde(default)]
    labels: String,
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
}

/// The number in an address; anything else is not found.
pub(super) fn number(text: &str) -> ApiResult<ThreadNumber> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Issue))?)
}

fn one_and_many(one: Option<String>, many: Vec<String>) -> Vec<String> {
    one.into_iter().chain(many).filter(|name| !name.is_empty()).collect()
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
    let names = filters.labels.split(',').map(str::trim).filter(|name| !name.is_empty());
    query.labels.extend(names.map(str::to_owned));
    query.author = filters.created_by.filter(|name| !name.is_empty()).or(query.author);
    query.assignee = filters.assigned_by.filter(|name| !name.is_empty()).or(query.assignee);
    query.mentions = filters.mentioned_by.filter(|name| !name.is_empty()).or(query.mentions);
    let mut filter = query.filter(&app, &access).await?;
    filter.since = filters.since;
    filter.before = filters.before;
    let sort = filters.sort.or(query.sort).unwrap_or(IssueSort::Newest);
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
    let card = issue::find(&app, &access, number(&index)?).await?;
    let people = People::of_issues(&app, &access, std::slice::from_ref(&card)).await?;
    Ok(Json(people.issue(&card)))
}

pub(crate) async fn edit(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<EditIssue>,
) -> ApiResult<(StatusCode, Json<Issue>)> {
    access.participant()?;
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
        assignees: names_assignees.then(|| one_and_many(input.assignee, input.assignees.unwrap_or_default())),
    };
    let card = issue::edit(&app, &access, number(&index)?, edit).await?;
    let people = People::of_issues(&app, &access, std::slice::from_ref(&card)).await?;
    Ok((StatusCode::CREATED, Json(people.issue(&card))))
}

pub(crate) async fn assignees(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
) -> ApiResult<Response> {
    access.participant()?;
    let names = paging.cut(thread::candidates(&app, &access).await?);
    let found = thread::candidate_users(&app, &access, &names.items).await?;
    let items = found.iter().map(|user| User::new(&app, access.actor(), user)).collect();
    Ok(paging.answer(&app, &Page { items, total: names.total, request: names.request }))
}
