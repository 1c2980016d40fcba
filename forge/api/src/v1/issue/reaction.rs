use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    thread::{
        Target,
        reaction::{self, ReactionRow},
    },
};
use hearth_core::{Error, Read};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{card::number, comment::id};
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    v1::shape::{People, Reaction},
};

/// One of `+1`, `-1`, `laugh`, `hooray`, `confused`, `heart`, `rocket` and `eyes`.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EditReaction {
    content: String,
}

type Names = Path<(String, String, String)>;

async fn list(app: &App, access: &Access<Read>, target: Target, paging: &Paging) -> ApiResult<Response> {
    let page = reaction::list(app, access, target, paging.request()).await?;
    let people = People::find(app, access, page.items.iter().map(|row| row.user_id)).await?;
    Ok(paging.answer(app, &page.map(|row| people.reaction(&row))))
}

async fn add(
    app: &App,
    access: &Access<Read>,
    target: Target,
    input: &EditReaction,
) -> ApiResult<(StatusCode, Json<Reaction>)> {
    let (row, is_new) = reaction::add(app, access, target, content(input)?).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(shown(app, access, row).await?)))
}

async fn remove(
    app: &App,
    access: &Access<Read>,
    target: Target,
    input: &EditReaction,
) -> ApiResult<StatusCode> {
    reaction::remove(app, access, target, content(input)?).await?;
    Ok(StatusCode::OK)
}

async fn shown(app: &App, access: &Access<Read>, row: ReactionRow) -> ApiResult<Reaction> {
    Ok(People::find(app, access, [row.user_id]).await?.reaction(&row))
}

fn content(input: &EditReaction) -> ApiResult<hearth_core::Reaction> {
    Ok(input.content.parse().map_err(|()| Error::field("content", "unknown"))?)
}

pub(crate) async fn list_of_issue(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, index)): Names,
) -> ApiResult<Response> {
    list(&app, &access, Target::Thread(number(&index)?), &paging).await
}

pub(crate) async fn add_to_issue(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Names,
    Input(input): Input<EditReaction>,
) -> ApiResult<(StatusCode, Json<Reaction>)> {
    add(&app, &access, Target::Thread(number(&index)?), &input).await
}

pub(crate) async fn remove_from_issue(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Names,
    Input(input): Input<EditReaction>,
) -> ApiResult<StatusCode> {
    remove(&app, &access, Target::Thread(number(&index)?), &input).await
}

pub(crate) async fn list_of_comment(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, text)): Names,
) -> ApiResult<Response> {
    list(&app, &access, Target::Comment(id(&text)?), &paging).await
}

pub(crate) async fn add_to_comment(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Names,
    Input(input): Input<EditReaction>,
) -> ApiResult<(StatusCode, Json<Reaction>)> {
    add(&app, &access, Target::Comment(id(&text)?), &input).await
}

pub(crate) async fn remove_from_comment(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Names,
    Input(input): Input<EditReaction>,
) -> ApiResult<StatusCode> {
    remove(&app, &access, Target::Comment(id(&text)?), &input).await
}
