//! `/tasks/{id}/outputs`: the files that a task made, and those that its agent could not deliver.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    output::{self, Total},
    undelivered_outputs::{self, UndeliveredOutputs},
};
use hearth_core::{PageRequest, urls};
use hearth_http::download;
use serde::Deserialize;

use super::{
    AttemptQuery, TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{
    Failure, Flash, Form, NoFields, Page, RepositoryHead,
    respond::{html, see_other, see_other_with},
    words::{self, Html},
};

#[derive(Template)]
#[template(path = "pages/tasks/outputs.html")]
struct Outputs {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    files: Vec<File>,
    undelivered: Option<UndeliveredOutputs>,
    total: Total,
    pages: Html,
    command: String,
}

/// One file.
struct File {
    /// With `/` at its end; empty at the root.
    folder: String,
    name: String,
    address: String,
    size: String,
    sha256: String,
}

/// Which attempt, and which page of its list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct OutputListQuery {
    attempt: Option<i64>,
    page: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(asked): Query<OutputListQuery>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Outputs, asked.attempt).await?;
    let frame = framed.frame;
    let attempt = frame.attempt;
    let request = PageRequest::asked(&asked.page, PageRequest::LARGEST);
    // Before the first attempt there are none.
    let (found, total) = output::page(&app, &visit.access, attempt, request).await?;
    let pages = page.pagination(request.page(), found.last_page());
    let files = found
        .items
        .into_iter()
        .map(|output| {
            let (folder, name) = output.path.split();
            let part = format!("outputs/{}", urls::path(output.path.as_str()));
            File {
                folder: if folder.is_empty() { String::new() } else { format!("{folder}/") },
                name: name.to_owned(),
                address: frame.part_address(&part),
                size: words::bytes(u64::try_from(output.size_bytes).unwrap_or(0)),
                sha256: output.sha256,
            }
        })
        .collect();
    let undelivered =
        if attempt > 0 { undelivered_outputs::find(&app, &visit.access, attempt).await? } else { None };
    let api = format!("/api/v1/tasks/{}/outputs", frame.task.id);
    let command = format!("curl {}", app.urls().absolute(&api));
    html(&Outputs { page, head: framed.head, frame, files, undelivered, total, pages, command })
}

/// `/tasks/{id}/outputs/{path}`: one file, always as a download.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Path((_, path)): Path<(String, String)>,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    let (_, object) = output::find(&app, &visit.access, attempt, &path).await?;
    Ok(download::send(object.open().await?, object.size_bytes(), &path, download::BYTES))
}

/// `POST /tasks/{id}/undelivered/store`: stores what a dead agent left.
pub(crate) async fn store(
    State(app): State<App>,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    undelivered_outputs::store(&app, &visit.access, attempt).await?;
    Ok(see_other_with(&list(&visit, attempt), Flash::new("flash-task-storing", "")))
}

/// `POST /tasks/{id}/undelivered/discard`: deletes it.
pub(crate) async fn discard(
    State(app): State<App>,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    undelivered_outputs::discard(&app, &visit.access, attempt).await?;
    Ok(see_other(&list(&visit, attempt)))
}

/// The address of the outputs of an attempt.
fn list(visit: &TaskVisit, attempt: i64) -> String {
    format!("{}?attempt={attempt}", urls::task_part(visit.access.id(), "outputs"))
}
