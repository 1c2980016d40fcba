use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    Access, App, GitResult as _,
    code::{self, PatchForm},
    content, repository,
    verification::{self, Verification},
};
use hearth_core::{Conflict, Error, Kind, Page, Read};
use hearth_git::{Answer, Commit as GitCommit, Diff, Log, OpenRepository, TreePath};
use serde::Deserialize;

use super::REVISION;
use super::shape::Commit;
use crate::{
    at::InRepository,
    error::ApiResult,
    pagination::{Paging, TRUNCATED},
    table::{RouteDescription, Table, describe},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommitListQuery {
    /// A branch, a tag or a commit.
    sha: String,
    path: String,
}

/// What to read of commits besides the commits themselves: everything, unless it is refused.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    stat: bool,
    files: bool,
    verification: bool,
}

impl Default for Details {
    fn default() -> Self {
        Self { stat: true, files: true, verification: true }
    }
}

impl Details {
    /// What each commit changed; none for those that were too much to read, and for the rest once they were.
    fn read(self, git: &OpenRepository, commits: &[GitCommit]) -> hearth_git::Result<Vec<Option<Arc<Diff>>>> {
        let mut diffs = vec![None; commits.len()];
        if !(self.stat || self.files) {
            return Ok(diffs);
        }
        for (diff, commit) in diffs.iter_mut().zip(commits) {
            *diff = match git.diff_counts(commit) {
                Err(hearth_git::Error::OverBudget { .. }) => break,
                read => Some(read?),
            };
        }
        Ok(diffs)
    }

    /// What is known of the signature of each commit; empty if that was not asked for.
    async fn verify(
        self,
        app: &App,
        access: &Access<Read>,
        commits: &[GitCommit],
    ) -> ApiResult<Vec<Verification>> {
        if !self.verification {
            return Ok(Vec::new());
        }
        let signed = commits.iter().filter(|commit| commit.is_signed);
        let signed = signed.map(|commit| (commit.id, commit.committer.email.clone())).collect();
        let mut checked = verification::verify(app, access, signed).await?.into_iter();
        let next = |commit: &GitCommit| {
            let signature = if commit.is_signed { checked.next() } else { None };
            signature.unwrap_or(Verification::Unsigned)
        };
        Ok(commits.iter().map(next).collect())
    }

    fn add(self, mut shown: Commit, signature: Option<&Verification>, diff: Option<&Diff>) -> Commit {
        if let Some(signature) = signature {
            shown = shown.with_verification(signature);
        }
        if let Some(diff) = diff.filter(|_| self.stat) {
            shown = shown.with_stats(diff);
        }
        match diff.filter(|_| self.files) {
            Some(diff) => shown.with_files(diff),
            None => shown,
        }
    }

    /// Commits with what was asked for.
    pub(crate) async fn show(
        self,
        app: &App,
        access: &Access<Read>,
        commits: Vec<GitCommit>,
    ) -> ApiResult<Vec<Commit>> {
        let row = access.repository();
        let git = repository::git(app, row).await?;
        let (commits, diffs) = git
            .run_expensive(move |git| {
                let diffs = self.read(git, &commits)?;
                Ok((commits, diffs))
            })
            .await
            .map_git()?;
        let signatures = self.verify(app, access, &commits).await?;
        let shown = commits.iter().zip(&diffs).enumerate();
        let shown = shown.map(|(place, (commit, diff))| {
            self.add(Commit::new(app, row, commit), signatures.get(place), diff.as_deref())
        });
        Ok(shown.collect())
    }

    pub(crate) fn describe(description: RouteDescription) -> RouteDescription {
        description
            .query("stat", "`false`: without the number of changed lines")
            .query("files", "`false`: without the changed files")
            .query("verification", "`false`: without the check of the signature")
    }
}

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/commits",
            list,
            Details::describe(
                describe("List commits, newest first")
                    .list_response::<Commit>()
                    .query("sha", REVISION)
                    .query("path", "only commits that changed this path"),
            ),
        )
        .get(
            "/repos/{owner}/{repo}/git/commits/{sha}",
            get,
            Details::describe(
                describe("Get a commit; with `.diff` or `.patch` behind its id, what it changed, as text")
                    .response::<Commit>(),
            ),
        )
}

pub(crate) async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(asked): Query<CommitListQuery>,
    Query(details): Query<Details>,
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
    let is_cut = !found.is_whole() || total.as_ref().is_some_and(|total: &Answer<u64>| !total.is_whole());
    let items = details.show(&app, &access, found.value).await?;
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
    Query(details): Query<Details>,
) -> ApiResult<Response> {
    if let Some((id, form)) = PatchForm::split(&revision) {
        let text = code::commit_patch(&app, &access, id, form).await?;
        return Ok(patch_response(text));
    }
    let row = access.repository();
    let git = repository::git(&app, row).await?;
    let found = git
        .run_expensive(move |git| {
            let commit = git.commit(content::resolve(git, &revision)?)?;
            let diff = details.read(git, std::slice::from_ref(&commit))?.pop().flatten();
            Ok((commit, diff))
        })
        .await;
    let (commit, diff) = match found {
        Err(hearth_git::Error::RevisionNotFound) => return Err(Error::NotFound(Kind::Commit).into()),
        found => found.map_git()?,
    };
    let signatures = details.verify(&app, &access, std::slice::from_ref(&commit)).await?;
    Ok(Json(details.add(Commit::new(&app, row, &commit), signatures.first(), diff.as_deref()))
        .into_response())
}

/// Text of a change, never run as anything else.
pub(crate) fn patch_response(text: Vec<u8>) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let sniff = HeaderValue::from_static("nosniff");
    ([(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, sniff)], text).into_response()
}
