//! What can be done with a task: `POST /tasks/{id}/stop`, `rerun`, `switch`, `priority`, `delete`.

use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    queue::{self, Changes},
    task::{self, CodeChoice},
};
use hearth_core::{Error, urls};
use serde::Deserialize;

use super::TaskVisit;
use crate::{
    Failure, Flash, Form, NoFields, RepositoryVisit,
    respond::{see_other, see_other_with},
};

/// Stops the task; the program has a grace period to write what it has.
pub(crate) async fn stop(
    State(app): State<App>,
    visit: TaskVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let task = task::stop(&app, &visit.access).await?;
    Ok(see_other(&urls::task(task.id)))
}

/// Launches the same again, pinned to the same commit.
pub(crate) async fn rerun(
    State(app): State<App>,
    visit: TaskVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let task = task::rerun(&app, &visit.access, CodeChoice::Pinned).await?;
    Ok(see_other(&urls::task(task.id)))
}

/// Another spec for a task that waits.
#[derive(Debug, Deserialize)]
pub(crate) struct Switch {
    spec: String,
}

/// The position in the queue is kept.
pub(crate) async fn switch(
    State(app): State<App>,
    visit: TaskVisit,
    Form(Switch { spec }): Form<Switch>,
) -> Result<Response, Failure> {
    let changes = Changes { spec: Some(spec), ..Changes::default() };
    let task = queue::change(&app, &visit.access, &changes).await?;
    Ok(see_other(&urls::task(task.id)))
}

/// Another priority for a task that waits.
#[derive(Debug, Deserialize)]
pub(crate) struct Priority {
    priority: String,
}

/// Among tasks of the same priority, the position is kept.
pub(crate) async fn priority(
    State(app): State<App>,
    visit: TaskVisit,
    Form(Priority { priority }): Form<Priority>,
) -> Result<Response, Failure> {
    let priority = priority.trim().parse().map_err(|_| Error::field("priority", "not-a-number"))?;
    let changes = Changes { priority: Some(priority), ..Changes::default() };
    let task = queue::change(&app, &visit.access, &changes).await?;
    Ok(see_other(&urls::task(task.id)))
}

/// Deletes the task with its log, outputs and record. What was published from it stays.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: TaskVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    task::delete(&app, &visit.access).await?;
    let urls = RepositoryVisit::of(visit.access.access().clone()).urls;
    Ok(see_other_with(&urls.tasks(), Flash::new("flash-task-deleted", visit.access.id().to_string())))
}
