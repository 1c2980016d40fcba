use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    thread::{self, subscription},
};
use hearth_core::{SubscriptionState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::card::number;
use crate::{
    at::InIssues,
    error::ApiResult,
    pagination::Paging,
    v1::shape::{User, repository::address},
};

/// Whether the caller follows an issue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WatchInfo {
    subscribed: bool,
    ignored: bool,
    /// `author`, `commented`, `assigned`, `mentioned` or `manual`; null without a subscription.
    reason: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Timestamp>,
    url: String,
    repository_url: String,
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let page = subscription::watchers(&app, &access, number(&index)?, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|user| User::new(&app, access.actor(), &user))))
}

pub(crate) async fn check(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Json<WatchInfo>> {
    access.participant()?;
    let number = number(&index)?;
    let thread = thread::of_number(&app, &access, number).await?;
    let found = subscription::find(&app, &access, &thread).await?;
    let is = |state| found.is_some_and(|found| found.state == state);
    let repository = app.urls().absolute(&address(access.repository()));
    Ok(Json(WatchInfo {
        subscribed: is(SubscriptionState::Watching),
        ignored: is(SubscriptionState::Muted),
        reason: found.map(|found| found.reason.to_string()),
        created_at: found.map(|found| found.created_at),
        url: format!("{repository}/issues/{number}/subscriptions"),
        repository_url: repository,
    }))
}

/// 201 when something changed, 200 otherwise.
fn status(is_new: bool) -> StatusCode {
    if is_new { StatusCode::CREATED } else { StatusCode::OK }
}

pub(crate) async fn put(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index, name)): Path<(String, String, String, String)>,
) -> ApiResult<StatusCode> {
    let state = SubscriptionState::Watching;
    Ok(status(
        subscription::choose_for(&app, &access, issue_number(&app, &access, &index).await?, &name, state)
            .await?,
    ))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index, name)): Path<(String, String, String, String)>,
) -> ApiResult<StatusCode> {
    let state = SubscriptionState::Muted;
    Ok(status(
        subscription::choose_for(&app, &access, issue_number(&app, &access, &index).await?, &name, state)
            .await?,
    ))
}

/// The number of an existing issue or pull request.
async fn issue_number(
    app: &App,
    access: &hearth_app::Access<hearth_core::Read>,
    index: &str,
) -> ApiResult<hearth_core::ThreadNumber> {
    access.participant()?;
    Ok(thread::of_number(app, access, number(index)?).await?.number)
}
