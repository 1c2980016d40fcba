use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{App, thread};
use hearth_core::{Error, LockReason};
use serde::Deserialize;
use utoipa::ToSchema;

use super::card::number;
use crate::{at::InIssues, body::Input, error::ApiResult};

/// One of `off-topic`, `too-heated`, `resolved` and `spam`; none when left out.
#[derive(Deserialize, ToSchema)]
pub(crate) struct LockIssue {
    #[serde(default)]
    lock_reason: String,
}

pub(crate) async fn put(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<LockIssue>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    let reason = match input.lock_reason.trim() {
        "" => None,
        text => Some(LockReason::read(text).ok_or(Error::field("lock_reason", "unknown"))?),
    };
    thread::lock(&app, &writing, number(&index)?, reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    thread::unlock(&app, &access.write()?, number(&index)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
