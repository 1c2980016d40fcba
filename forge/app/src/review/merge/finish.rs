//! What a merge writes, once the base branch has moved; and how one that was interrupted is completed.

use hearth_core::{
    Conflict, Error, MergedAs, PullRequestState, Result, ThreadEventKind, UserId, event::PullRequestEvent,
};
use hearth_git::{BranchName, Log, ObjectId, OpenRepository, RefName, RefUpdate};
use hearth_store::{Meaning as _, pull_request as row, repository::Repository, thread_event};
use serde_json::json;

use super::stack;
use crate::{
    App, GitResult as _, Operation,
    jobs::SettlePullRequest,
    pull_request::{Place, PullRequest, lock_repository, object, of},
    thread::dependency,
};

/// So many commits of the base branch are looked through for the one that brought a head there.
const MOST_LOOKED_AT: usize = 500;

/// A merge that has happened to the base branch.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) commit: ObjectId,
    pub(crate) method: MergedAs,
    /// None: it was pushed, and nobody knows by whom.
    pub(crate) by: Option<UserId>,
}

/// The full name of the base branch.
pub(super) fn base_ref(pull_request: &PullRequest) -> Result<RefName> {
    Ok(BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?.full())
}

/// The hidden reference that moves together with the base branch, and names what the merge made.
fn merged_ref(pull_request: &PullRequest) -> Result<RefName> {
    let name = format!("{}pulls/{}/merged", hearth_git::INTERNAL_REFS, pull_request.number);
    RefName::new(name).map_err(Error::internal)
}

/// The update of that reference for a new merge. A mark that is in the base branch belongs to a merge that is being
/// recorded; one that is not was left by a loss of power, and is replaced.
pub(super) async fn mark(place: &Place, base_tip: ObjectId, commit: ObjectId) -> Result<RefUpdate> {
    let name = merged_ref(&place.pull_request)?;
    let wanted = name.clone();
    let (old, is_merged) = place
        .git
        .run(move |git| {
            let old = git.reference(&wanted)?;
            let is_merged = match old {
                Some(old) => contains(git, base_tip, old)?,
                None => false,
            };
            Ok((old, is_merged))
        })
        .await
        .map_git()?;
    if is_merged {
        return Err(Error::Conflict(Conflict::State));
    }
    Ok(RefUpdate { name, old, new: Some(commit) })
}

fn contains(git: &OpenRepository, tip: ObjectId, commit: ObjectId) -> hearth_git::Result<bool> {
    Ok(git.has_object(commit) && git.is_ancestor(commit, tip)?)
}

/// Marks a pull request as merged, with all that follows. The repository is locked. `false`: it was merged before.
pub(crate) async fn write(
    operation: &mut Operation,
    repository: &Repository,
    pull_request: &PullRequest,
    fact: &Fact,
) -> Result<bool> {
    let at = operation.now();
    let Some(locked) = row::lock(operation, pull_request.id).await? else { return Ok(false) };
    match locked.state {
        PullRequestState::Merged => return Ok(false),
        PullRequestState::Open => {}
        // Somebody closed it while the base branch moved: the branch decides.
        PullRequestState::Closed => {
            row::set_reopened(operation, &locked, at).await.on_taken(Conflict::PullRequestExists)?;
        }
    }
    let commit = fact.commit.to_string();
    let merged = row::Merged {
        commit_id: commit.clone(),
        method: fact.method,
        by: fact.by,
        base_id: commit.clone(),
        at,
    };
    row::set_merged(operation, &locked, &merged).await?;
    let data = json!({ "commit": commit, "method": fact.method, "base": locked.base_branch });
    thread_event::insert(operation, locked.id, fact.by, ThreadEventKind::Merged, data, at).await?;
    let event = PullRequestEvent::Merged {
        number: locked.number,
        title: locked.title.clone(),
        base: locked.base_branch.clone(),
        method: fact.method,
    };
    let (subject, audience) = of(&locked);
    operation.record(fact.by, subject, audience, event).await?;
    operation.enqueue(&SettlePullRequest { thread_id: locked.id }).await?;
    dependency::release(operation, locked.id).await?;
    stack::lift(operation, repository, &locked, fact.by).await?;
    Ok(true)
}

/// What became of a merge that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// There is none, or it came to nothing.
    No,
    /// It is completed now.
    Completed,
    /// The base branch has moved, and whoever merges is about to record that.
    Running,
}

/// Completes a merge whose base branch has moved but whose rows were not written, unless that is still being done; and
/// forgets one that has moved nothing.
pub(crate) async fn complete_begun(app: &App, place: &Place) -> Result<Begun> {
    let pull_request = &place.pull_request;
    let (mark, base) = (merged_ref(pull_request)?, base_ref(pull_request)?);
    let noted = pull_request.merge_commit_id.as_deref().map(object).transpose()?;
    let found = place.git.run(move |git| {
        let marked = git.reference(&mark)?;
        let Some(tip) = git.reference(&base)? else { return Ok(None) };
        for commit in marked.into_iter().chain(noted) {
            if contains(git, tip, commit)? {
                return Ok(Some(commit));
            }
        }
        Ok(None)
    });
    let found = found.await.map_git()?;
    // This check has to come afterwards: a merge that began earlier may have moved the branch, but not recorded it.
    let is_running = app.reference_updates().are_running(pull_request.repository_id)?;
    match found {
        Some(_) if is_running => Ok(Begun::Running),
        Some(commit) => {
            let is_noted = noted == Some(commit);
            let method = pull_request.merge_method.filter(|_| is_noted);
            let fact = Fact {
                commit,
                method: method.unwrap_or(MergedAs::ManuallyMerged),
                by: pull_request.merged_by.filter(|_| is_noted),
            };
            record(app, place, &fact).await?;
            tracing::info!(pull_request.id = %pull_request.id, "completed a merge that a stop had interrupted");
            Ok(Begun::Completed)
        }
        None => {
            if noted.is_some() && !is_running {
                forget(app, pull_request).await?;
            }
            Ok(Begun::No)
        }
    }
}

/// Forgets that a merge was about to make this commit, unless another one has begun since.
pub(super) async fn forget(app: &App, pull_request: &PullRequest) -> Result<()> {
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, pull_request.id).await?;
    if locked.is_some_and(|locked| locked.merge_commit_id == pull_request.merge_commit_id) {
        row::clear_merge_intent(&mut operation, pull_request.id).await?;
        operation.commit().await?;
    }
    Ok(())
}

/// Marks a pull request as merged whose commits somebody pushed to the base branch.
pub(crate) async fn note_pushed_merge(app: &App, place: &Place) -> Result<()> {
    let pull_request = &place.pull_request;
    let Some(tip) = place.base_tip else { return Ok(()) };
    let (head, before) = (object(&pull_request.head_id)?, object(&pull_request.base_id)?);
    let commit =
        place.git.run_in_background(move |git| brought_by(git, tip, head, before)).await.map_git()?;
    record(app, place, &Fact { commit, method: MergedAs::ManuallyMerged, by: None }).await
}

async fn record(app: &App, place: &Place, fact: &Fact) -> Result<()> {
    let mut operation = app.begin().await?;
    let locked = lock_repository(&mut operation, place.base.id).await?;
    let Some(repository) = locked else { return Ok(()) };
    write(&mut operation, &repository, &place.pull_request, fact).await?;
    operation.commit().await
}

/// The first commit of the base branch itself that has the head in its history.
fn brought_by(
    git: &OpenRepository,
    tip: ObjectId,
    head: ObjectId,
    before: ObjectId,
) -> hearth_git::Result<ObjectId> {
    let without = Some(before).filter(|before| git.has_object(*before));
    let log = Log { limit: MOST_LOOKED_AT, is_first_parent_only: true, without, ..Log::default() };
    let own = git.log_ids(tip, &log)?.value;
    let mut found = tip;
    // Newest first: once one lacks the head, so do all before it.
    for commit in own {
        if !git.is_ancestor(head, commit)? {
            break;
        }
        found = commit;
    }
    Ok(found)
}
