//! Issues that a merged pull request closes: those that its title, its text or its commits say it fixes, here and in
//! other repositories where the one who merged it may write.

use hearth_core::{PullRequestState, Result, ThreadId, ThreadNumber};
use hearth_git::Range;
use hearth_store::{pull_request as row, repository, user};

use super::{PullRequest, object};
use crate::{
    Actor, App, GitResult as _, Operation, Unit, access,
    issue::close_by_keyword,
    markdown::{NamedIssue, of_message},
    repository::git,
    thread::reference,
};

/// Of so many commits, the messages are read.
const MOST_COMMITS: usize = 250;
/// So many issues are closed by one merge.
const MOST_ISSUES: usize = 100;

/// Closes what a merged pull request settles; idempotent. None: there is nothing to write.
pub(crate) async fn settle(app: &App, thread: ThreadId) -> Result<Option<Operation>> {
    let mut reader = app.store().read().await?;
    let found = row::find_by_id(&mut reader, thread).await?;
    let merged = found.filter(|found| found.state == PullRequestState::Merged);
    let Some(pull_request) = merged else { return Ok(None) };
    let Some(own) = repository::find(&mut reader, pull_request.repository_id).await? else {
        return Ok(None);
    };
    let merger = match pull_request.merged_by {
        Some(id) => user::find(&mut reader, id).await?,
        None => None,
    };
    drop(reader);
    // As with commits: what is merged elsewhere is not done yet.
    if own.default_branch != pull_request.base_branch {
        return Ok(None);
    }
    let Some(merger) = merger else { return Ok(None) };
    let actor = Actor::person(merger);
    let named = closed_issues(app, &own, &pull_request).await?;
    if named.is_empty() {
        return Ok(None);
    }
    let mut operation = app.begin().await?;
    for issue in named {
        let entered = match &issue.foreign {
            None => access::if_seen(access::enter(&mut operation, &actor, Unit::Issues, own.clone()).await)?,
            Some(far) => {
                let address = (far.kind, far.owner.as_str(), far.name.as_str());
                reference::enter(&mut operation, &actor, address).await?
            }
        };
        if let Some(entered) = entered {
            close_by_keyword(&mut operation, &entered, ThreadNumber(issue.number)).await?;
        }
    }
    Ok(Some(operation))
}

/// The issues that the pull request says it closes, each once.
async fn closed_issues(
    app: &App,
    own: &repository::Repository,
    pull_request: &PullRequest,
) -> Result<Vec<NamedIssue>> {
    let base = object(pull_request.merge_base_id.as_ref().unwrap_or(&pull_request.base_id))?;
    let range = Range { base, head: object(&pull_request.head_id)? };
    let git = git(app, own).await?;
    let commits = git.run_in_background(move |git| {
        // A history may be crafted to cost too much: then its messages are not read.
        Ok(git.commits_between(&range, MOST_COMMITS).map(|found| found.value).unwrap_or_default())
    });
    let mut texts = vec![format!("{}\n\n{}", pull_request.title, pull_request.body)];
    texts.extend(
        commits.await.map_git()?.into_iter().map(|commit| format!("{}\n\n{}", commit.title, commit.body)),
    );
    let most = usize::try_from(app.limits().references).unwrap_or(usize::MAX);
    let root = app.urls().root();
    let mut closed: Vec<NamedIssue> = Vec::new();
    for named in texts.iter().flat_map(|text| of_message(root, text, most)) {
        if named.is_closed && closed.len() < MOST_ISSUES && !closed.contains(&named) {
            closed.push(named);
        }
    }
    Ok(closed)
}
