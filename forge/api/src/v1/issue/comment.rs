use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    comment::{self, CommentFilter},
};
use hearth_core::{CommentId, Error, Kind, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::card::number;
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    v1::shape::{Comment, People},
};

#[derive(Deserialize)]
pub(crate) struct Times {
    since: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl From<Times> for CommentFilter {
    fn from(times: Times) -> Self {
        Self { since: times.since, before: times.before }
    }
}

/// The text of a comment, in Markdown.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CommentInput {
    body: String,
}

pub(super) fn id(text: &str) -> ApiResult<CommentId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Comment))?)
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Query(times): Query<Times>,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let page = comment::list(&app, &access, number(&index)?, times.into(), paging.request()).await?;
    let people = People::of_comments(&app, &access, &page.items).await?;
    Ok(paging.answer(&app, &page.map(|comment| people.comment(&comment))))
}

pub(crate) async fn list_all(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Query(times): Query<Times>,
) -> ApiResult<Response> {
    let page = comment::list_all(&app, &access, times.into(), paging.request()).await?;
    let people = People::of_comments(&app, &access, &page.items).await?;
    Ok(paging.answer(&app, &page.map(|comment| people.comment(&comment))))
}

pub(crate) async fn create(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<CommentInput>,
) -> ApiResult<(StatusCode, Json<Comment>)> {
    let said = comment::add(&app, &access, number(&index)?, &input.body).await?;
    let people = People::of_comments(&app, &access, std::slice::from_ref(&said)).await?;
    Ok((StatusCode::CREATED, Json(people.comment(&said))))
}

pub(crate) async fn get(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
) -> ApiResult<Json<Comment>> {
    let said = comment::find(&app, &access, id(&text)?).await?;
    let people = People::of_comments(&app, &access, std::slice::from_ref(&said)).await?;
    Ok(Json(people.comment(&said)))
}

pub(crate) async fn edit(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
    Input(input): Input<CommentInput>,
) -> ApiResult<Json<Comment>> {
    let said = comment::edit(&app, &access, id(&text)?, None, &input.body).await?;
    let people = People::of_comments(&app, &access, std::slice::from_ref(&said)).await?;
    Ok(Json(people.comment(&said)))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    comment::delete(&app, &access, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
