//! Whose review is asked for.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{App, review};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{change::reviewer_names, number, review::all_reviews};
use crate::{
    at::InPulls,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::Review,
};

pub(super) fn routes(table: Table) -> Table {
    let path = "/repos/{owner}/{repo}/pulls/{index}/requested_reviewers";
    table
        .post(
            path,
            create,
            describe("Ask for reviews").request::<Reviewers>().response::<Vec<Review>>().status(201),
        )
        .delete(path, delete, describe("No longer ask for reviews").request::<Reviewers>())
}

/// People and teams.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Reviewers {
    /// Names.
    #[serde(default)]
    reviewers: Vec<String>,
    /// Names of teams of the owner, or `organization/team`.
    #[serde(default)]
    team_reviewers: Vec<String>,
}

async fn create(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<Reviewers>,
) -> ApiResult<(StatusCode, Json<Vec<Review>>)> {
    let number = number(&index)?;
    let names = reviewer_names(&access, input.reviewers, input.team_reviewers);
    review::request_review(&app, &access, number, &names).await?;
    let reviews = all_reviews(&app, &access, number).await?;
    Ok((StatusCode::CREATED, Json(reviews.into_iter().filter(Review::is_request).collect())))
}

async fn delete(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<Reviewers>,
) -> ApiResult<StatusCode> {
    let names = reviewer_names(&access, input.reviewers, input.team_reviewers);
    review::withdraw_request(&app, &access, number(&index)?, &names).await?;
    Ok(StatusCode::NO_CONTENT)
}
