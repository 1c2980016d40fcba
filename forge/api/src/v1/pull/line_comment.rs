//! Replies to comments on lines, and whether what a comment began is resolved.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{
    App,
    review::{self, When},
};
use hearth_core::{Error, Kind, LineCommentId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    number,
    review::{heads, page},
};
use crate::{
    at::InPulls,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
    v1::shape::{LineNote, People},
};

type Numbered = Path<(String, String, String)>;
type Named = Path<(String, String, String, String)>;

pub(super) fn routes(table: Table) -> Table {
    table
        .post(
            "/repos/{owner}/{repo}/pulls/{index}/comments/{id}/replies",
            reply,
            describe("Reply to a comment on lines").request::<Reply>().response::<LineNote>().status(201),
        )
        .post(
            "/repos/{owner}/{repo}/pulls/comments/{id}/resolve",
            resolve,
            describe("Resolve what a comment on lines began"),
        )
        .post(
            "/repos/{owner}/{repo}/pulls/comments/{id}/unresolve",
            unresolve,
            describe("No longer count what a comment on lines began as resolved"),
        )
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Reply {
    body: String,
}

/// The number in an address; anything else is not found.
fn comment_id(text: &str) -> ApiResult<LineCommentId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::LineComment))?)
}

async fn reply(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
    Input(input): Input<Reply>,
) -> ApiResult<(StatusCode, Json<LineNote>)> {
    let number = number(&index)?;
    let made = review::reply(&app, &access, number, comment_id(&id)?, &input.body, When::Now).await?;
    let first = review::find_line_comment(&app, &access, number, made.first_id()).await?;
    let heads = heads(&app, &access, number).await?;
    let head = heads.get(&made.version).map_or("", String::as_str);
    let people = People::find(&app, &access, [Some(made.author_id), first.resolved_by].into_iter().flatten());
    let shown = LineNote::new(&people.await?, (&made, &first), &page(&app, &access, number), head);
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn resolve(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, id)): Numbered,
) -> ApiResult<StatusCode> {
    let id = comment_id(&id)?;
    let number = review::number_of_line_comment(&app, &access, id).await?;
    review::resolve(&app, &access, number, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unresolve(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, id)): Numbered,
) -> ApiResult<StatusCode> {
    let id = comment_id(&id)?;
    let number = review::number_of_line_comment(&app, &access, id).await?;
    review::unresolve(&app, &access, number, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
