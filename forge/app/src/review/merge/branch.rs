//! The head branch after a merge: deleted, and restored.

use hearth_core::{Conflict, Error, Kind, Read, Result, ThreadEventKind, ThreadNumber, Unit, Write};
use hearth_git::{BranchName, ObjectId, RefUpdate, version_ref};
use hearth_store::{
    pull_request_list::{Branch, list_open_by_head},
    repository, thread_event,
};
use serde_json::json;

use super::row_of;
use crate::{
    Access, App, GitResult as _, access,
    branch_rule::{self, Objects, Way},
    pull_request::{HeadBranch, PullRequest, is_refusal, object},
    push,
    repository::git,
};

/// Of so many pull requests that ask for one branch, one may keep it from being deleted.
const MOST_ASKING: u64 = 200;

/// Deletes the head branch of a pull request that is no longer open, unless something was pushed there since.
pub async fn delete_head_branch(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<()> {
    let pull_request = row_of(app, access, number).await?;
    if pull_request.is_open() {
        return Err(Error::Conflict(Conflict::State));
    }
    let (writing, head) = enter(app, access, &pull_request).await?;
    let own = Branch { repository: head.repository.id, name: head.name.as_str() };
    let asking = list_open_by_head(&mut app.store().read().await?, own, MOST_ASKING).await?;
    // Anybody may ask to merge a public branch into a repository of their own.
    let counts = [pull_request.repository_id, head.repository.id];
    if asking.iter().any(|open| counts.contains(&open.repository_id)) {
        return Err(Error::Conflict(Conflict::State));
    }
    let tip = head.tip.ok_or(Error::Conflict(Conflict::HeadGone))?;
    if tip != object(&pull_request.head_id)? {
        return Err(Error::Conflict(Conflict::HeadMoved));
    }
    let update = RefUpdate { name: head.name.full(), old: Some(tip), new: None };
    let base = git(app, access.repository()).await?;
    keep(&base, &head, &pull_request, tip).await?;
    change(app, &writing, &head, (&base, update), (&pull_request, ThreadEventKind::HeadDeleted)).await
}

/// Keeps the newest version where the pull request keeps its versions, if nothing has done so yet: after this, nothing
/// else may refer to it.
async fn keep(
    base: &hearth_git::Repository,
    head: &HeadBranch,
    pull_request: &PullRequest,
    tip: ObjectId,
) -> Result<()> {
    let name = version_ref(pull_request.number.0, pull_request.newest_version);
    let wanted = name.clone();
    if base.run(move |git| git.reference(&wanted)).await.map_git()?.is_some() {
        return Ok(());
    }
    let update = RefUpdate { name, old: None, new: Some(tip) };
    base.take_from(&head.git, tip, std::slice::from_ref(&update)).await.map_git()
}

/// Creates the head branch again where it was, from what the pull request keeps.
pub async fn restore_head_branch(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<()> {
    let pull_request = row_of(app, access, number).await?;
    let (writing, head) = enter(app, access, &pull_request).await?;
    if head.tip.is_some() {
        return Err(Error::Conflict(Conflict::BranchExists));
    }
    let commit = object(&pull_request.head_id)?;
    let update = RefUpdate { name: head.name.full(), old: None, new: Some(commit) };
    let base = git(app, access.repository()).await?;
    change(app, &writing, &head, (&base, update), (&pull_request, ThreadEventKind::HeadRestored)).await
}

/// The proof that the actor may write where the head is.
async fn enter(
    app: &App,
    access: &Access<Read>,
    pull_request: &PullRequest,
) -> Result<(Access<Write>, HeadBranch)> {
    access.participant()?;
    let head = HeadBranch::find(app, pull_request).await?.ok_or(Error::Conflict(Conflict::HeadGone))?;
    let entered = access::open_by_id(app, access.actor(), Unit::Code, head.repository.id).await;
    // Whoever may not see the fork learns no more of it than that its branch is not theirs.
    let entered = access::if_seen(entered)?.ok_or(Error::Forbidden(hearth_core::Action::Write))?;
    Ok((entered.write()?, head))
}

/// Moves the branch, and records that as a push and in the pull request's timeline.
async fn change(
    app: &App,
    writing: &Access<Write>,
    head: &HeadBranch,
    (base, update): (&hearth_git::Repository, RefUpdate),
    (pull_request, kind): (&PullRequest, ThreadEventKind),
) -> Result<()> {
    let updates = std::slice::from_ref(&update);
    let is_same = head.repository.id == pull_request.repository_id;
    let objects = Objects::Stored(base);
    // A merge deletes the branch along the way: that is no wish to bypass a rule that protects it.
    let allowed = branch_rule::check_updates_strictly(app, writing, Way::Push, objects, updates).await?;
    let reference_update = app.reference_updates().begin(head.repository.id);
    let moved = match update.new {
        Some(commit) if !is_same => head.git.take_from(base, commit, updates).await,
        _ => head.git.update_references(updates).await,
    };
    if let Err(error) = moved {
        if is_refusal(&error) {
            reference_update.recorded();
        }
        return Err(error).map_git();
    }
    let default = &head.repository.default_branch;
    let facts = push::inspect_updates(&head.git, updates, default).await?;
    let by = writing.writer().id;
    let mut operation = app.begin().await?;
    let now = operation.now();
    push::insert_record(&mut operation, head.repository.id, Some(by), &facts, now).await?;
    allowed.record(&mut operation, writing).await?;
    let data = json!({ "branch": pull_request.head_branch });
    thread_event::insert(&mut operation, pull_request.id, by, kind, data, now).await?;
    operation.commit().await?;
    reference_update.recorded();
    Ok(())
}

/// A free branch name that begins with this one.
pub(super) async fn free_name(git: &hearth_git::Repository, wanted: String) -> Result<BranchName> {
    const MOST_TRIES: u32 = 50;
    let found = git.run(move |git| {
        for count in 1..=MOST_TRIES {
            let name = if count == 1 { wanted.clone() } else { format!("{wanted}-{count}") };
            let Ok(name) = BranchName::new(name) else { return Ok(None) };
            if git.branch(&name)?.is_none() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    });
    found.await.map_git()?.ok_or(Error::Conflict(Conflict::BranchExists))
}

/// Creates a branch of the repository at a commit that it has, and records that as a push.
pub(super) async fn create(
    app: &App,
    access: &Access<Write>,
    (git, name): (&hearth_git::Repository, &BranchName),
    commit: ObjectId,
) -> Result<()> {
    let update = RefUpdate { name: name.full(), old: None, new: Some(commit) };
    let updates = std::slice::from_ref(&update);
    let allowed = branch_rule::check_updates(app, access, Way::Push, Objects::Stored(git), updates).await?;
    let reference_update = app.reference_updates().begin(access.repository().id);
    if let Err(error) = git.update_references(updates).await {
        if is_refusal(&error) {
            reference_update.recorded();
        }
        return Err(error).map_git();
    }
    let row = repository::find(&mut app.store().read().await?, access.repository().id).await?;
    row.ok_or(Error::NotFound(Kind::Repository))?;
    push::record_allowed(app, access, updates, &allowed).await?;
    reference_update.recorded();
    Ok(())
}
