use axum::{
    extract::{Path, Query, State},
    http::HeaderValue,
    response::Response,
};
use hearth_app::{App, GitResult as _, content, repository};
use hearth_core::{Error, Kind};
use hearth_git::Log;
use serde::Serialize;
use utoipa::ToSchema;

use super::{commit::Details, shape::Commit};
use crate::{
    at::InRepository,
    error::ApiResult,
    pagination::{Paging, TRUNCATED},
    table::{Table, describe},
};

/// More commits are not counted.
const MOST_COMMITS: usize = 10_000;

pub(crate) fn routes(table: Table) -> Table {
    table.get(
        "/repos/{owner}/{repo}/compare/{*basehead}",
        compare,
        describe("List the commits that `head` has and `base` lacks, newest first, for `base...head`")
            .response::<Compared>()
            .query("page", "the page, from 1")
            .query("limit", "items a page, at most 50"),
    )
}

/// How one revision differs from another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Compared {
    total_commits: usize,
    commits: Vec<Commit>,
}

async fn compare(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, names)): Path<(String, String, String)>,
    Query(details): Query<Details>,
    paging: Paging,
) -> ApiResult<Response> {
    let (base, head) = names.split_once("...").or_else(|| names.split_once("..")).unwrap_or(("", &names));
    let default = access.repository().default_branch.clone();
    let base = if base.is_empty() { default } else { base.to_owned() };
    let head = head.to_owned();
    let git = repository::git(&app, access.repository()).await?;
    let cut = paging.clone();
    let found = git.run_expensive(move |git| {
        let (base, head) = (content::resolve(git, &base)?, content::resolve(git, &head)?);
        let log = Log { limit: MOST_COMMITS, without: Some(base), ..Log::default() };
        let ids = git.log_ids(head, &log)?;
        let is_cut = !ids.is_whole() || ids.value.len() == MOST_COMMITS;
        let page = cut.cut(ids.value);
        let commits = page.items.iter().map(|id| git.commit(*id)).collect::<hearth_git::Result<Vec<_>>>()?;
        Ok((page.total, commits, is_cut))
    });
    let (total, commits, is_cut) = match found.await {
        Err(hearth_git::Error::RevisionNotFound) => return Err(Error::NotFound(Kind::Revision).into()),
        found => found.map_git()?,
    };
    let commits = details.show(&app, &access, commits).await?;
    let compared = Compared { total_commits: usize::try_from(total).unwrap_or(usize::MAX), commits };
    let mut response = paging.wrap(&app, total, &compared);
    if is_cut {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
