//! `/tasks/{id}/outputs`: the files that a task made.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, output};
use hearth_core::urls;

use super::{
    TaskVisit, Wanted, download,
    frame::{Part, TaskFrame, frame},
};
use crate::{Failure, Page, RepositoryHead, respond::html, words};

#[derive(Template)]
#[template(path = "pages/tasks/outputs.html")]
struct Outputs {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    files: Vec<File>,
    total: String,
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

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Outputs, wanted.attempt).await?;
    let frame = framed.frame;
    let attempt = frame.attempt;
    let found = if attempt > 0 { output::list(&app, &visit.access, attempt).await? } else { Vec::new() };
    let sizes = found.iter().filter_map(|output| u64::try_from(output.size_bytes).ok());
    let total = words::bytes(sizes.sum::<u64>());
    let files = found
        .into_iter()
        .map(|output| {
            let (folder, name) = match output.path.rsplit_once('/') {
                Some((folder, name)) => (format!("{folder}/"), name.to_owned()),
                None => (String::new(), output.path.clone()),
            };
            let part = format!("outputs/{}", urls::path(&output.path));
            File {
                folder,
                name,
                address: frame.part_address(&part),
                size: words::bytes(u64::try_from(output.size_bytes).unwrap_or(0)),
                sha256: output.sha256,
            }
        })
        .collect();
    let api = format!("/api/v1/tasks/{}/outputs", frame.task.id);
    let command = format!("curl {}", app.urls().absolute(&api));
    html(&Outputs { page, head: framed.head, frame, files, total, command })
}

/// `/tasks/{id}/outputs/{path}`: the bytes of one, always as a download.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Path((_, path)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt.unwrap_or(visit.access.task().attempts);
    let (_, file) = output::find(&app, &visit.access, attempt, &path).await?;
    Ok(download::send(&file, &path).await?)
}
