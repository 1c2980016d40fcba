//! The versions of a pull request, and its commits.

use hearth_core::{Read, Result, ThreadNumber};
use hearth_git::{Commit, Range};
use hearth_store::pull_request_version as row;
pub use hearth_store::pull_request_version::PullRequestVersion as Version;

use super::{find_row, object};
use crate::{Access, App, GitResult as _, repository::git};

/// The most versions that a page can choose from: the newest ones.
const MOST_VERSIONS: u64 = 500;
/// The most commits that are listed: the newest ones.
const MOST_COMMITS: usize = 1_000;

/// The commits that a pull request asks to merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commits {
    /// Oldest first.
    pub commits: Vec<Commit>,
    /// Whether these are all.
    pub is_whole: bool,
    /// Whether the commits of a fork have arrived; until then there are none.
    pub is_prepared: bool,
}

/// What was pushed as head, one after another, oldest first.
pub async fn versions(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Version>> {
    let mut reader = app.store().read().await?;
    let found = find_row(&mut reader, access, number).await?;
    Ok(row::list(&mut reader, found.id, MOST_VERSIONS).await?)
}

/// The commits of the newest version.
pub async fn commits(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Commits> {
    let found = find_row(&mut app.store().read().await?, access, number).await?;
    let base = object(found.merge_base_id.as_ref().unwrap_or(&found.base_id))?;
    let range = Range { base, head: object(&found.head_id)? };
    let git = git(app, access.repository()).await?;
    let listed = git.run_expensive(move |git| {
        if !git.has_object(range.head) {
            return Ok(None);
        }
        git.commits_between(&range, MOST_COMMITS).map(Some)
    });
    let Some(listed) = listed.await.map_git()? else { return Ok(Commits::default()) };
    Ok(Commits { is_whole: listed.is_whole(), commits: listed.value, is_prepared: true })
}
