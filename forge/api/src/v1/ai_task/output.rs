//! The outputs of a task: by folder, all at once, one by one, and as a zip.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App,
    output::{self, TaskOutput},
};
use hearth_http::download;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, NOT_FOUND, Parameters, Refusal, good},
};
use crate::authenticate::Caller;

/// Which of the outputs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OutputQuery {
    parent_dir: String,
    file_name: String,
    /// `.zip|.tar.gz`
    suffix: String,
}

/// A file or a folder, in the spelling of AiForge.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ai_task::Entry)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    file_name: String,
    mod_time: String,
    is_dir: bool,
    size: i64,
    /// The folder it lies in; empty at the root.
    #[serde(rename = "ParenDir")]
    parent: String,
}

/// One folder of the outputs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Listing)]
pub(super) struct Listing {
    output: Folder,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Folder)]
struct Folder {
    /// 0: complete, 1: the task may still make some.
    status: i64,
    path: String,
    file_list: Vec<Entry>,
    is_task_terminal: bool,
    can_reschedule: bool,
    can_download: bool,
    /// In MiB.
    output_size_limit: u64,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
    Parameters(wanted): Parameters<OutputQuery>,
) -> Answer<Listing> {
    let access = enter(&app, &caller, &by).await?;
    let outputs = output::list(&app, &access, access.task().attempts).await?;
    let is_task_terminal = access.task().state.is_terminal();
    let path = wanted.parent_dir.trim_matches('/').to_owned();
    Ok(good(Listing {
        output: Folder {
            status: i64::from(!is_task_terminal),
            file_list: entries(&outputs, &path),
            path,
            is_task_terminal,
            can_reschedule: false,
            can_download: true,
            output_size_limit: app.limits().task_output_bytes >> 20,
        },
    }))
}

/// The folders and files of one folder, folders first.
fn entries(outputs: &[TaskOutput], folder: &str) -> Vec<Entry> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut folders: BTreeMap<&str, Entry> = BTreeMap::new();
    let mut files = Vec::new();
    for output in outputs {
        let Some(rest) = output.path.as_str().strip_prefix(&prefix) else { continue };
        match rest.split_once('/') {
            None => files.push(file(output)),
            Some((name, _)) => {
                let entry = folders.entry(name).or_insert_with(|| Entry {
                    file_name: name.to_owned(),
                    mod_time: output.created_at.to_string(),
                    is_dir: true,
                    size: 0,
                    parent: folder.to_owned(),
                });
                entry.size += output.size_bytes;
            }
        }
    }
    folders.into_values().chain(files).collect()
}

fn file(output: &TaskOutput) -> Entry {
    let (parent, name) = output.path.split();
    Entry {
        file_name: name.to_owned(),
        mod_time: output.created_at.to_string(),
        is_dir: false,
        size: output.size_bytes,
        parent: parent.to_owned(),
    }
}

/// Every file, without folders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::All)]
pub(super) struct All {
    file_list: Vec<Entry>,
}

pub(super) async fn all(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
    Parameters(wanted): Parameters<OutputQuery>,
) -> Answer<All> {
    let access = enter(&app, &caller, &by).await?;
    let outputs = output::list(&app, &access, access.task().attempts).await?;
    let ends: Vec<&str> = wanted.suffix.split('|').filter(|end| !end.is_empty()).collect();
    let is_wanted = |path: &str| ends.is_empty() || ends.iter().any(|end| path.ends_with(end));
    let found = outputs.iter().filter(|output| is_wanted(output.path.as_str())).map(file);
    Ok(good(All { file_list: found.collect() }))
}

pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
    Parameters(wanted): Parameters<OutputQuery>,
) -> Result<Response, Refusal> {
    let access = enter(&app, &caller, &by).await?;
    let folder = wanted.parent_dir.trim_matches('/');
    let name = wanted.file_name.trim_start_matches('/');
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let (_, object) = output::find(&app, &access, access.task().attempts, &path).await?;
    Ok(download::send(object.open().await?, object.size_bytes(), &path, download::BYTES))
}

pub(super) async fn zip(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Result<Response, Refusal> {
    let access = enter(&app, &caller, &by).await?;
    let stream = output::zip(&app, &access, access.task().attempts).await?.ok_or(NOT_FOUND)?;
    let name = format!("task-{}.zip", access.id());
    Ok((download::save(&name, "application/zip"), Body::from_stream(stream)).into_response())
}

#[cfg(test)]
mod tests {
    use hearth_core::{TaskId, Timestamp};

    use super::*;

    fn made(path: &str, size_bytes: i64) -> TaskOutput {
        TaskOutput {
            task_id: TaskId(1),
            attempt_number: 1,
            path: path.parse().expect("a plain path"),
            size_bytes,
            sha256: "a".repeat(64),
            created_at: Timestamp::from_second(0),
        }
    }

    #[test]
    fn a_folder_shows_what_lies_directly_in_it() {
        let outputs = [made("a/b/c.bin", 3), made("a/d.bin", 2), made("e.bin", 1)];
        let names = |folder| {
            let found = entries(&outputs, folder);
            found.into_iter().map(|entry| (entry.file_name, entry.is_dir, entry.size)).collect::<Vec<_>>()
        };
        assert_eq!(names(""), [("a".into(), true, 5), ("e.bin".into(), false, 1)]);
        assert_eq!(names("a"), [("b".into(), true, 3), ("d.bin".into(), false, 2)]);
        assert_eq!(names("a/b"), [("c.bin".into(), false, 3)]);
        assert!(names("none").is_empty());
    }
}
