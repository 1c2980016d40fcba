//! `/tasks/{id}/files`: the run record, file by file.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, record};
use hearth_core::{Error, urls};
use hearth_http::download;
use serde::Deserialize;
use tokio::io::AsyncReadExt as _;

use super::{
    AttemptQuery, TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{Failure, Page, RepositoryHead, respond::html, words};

#[derive(Template)]
#[template(path = "pages/tasks/files.html")]
struct Files {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    rows: Vec<File>,
    shown: Option<Shown>,
}

struct File {
    name: &'static str,
    about: &'static str,
    size: String,
    address: String,
    download: String,
}

/// The file that is open below the list.
struct Shown {
    name: String,
    /// Each with the class of its colour.
    lines: Vec<(&'static str, String)>,
    is_cut: bool,
}

/// Which file is open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Open {
    attempt: Option<i64>,
    show: String,
}

/// How much of a file a page shows.
const SHOWN_BYTES: u64 = 128 << 10;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(open): Query<Open>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Files, open.attempt).await?;
    let frame = framed.frame;
    let attempt = frame.attempt;
    let mut rows = Vec::new();
    if attempt > 0 {
        for (name, size) in record::files(&app, &visit.access, attempt).await? {
            let base = urls::task_part(frame.task.id, "files");
            rows.push(File {
                name,
                about: about(&page, name),
                size: words::bytes(size),
                address: format!("{base}?attempt={attempt}&show={name}#shown"),
                download: format!("{base}/{name}?attempt={attempt}"),
            });
        }
    }
    let shown = if open.show.is_empty() {
        None
    } else {
        let path = record::file(&app, &visit.access, attempt, &open.show)?;
        Some(read(&path, open.show).await?)
    };
    html(&Files { page, head: framed.head, frame, rows, shown })
}

/// `/tasks/{id}/files/{name}`: one file as a download.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Path((_, name)): Path<(String, String)>,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    let path = record::file(&app, &visit.access, attempt, &name)?;
    Ok(download::file(&path, &name, download::BYTES).await.map_err(Error::internal)?)
}

async fn read(path: &std::path::Path, name: String) -> Result<Shown, Error> {
    let file = tokio::fs::File::open(path).await.map_err(Error::internal)?;
    let size = file.metadata().await.map_err(Error::internal)?.len();
    let mut bytes = Vec::new();
    file.take(SHOWN_BYTES).read_to_end(&mut bytes).await.map_err(Error::internal)?;
    let is_patch = name == "code.patch";
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(|line| (if is_patch { colour(line) } else { "" }, line.to_owned()));
    Ok(Shown { lines: lines.collect(), name, is_cut: size > SHOWN_BYTES })
}

/// The colour class of a line of a patch.
fn colour(line: &str) -> &'static str {
    match line.as_bytes() {
        [b'd', b'i', b'f', b'f', b' ', ..] => "hl-heading",
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'@', b'@', ..] => "hl-comment",
        [b'+', ..] => "hl-inserted",
        [b'-', ..] => "hl-deleted",
        _ => "",
    }
}

fn about(page: &Page, name: &str) -> &'static str {
    match name {
        "run.json" => t!(page, "tasks-files-run"),
        "events.jsonl" => t!(page, "tasks-files-events"),
        "metrics.jsonl" => t!(page, "tasks-files-metrics"),
        "env.lock" => t!(page, "tasks-files-environment"),
        "code.patch" => t!(page, "tasks-files-patch"),
        "receipt.json" => t!(page, "tasks-files-receipt"),
        _ => t!(page, "tasks-files-sums"),
    }
}
