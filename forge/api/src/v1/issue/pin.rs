//! Pinned issues and pull requests, and due dates.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{
    App, issue, pull_request,
    thread::{self, pin},
};
use hearth_core::{Error, Kind, ThreadKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::card::number;
use crate::{
    at::{InIssues, InPulls},
    body::Input,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::{Issue, People, PullRequest, Pulls},
};

type AtIssue = Path<(String, String, String)>;

pub(crate) fn routes(table: Table) -> Table {
    table
        .post("/repos/{owner}/{repo}/issues/{index}/pin", put, describe("Pin an issue"))
        .delete("/repos/{owner}/{repo}/issues/{index}/pin", delete, describe("Unpin an issue"))
        .patch(
            "/repos/{owner}/{repo}/issues/{index}/pin/{position}",
            move_to,
            describe("Move a pinned issue to another place, counted from 1"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/pinned",
            list_issues,
            describe("List the pinned issues").response::<Vec<Issue>>(),
        )
        .get(
            "/repos/{owner}/{repo}/pulls/pinned",
            list_pulls,
            describe("List the pinned pull requests").response::<Vec<PullRequest>>(),
        )
        .get(
            "/repos/{owner}/{repo}/new_pin_allowed",
            allowed,
            describe("Check whether another issue or pull request can be pinned")
                .response::<NewIssuePinsAllowed>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/deadline",
            deadline,
            describe("Set or remove the due date of an issue")
                .request::<Deadline>()
                .response::<Deadline>()
                .status(201),
        )
}

/// Whether another one can be pinned.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewIssuePinsAllowed {
    issues: bool,
    pull_requests: bool,
}

/// When an issue is due; none: at no certain time.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct Deadline {
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
}

pub(crate) async fn put(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
) -> ApiResult<StatusCode> {
    pin::pin(&app, &access.write()?, number(&index)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
) -> ApiResult<StatusCode> {
    pin::unpin(&app, &access.write()?, number(&index)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn move_to(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index, place)): Path<(String, String, String, String)>,
) -> ApiResult<StatusCode> {
    let place = place.parse().map_err(|_| Error::NotFound(Kind::Pin))?;
    pin::move_to(&app, &access.write()?, number(&index)?, place).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn list_issues(
    State(app): State<App>,
    InIssues(access): InIssues,
) -> ApiResult<Json<Vec<Issue>>> {
    let mut cards = Vec::new();
    for pinned in pin::list(&app, &access, ThreadKind::Issue).await? {
        cards.push(issue::find(&app, &access, pinned.number).await?);
    }
    let people = People::of_issues(&app, &access, &cards).await?;
    Ok(Json(cards.iter().map(|card| people.issue(card)).collect()))
}

pub(crate) async fn list_pulls(
    State(app): State<App>,
    InPulls(access): InPulls,
) -> ApiResult<Json<Vec<PullRequest>>> {
    let mut cards = Vec::new();
    for pinned in pin::list(&app, &access, ThreadKind::PullRequest).await? {
        cards.push(pull_request::find(&app, &access, pinned.number).await?);
    }
    let pulls = Pulls::find(&app, &access, &cards).await?;
    Ok(Json(cards.iter().map(|card| pulls.show(card)).collect()))
}

pub(crate) async fn allowed(
    State(app): State<App>,
    InIssues(access): InIssues,
) -> ApiResult<Json<NewIssuePinsAllowed>> {
    Ok(Json(NewIssuePinsAllowed {
        issues: pin::has_room(&app, &access, ThreadKind::Issue).await?,
        pull_requests: pin::has_room(&app, &access, ThreadKind::PullRequest).await?,
    }))
}

pub(crate) async fn deadline(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): AtIssue,
    Input(input): Input<Deadline>,
) -> ApiResult<(StatusCode, Json<Deadline>)> {
    thread::set_due(&app, &access.write()?, number(&index)?, input.due_date).await?;
    Ok((StatusCode::CREATED, Json(input)))
}
