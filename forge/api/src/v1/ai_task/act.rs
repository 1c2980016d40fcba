//! Calls that change a task: create, stop, restart, delete.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App,
    task::{self, CodeChoice, OfferQuery},
};
use hearth_core::TaskId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, Given, Parameters, Refusal, good},
    in_repository, request, shape,
};
use crate::authenticate::Caller;

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path((owner, name)): Path<(String, String)>,
    Given(asked): Given<request::Create>,
) -> Answer<shape::Made> {
    let access = in_repository(&app, &caller, &owner, &name).await?.write()?;
    let offers = task::offers(&app, &caller.0, access.repository().owner_id, &OfferQuery::default()).await?;
    let task = task::launch(&app, &access, asked.into_new(&offers)?).await?;
    Ok(good(shape::Made::new(&task)))
}

pub(super) async fn stop(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<shape::Brief> {
    let task = task::stop(&app, &enter(&app, &caller, &by).await?).await?;
    Ok(good(shape::Brief::new(&task, app.now())))
}

/// Launches the same again, as a new task: here every run is one.
pub(super) async fn restart(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<shape::Made> {
    let task = task::rerun(&app, &enter(&app, &caller, &by).await?, CodeChoice::Pinned).await?;
    Ok(good(shape::Made::new(&task)))
}

pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<()> {
    task::delete(&app, &enter(&app, &caller, &by).await?).await?;
    Ok(good(()))
}

/// Tasks to delete.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ai_task::Several)]
pub(super) struct Several {
    id: Vec<i64>,
}

/// Deletes those that can be deleted; the refusal carries the ids of the others.
pub(super) async fn delete_several(
    State(app): State<App>,
    caller: Caller,
    Given(several): Given<Several>,
) -> Result<Response, Refusal> {
    caller.0.signed_in()?;
    let ids: Vec<TaskId> = several.id.into_iter().map(TaskId).collect();
    let kept = task::delete_several(&app, &caller.0, &ids).await?;
    if kept.is_empty() {
        return Ok(good(()).into_response());
    }
    Ok(Json(super::envelope::NOT_FINISHED.with(kept)).into_response())
}
