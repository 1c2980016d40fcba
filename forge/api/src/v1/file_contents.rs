//! Several files of one commit, read in one request.

use axum::{
    Json,
    extract::{Query, State},
};
use hearth_app::{
    Access, App,
    content::{self, Held},
};
use hearth_core::{Error, Kind, Read};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{REVISION, content::with_bytes, shape::Content};
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
};

/// The most files of one request.
const MOST_FILES: usize = 50;
/// How many files of the size up to which a file comes with its content come with it; those after them do not.
const MOST_LARGE_FILES: u64 = 8;

pub(crate) fn routes(table: Table) -> Table {
    let path = "/repos/{owner}/{repo}/file-contents";
    table
        .get(
            path,
            get,
            describe("Get several files with their contents; null for each that is not there")
                .response::<Vec<Content>>()
                .query("ref", REVISION)
                .query("body", "JSON: `{\"files\": [\"path\"]}`"),
        )
        .post(
            path,
            post,
            describe("Get several files with their contents: the same for long lists")
                .request::<WantedFiles>()
                .response::<Vec<Content>>()
                .query("ref", REVISION),
        )
}

/// The files to get, at most 50.
#[derive(Debug, Deserialize, ToSchema)]
struct WantedFiles {
    /// Paths.
    files: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    r#ref: Option<String>,
    #[serde(default)]
    body: String,
}

async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<Vec<Option<Content>>>> {
    let wanted = serde_json::from_str(&asked.body).map_err(|_| Error::field("body", "malformed"))?;
    show(&app, &access, asked.r#ref.as_deref(), wanted).await
}

async fn post(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(asked): Query<Asked>,
    Input(wanted): Input<WantedFiles>,
) -> ApiResult<Json<Vec<Option<Content>>>> {
    show(&app, &access, asked.r#ref.as_deref(), wanted).await
}

async fn show(
    app: &App,
    access: &Access<Read>,
    revision: Option<&str>,
    wanted: WantedFiles,
) -> ApiResult<Json<Vec<Option<Content>>>> {
    if wanted.files.len() > MOST_FILES {
        return Err(Error::field("files", "too-many").into());
    }
    let mut left_bytes = app.limits().api_file_bytes.saturating_mul(MOST_LARGE_FILES);
    // All are of the same commit, also if somebody pushes meanwhile.
    let mut commit: Option<String> = None;
    let mut shown = Vec::with_capacity(wanted.files.len());
    for path in &wanted.files {
        let at = commit.as_deref().or(revision);
        let (found, held) = match content::read(app, access, at, path).await {
            Err(Error::NotFound(Kind::File)) => {
                shown.push(None);
                continue;
            }
            read => read?,
        };
        let one = Content::new(app, access.repository(), found.commit, &found.path, &found.entry);
        commit = Some(found.commit.to_string());
        shown.push(Some(match held {
            Held::File(blob) if blob.data.is_some() && blob.size <= left_bytes => {
                left_bytes -= blob.size;
                with_bytes(one, &found.entry, &blob)
            }
            Held::File(blob) => one.of_size(blob.size),
            Held::Folder(_) | Held::Submodule => one,
        }));
    }
    Ok(Json(shown))
}
