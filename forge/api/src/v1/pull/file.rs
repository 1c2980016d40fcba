//! What a pull request changes: its files and its commits.

use axum::{
    extract::{Path, State},
    http::HeaderValue,
    response::Response,
};
use hearth_app::{App, code, pull_request};
use hearth_core::{
    Page,
    urls::{self, RepositoryUrls, Revision},
};
use hearth_git::{FileDiff, FileStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::number;
use crate::{
    at::InPulls,
    error::ApiResult,
    pagination::{Paging, TRUNCATED},
    table::{Table, describe},
    v1::{
        commit::Details,
        shape::{Commit, repository::address},
    },
};

pub(super) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/pulls/{index}/files",
            files,
            describe("List the files that a pull request changes").list_response::<ChangedFile>(),
        )
        .get(
            "/repos/{owner}/{repo}/pulls/{index}/commits",
            commits,
            Details::describe(
                describe("List the commits of a pull request, newest first").list_response::<Commit>(),
            ),
        )
}

/// A file that a pull request changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedFile {
    filename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_filename: Option<String>,
    /// `added`, `deleted`, `changed` or `renamed`.
    status: &'static str,
    additions: usize,
    deletions: usize,
    changes: usize,
    html_url: String,
    contents_url: String,
    raw_url: String,
}

impl ChangedFile {
    fn new(base: &str, page: &str, head: &str, file: FileDiff) -> Self {
        let path = file.path().to_owned();
        let encoded = urls::path(&path);
        Self {
            status: match file.status {
                FileStatus::Added => "added",
                FileStatus::Deleted => "deleted",
                FileStatus::Modified | FileStatus::TypeChanged => "changed",
                FileStatus::Renamed => "renamed",
            },
            previous_filename: file.old_path.filter(|old| *old != path),
            additions: file.additions,
            deletions: file.deletions,
            changes: file.additions + file.deletions,
            html_url: format!("{page}/{encoded}"),
            contents_url: format!("{base}/contents/{encoded}?ref={head}"),
            raw_url: format!("{base}/raw/{encoded}?ref={head}"),
            filename: path,
        }
    }
}

async fn files(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
    paging: Paging,
) -> ApiResult<Response> {
    let found = pull_request::find_prepared(&app, &access, number(&index)?).await?.pull_request;
    let from = found.merge_base_id.as_ref().unwrap_or(&found.base_id);
    let diff = code::range_diff_counts(&app, &access, from, &found.head_id).await?;
    let row = access.repository();
    let base = app.urls().absolute(&address(row));
    let page = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
    let page = page.source(&Revision::Commit(found.head_id.clone()), "");
    let page = app.urls().absolute(page.trim_end_matches('/'));
    let is_cut = diff.is_truncated;
    let shown = paging.cut(diff.files).map(|file| ChangedFile::new(&base, &page, &found.head_id, file));
    let mut response = paging.answer(&app, &shown);
    if is_cut {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn commits(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
    axum::extract::Query(details): axum::extract::Query<Details>,
    paging: Paging,
) -> ApiResult<Response> {
    let number = number(&index)?;
    pull_request::find_prepared(&app, &access, number).await?;
    let found = pull_request::commits(&app, &access, number).await?;
    let is_cut = !found.is_whole && found.is_prepared;
    let newest_first = found.commits.into_iter().rev().collect();
    let Page { items, total, request } = paging.cut(newest_first);
    let items = details.show(&app, &access, items).await?;
    let mut response = paging.answer(&app, &Page { items, total, request });
    if is_cut {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
