//! The run records: `{tasks}/{task}/{attempt}`, kept by `hearth_runner::record`.

use std::{io, path::PathBuf};

use hearth_core::{Dependency, Error, Kind, Result, TaskId};
use hearth_runner::{
    Error as RunnerError,
    record::{Record, RunDocument},
};

use crate::{App, task::TaskAccess};

/// The folder of one attempt.
pub(crate) fn folder(app: &App, task: TaskId, attempt: i64) -> PathBuf {
    app.tasks_directory().join(task.to_string()).join(attempt.to_string())
}

pub(crate) fn open(app: &App, task: TaskId, attempt: i64) -> Result<Record> {
    Record::open(folder(app, task, attempt)).map_err(meaning)
}

/// `run.json` of an attempt, once its record is closed.
pub async fn document(app: &App, task: &TaskAccess, attempt: i64) -> Result<Option<RunDocument>> {
    if attempt < 1 || attempt > task.task().attempts {
        return Err(Error::NotFound(Kind::File));
    }
    let record = open(app, task.id(), attempt)?;
    blocking(move || record.document().map_err(io::Error::other)).await
}

/// The names of the pins that a record lacks; empty before it is closed.
pub async fn missing_pins(app: &App, task: &TaskAccess, attempt: i64) -> Result<Vec<String>> {
    let record = open(app, task.id(), attempt)?;
    blocking(move || record.missing_pins().map_err(io::Error::other)).await
}

/// The files of a record that can be viewed and downloaded.
pub const FILES: [&str; 7] =
    ["run.json", "events.jsonl", "metrics.jsonl", "env.lock", "code.patch", "receipt.json", "SHA256SUMS"];

/// The existing files of a record, with their sizes in bytes.
pub async fn files(app: &App, task: &TaskAccess, attempt: i64) -> Result<Vec<(&'static str, u64)>> {
    let folder = folder(app, task.id(), attempt);
    blocking(move || {
        let found = FILES.iter().filter_map(|name| {
            let facts = std::fs::metadata(folder.join(name)).ok()?;
            Some((*name, facts.len()))
        });
        Ok(found.collect())
    })
    .await
}

/// The path of one of [`FILES`].
pub fn file(app: &App, task: &TaskAccess, attempt: i64, name: &str) -> Result<PathBuf> {
    let known = FILES.iter().find(|known| **known == name).ok_or(Error::NotFound(Kind::File))?;
    let path = folder(app, task.id(), attempt).join(known);
    if path.is_file() { Ok(path) } else { Err(Error::NotFound(Kind::File)) }
}

/// Maps the runner's errors to those of Hearth.
pub(crate) fn meaning(error: RunnerError) -> Error {
    match error {
        RunnerError::Unreachable(_) => Error::Unavailable(Dependency::Engine),
        RunnerError::SandboxRefused(_) | RunnerError::NetworkRefused(_) => {
            Error::Unavailable(Dependency::Sandbox)
        }
        other => Error::internal(other),
    }
}

/// Runs file operations on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::internal(error)),
        Err(error) => Err(Error::internal(error)),
    }
}
