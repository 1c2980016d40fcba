//! Giving a repository to another owner.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{
    Actor, App,
    repository::transfer::{self, Outcome},
};
use hearth_core::{Error, Kind, RepositoryId, RepositoryKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    repository::{show, show_row},
    shape::Repository,
};
use crate::{
    at::InRepository,
    authenticate::Caller,
    body::Input,
    error::{ApiResult, taken_as_invalid},
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .post(
            "/repos/{owner}/{repo}/transfer",
            start,
            describe("Transfer a repository, or request the transfer")
                .request::<Transfer>()
                .response::<Repository>()
                .status(202),
        )
        .post(
            "/repos/{owner}/{repo}/transfer/accept",
            accept,
            describe("Accept a repository transfer").response::<Repository>().status(202),
        )
        .post("/repos/{owner}/{repo}/transfer/reject", reject, describe("Decline a repository transfer"))
}

/// The new owner.
#[derive(Debug, Deserialize, ToSchema)]
struct Transfer {
    #[serde(default)]
    new_owner: String,
}

async fn start(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(input): Input<Transfer>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let started = transfer::start(&app, &access.administer()?, &input.new_owner).await;
    Ok(match started.map_err(taken_as_invalid)? {
        Outcome::Done(moved) => (StatusCode::ACCEPTED, show_row(&app, access.actor(), *moved).await?),
        Outcome::Asked => (StatusCode::CREATED, show(&app, &access).await?),
    })
}

/// The repository of this name that was offered to the caller. They may not be able to read it yet.
async fn asked(app: &App, actor: &Actor, (owner, name): &(String, String)) -> ApiResult<RepositoryId> {
    let all = transfer::list_mine(app, actor).await?;
    let is_it = |asked: &&transfer::Transfer| {
        asked.repository_kind == RepositoryKind::Code
            && asked.owner.as_str().eq_ignore_ascii_case(owner)
            && asked.repository.as_str().eq_ignore_ascii_case(name)
    };
    let found = all.iter().find(is_it).ok_or(Error::NotFound(Kind::Transfer))?;
    Ok(found.repository_id)
}

async fn accept(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(names): Path<(String, String)>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let moved = transfer::accept(&app, &actor, asked(&app, &actor, &names).await?).await?;
    Ok((StatusCode::ACCEPTED, show_row(&app, &actor, moved).await?))
}

/// Without Gitea's body: whoever declines a private repository may not see it.
async fn reject(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(names): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    transfer::decline(&app, &actor, asked(&app, &actor, &names).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
