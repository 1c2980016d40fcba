//! Pull requests by what programs know of them besides their number: their branches, or the commit that they became.

use hearth_core::{Error, Kind, Read, Result, ThreadNumber, Unit};
use hearth_store::pull_request_list::{Branch, find_open, list_by_merge_commits};

use super::HeadName;
use crate::{Access, App, access};

/// The number of the open pull request that asks to merge `head` into the branch `base`. A head in a repository that the
/// actor may not read is not found.
pub async fn number_of_branches(
    app: &App,
    access: &Access<Read>,
    base: &str,
    head: &HeadName,
) -> Result<ThreadNumber> {
    let own = access.repository();
    let head_repository = match &head.repository {
        None => own.id,
        Some((owner, name)) => {
            access::open(app, access.actor(), Unit::Code, own.kind, owner, name).await?.repository().id
        }
    };
    let base = Branch { repository: own.id, name: base };
    let head = Branch { repository: head_repository, name: &head.branch };
    let found = find_open(&mut app.store().read().await?, base, head).await?;
    Ok(found.ok_or(Error::NotFound(Kind::PullRequest))?.number)
}

/// The number of the merged pull request that a commit, by its whole id, came with.
pub async fn number_of_merge_commit(app: &App, access: &Access<Read>, commit: &str) -> Result<ThreadNumber> {
    let commits = [commit.to_ascii_lowercase()];
    let mut reader = app.store().read().await?;
    let found = list_by_merge_commits(&mut reader, access.repository().id, &commits).await?;
    let (_, number) = found.into_iter().next().ok_or(Error::NotFound(Kind::PullRequest))?;
    Ok(number)
}
