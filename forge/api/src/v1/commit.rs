use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderValue,
    response::Response,
};
use hearth_app::{App, GitResult as _, content, repository};
use hearth_core::{Conflict, Error, Kind, Page};
use hearth_git::{Log, TreePath};
use serde::Deserialize;

use super::REVISION;
use super::shape::Commit;
use crate::{
    at::InRepository,
    error::ApiResult,
    pagination::{Paging, TRUNCATED},
    table::{Table, describe},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommitListQuery {
    /// A branch, a tag or a commit.
    sha: String,
    path: String,
}

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/commits",
            list,
            describe("List commits, newest first")
                .list_response::<Commit>()
                .query("sha", REVISION)
                .query("path", "only commits that changed this path"),
        )
        .get("/repos/{owner}/{repo}/git/commits/{sha}", get, describe("Get a commit").response::<Commit>())
}

pub(crate) async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(asked): Query<CommitListQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let row = access.repository();
    let revision = if asked.sha.is_empty() { row.default_branch.clone() } else { asked.sha };
    let path = TreePath::new(asked.path).map_err(|_| Error::field("path", "path"))?;
    if row.is_empty {
        return Err(Error::Conflict(Conflict::EmptyRepository).into());
    }
    let git = repository::git(&app, row).await?;
    let request = paging.request();
    let (number, size) = (request.page() as usize - 1, request.size() as usize);
    let is_whole = path.is_root();
    // One more than a page, to see whether there is another.
    let log = Log::page(number, size);
    let wanted = log.clone();
    let (from, whole) = git
        .run_expensive(move |git| {
            let from = content::resolve(git, &revision)?;
            let whole =
                if is_whole { Some((git.count_commits(from)?, git.log(from, &wanted)?)) } else { None };
            Ok((from, whole))
        })
        .await
        .map_git()?;
    let (total, mut found) = match whole {
        Some((total, found)) => (Some(total), found),
        None => (None, git.log_of_path(from, &path, &log).await.map_git()?),
    };
    let seen = number.saturating_mul(size).saturating_add(found.value.len()) as u64;
    found.value.truncate(size);
    let items = found.value.iter().map(|commit| Commit::new(&app, row, commit)).collect();
    let is_cut = !found.is_whole() || total.as_ref().is_some_and(|total| !total.is_whole());
    let total = total.map_or(seen, |total| total.value.max(seen));
    let mut response = paging.answer(&app, &Page { items, total, request });
    if is_cut {
        // There are more commits than can be counted or searched at once.
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, revision)): Path<(String, String, String)>,
) -> ApiResult<Json<Commit>> {
    let row = access.repository();
    let git = repository::git(&app, row).await?;
    let commit = git.run(move |git| git.commit(content::resolve(git, &revision)?)).await;
    let commit = match commit {
        Err(hearth_git::Error::RevisionNotFound) => return Err(Error::NotFound(Kind::Commit).into()),
        found => found.map_git()?,
    };
    Ok(Json(Commit::new(&app, row, &commit)))
}
