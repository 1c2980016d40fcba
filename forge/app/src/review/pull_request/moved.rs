//! What a push means for pull requests, within the operation that records it: a head has a new version, a base has
//! moved, a branch is gone. Only rows are written; what takes git work is left to jobs.

use hearth_core::{
    PullRequestState, RepositoryId, Result, ThreadEventKind, UserId,
    event::{Audience, PullRequestEvent, Subject},
};
use hearth_git::{BranchName, ObjectId};
use hearth_store::{
    pull_request as row,
    pull_request_list::{
        Branch, find_latest_of_head, find_open, list_open_at, list_open_by_base, list_open_by_head,
        list_open_of_head_repository,
    },
    pull_request_version as version_row, push as push_row,
    repository::{self, Repository},
    thread_event, user,
};
use serde_json::json;

use super::{PullRequest, change, head::is_shown_head};
use crate::{
    Operation, branch_rule,
    jobs::{RefreshBase, RefreshPullRequest, RestackPullRequest},
    merge::auto,
    push::Moved,
};

/// How many pull requests of one branch follow a push at once; more of one head are not looked at.
const MOST_OF_BRANCH: u64 = 200;

/// Follows one recorded update of a branch. `repository` is locked.
pub(crate) async fn moved(
    operation: &mut Operation,
    repository: &Repository,
    pusher: Option<UserId>,
    moved: &Moved,
) -> Result<()> {
    let Some(branch) = moved.update.name.branch() else { return Ok(()) };
    let own = Branch { repository: repository.id, name: branch.as_str() };
    let heads = list_open_by_head(operation, own, MOST_OF_BRANCH).await?;
    for pull_request in &heads {
        if let Some(new) = moved.update.new
            && is_shown_head(operation, pull_request, repository).await?
        {
            let push = Push { pusher, head: new, commits: moved.commits, is_forced: moved.is_forced };
            advance(operation, pull_request, &push).await?;
        }
        operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await?;
    }
    match moved.update.new {
        Some(_) => {
            if !list_open_by_base(operation, own, 1).await?.is_empty() {
                let base = RefreshBase { repository_id: repository.id, branch: branch.to_string() };
                operation.enqueue(&base).await?;
            }
        }
        None => leave_base(operation, repository, pusher, (&branch, &heads)).await?,
    }
    Ok(())
}

/// A push to a head branch.
pub(super) struct Push {
    pub(super) pusher: Option<UserId>,
    pub(super) head: ObjectId,
    pub(super) commits: usize,
    pub(super) is_forced: bool,
}

/// Gives a pull request its next version. From here on, nothing that was said of earlier ones counts for its head
/// until it is known how they differ.
pub(super) async fn advance(
    operation: &mut Operation,
    pull_request: &PullRequest,
    push: &Push,
) -> Result<()> {
    let (now, head_id) = (operation.now(), push.head.to_string());
    // A job may have found the same push.
    let locked = row::lock(operation, pull_request.id).await?;
    let Some(pull_request) = locked.filter(|row| row.is_open() && row.head_id != head_id) else {
        return Ok(());
    };
    let base_id = recorded_base(operation, pull_request.repository_id, &pull_request.base_branch).await?;
    let version = version_row::NewVersion {
        thread_id: pull_request.id,
        head_id: head_id.clone(),
        base_id: base_id.unwrap_or_else(|| pull_request.base_id.clone()),
        pusher_id: push.pusher,
        is_forced: push.is_forced,
        created_at: now,
    };
    let number = version_row::insert(operation, &version).await?;
    let data = json!({
        "version": number,
        "commits": push.commits,
        "is_forced": push.is_forced,
        "old_head": pull_request.head_id,
        "head": head_id,
    });
    thread_event::insert(operation, pull_request.id, push.pusher, ThreadEventKind::Pushed, data, now).await?;
    let event = PullRequestEvent::Pushed {
        number: pull_request.number,
        title: pull_request.title.clone(),
        version: number,
        commits: push.commits as u64,
        is_forced: push.is_forced,
    };
    let (subject, audience) = of(&pull_request);
    operation.record(push.pusher, subject, audience, event).await?;
    // Whoever asked for the merge had not seen what somebody who may not merge it themselves has now pushed.
    if pull_request.auto_merge.is_some() && !may_merge(operation, &pull_request, push.pusher).await? {
        auto::disable(operation, &pull_request, push.pusher, "pushed").await?;
    }
    Ok(())
}

/// Where a base branch is, as far as pushes are recorded; none: it is not there.
pub(super) async fn recorded_base(
    operation: &mut Operation,
    repository: RepositoryId,
    branch: &str,
) -> Result<Option<String>> {
    let full = format!("{}{branch}", BranchName::PREFIX);
    let tip = push_row::find_tip(operation, repository, &full).await?;
    Ok(tip.filter(|tip| !tip.is_empty()))
}

/// The subject and the audience of what happens to a pull request.
pub(crate) fn of(pull_request: &PullRequest) -> (Subject, Audience) {
    (Subject::PullRequest(pull_request.id), Audience::Repository(pull_request.repository_id))
}

async fn may_merge(
    operation: &mut Operation,
    pull_request: &PullRequest,
    person: Option<UserId>,
) -> Result<bool> {
    let Some(person) = person else { return Ok(false) };
    let Some(person) = user::find(operation, person).await? else { return Ok(false) };
    let found = repository::find(operation, pull_request.repository_id).await?;
    let Some(repository) = found else { return Ok(false) };
    branch_rule::may_merge_into(operation, &repository, &pull_request.base_branch, &person).await
}

/// The pull requests into a deleted branch go where that branch was to go, else to the default branch.
async fn leave_base(
    operation: &mut Operation,
    repository: &Repository,
    actor: Option<UserId>,
    (branch, heads): (&BranchName, &[PullRequest]),
) -> Result<()> {
    let own = Branch { repository: repository.id, name: branch.as_str() };
    let stranded = list_open_by_base(operation, own, MOST_OF_BRANCH).await?;
    if stranded.is_empty() {
        return Ok(());
    }
    // One that is open says it best; a name may have been used before.
    let below = match heads.iter().find(|head| head.repository_id == repository.id) {
        Some(open) => Some(open.clone()),
        None => find_latest_of_head(operation, repository.id, own.name).await?,
    };
    let target = below.as_ref().map_or(&repository.default_branch, |below| &below.base_branch).clone();
    let below = below.filter(|below| below.state == PullRequestState::Merged);
    for pull_request in stranded {
        retarget(operation, &pull_request, actor, &target).await?;
        if let Some(below) = &below {
            let restack =
                RestackPullRequest { thread_id: pull_request.id, below: below.id, by: actor, depth: 0 };
            operation.enqueue(&restack).await?;
        }
    }
    Ok(())
}

/// Gives a pull request another base because its own was merged or deleted. If that leaves nothing to ask for, it is
/// closed.
pub(crate) async fn retarget(
    operation: &mut Operation,
    pull_request: &PullRequest,
    actor: Option<UserId>,
    target: &str,
) -> Result<()> {
    let repository = pull_request.repository_id;
    let head = pull_request.head_repository_id;
    let is_itself = head == Some(repository) && pull_request.head_branch == target;
    let twin = match head {
        Some(head) => {
            let base = Branch { repository, name: target };
            let head = Branch { repository: head, name: &pull_request.head_branch };
            find_open(operation, base, head).await?
        }
        None => None,
    };
    if is_itself || twin.is_some() {
        return change::note_closed(operation, pull_request, actor).await;
    }
    change::set_base(operation, pull_request, actor, (target, "retargeted")).await?;
    operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await
}

/// A repository is being deleted: the pull requests from it lose their head.
pub(crate) async fn repository_gone(operation: &mut Operation, id: RepositoryId) -> Result<()> {
    for pull_request in list_open_of_head_repository(operation, id, MOST_OF_BRANCH).await? {
        if pull_request.repository_id != id {
            operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await?;
        }
    }
    Ok(())
}

/// A program reported on a commit: a merge that waited for that may go now.
pub(crate) async fn status_changed(
    operation: &mut Operation,
    repository: RepositoryId,
    commit: &str,
) -> Result<()> {
    for pull_request in list_open_at(operation, repository, commit, MOST_OF_BRANCH).await? {
        if pull_request.auto_merge.is_some() {
            operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await?;
        }
    }
    Ok(())
}

/// The repository of a row, locked: taken before the rows of its pull requests, by everybody.
pub(crate) async fn lock_repository(
    operation: &mut Operation,
    id: RepositoryId,
) -> Result<Option<Repository>> {
    Ok(repository::lock(operation, id).await?)
}
