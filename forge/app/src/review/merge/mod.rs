//! Merging a pull request: the commits are made from objects, without a checkout, and the base branch is moved only from
//! where they were made for.
//!
//! A stop at any point leaves a pull request merged or open, never half of each: what the merge is about to make is noted
//! first; the base branch moves together with a hidden reference that names the merge; the rows follow in the operation
//! that records the push. If they do not, [`finish::complete_begun`] finds the reference, and completes the merge.

pub(crate) mod auto;
mod branch;
mod build;
mod check;
pub(crate) mod finish;
mod merge_box;
mod message;
mod pick;
mod resolve;
mod settings;
pub(crate) mod stack;
mod update;

use hearth_core::{
    Action, Conflict, Error, Kind, MergeMethod, MergeSettings, MergedAs, Read, Result, ThreadNumber, Unit,
    UpdateMethod, UserId, Write,
};
use hearth_git::{BranchName, Error as GitError, ObjectId, RefName, RefUpdate};
use hearth_store::{merge_settings, pull_request as row, repository};

pub use auto::{cancel_auto_merge, schedule_auto_merge};
pub use branch::{delete_head_branch, restore_head_branch};
pub use merge_box::{MergeBox, MethodOffer, merge_box};
pub use pick::{cherry_pick, revert};
pub use resolve::{Resolution, Resolvable, conflicts_to_resolve, resolve_conflicts};
pub use settings::{set_settings, settings};
pub use update::update_branch;

use self::check::Gone;
use crate::{
    Access, App, GitResult as _, access,
    branch_rule::{self, Objects, Way},
    pull_request::{Place, PullRequest, Standing, find_row, is_refusal, object, prepare},
    push,
    review::Obstacle,
};

/// How often a merge is made again because the base branch moved meanwhile.
const ATTEMPTS: u32 = 4;

/// How somebody merges a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMerge {
    pub method: MergeMethod,
    /// The first line of the commit's message; empty: as proposed.
    pub title: String,
    /// The rest of it; only used with a title.
    pub message: String,
    /// The head that they saw; if it is another by now, nothing is merged. None: whatever is the newest version.
    pub expected_head: Option<ObjectId>,
    pub deletes_branch: bool,
    /// Whether they merge without what the rules demand, if the rules let them.
    pub bypasses: bool,
}

/// What a merge has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The base branch now.
    pub commit: ObjectId,
    pub method: MergedAs,
    /// Whether the head branch was deleted, where that was asked for.
    pub is_branch_deleted: bool,
}

/// Merges a pull request. Of two people who do so at once, one merges it, and the other is told that its state does not
/// allow that any more.
pub async fn merge(app: &App, access: &Access<Write>, number: ThreadNumber, new: NewMerge) -> Result<Merged> {
    let code = access.enter_unit(Unit::Code)?.write()?;
    let mut left = ATTEMPTS;
    let commit = loop {
        left -= 1;
        match Box::pin(attempt(app, &code, number, &new)).await {
            Err(Error::Conflict(Conflict::BaseMoved)) if left > 0 => {}
            other => break other?,
        }
    };
    let is_branch_deleted = new.deletes_branch && is_deleted(app, access, number).await;
    Ok(Merged { commit, method: new.method.into(), is_branch_deleted })
}

/// Deletes the branch of a pull request that was merged just now. If that fails, it can be deleted on its page.
async fn is_deleted(app: &App, access: &Access<Write>, number: ThreadNumber) -> bool {
    let deleted = match access.enter_unit(Unit::Pulls) {
        Ok(entered) => delete_head_branch(app, &entered, number).await,
        Err(error) => Err(error),
    };
    if let Err(error) = &deleted {
        tracing::info!(error = error as &dyn std::error::Error, "a merged branch was not deleted");
    }
    deleted.is_ok()
}

/// One attempt, for the base branch as it is now.
async fn attempt(app: &App, code: &Access<Write>, number: ThreadNumber, new: &NewMerge) -> Result<ObjectId> {
    let (place, base_tip) = current(app, code, number, new.expected_head).await?;
    let pull_request = &place.pull_request;
    let own = check::obstacles(app, code, pull_request, Gone::of(&place)).await?;
    if let Some(obstacle) = own.first() {
        return Err(refusal(obstacle));
    }
    let settings = merge_settings::find(&mut app.store().read().await?, pull_request.repository_id).await?;
    let reader = code.enter_unit(Unit::Code)?;
    let demands = branch_rule::merge_demands(app, &reader, pull_request).await?;
    let bypasses = new.bypasses && demands.may_bypass;
    if !settings.allows(new.method) || (demands.is_linear && makes_merge_commit(new.method) && !bypasses) {
        return Err(Error::Forbidden(Action::MergeMethod));
    }
    if !demands.may_merge && !bypasses {
        return Err(Error::Forbidden(Action::BranchRule));
    }
    if let Some(obstacle) = demands.obstacles.first().filter(|_| !bypasses) {
        return Err(refusal(obstacle));
    }

    let message = message::checked(app, new)?;
    let plan = build::plan(app, code, &place, base_tip, new.method, message).await?;
    let commit = place.git.run_expensive(move |git| Ok(build::build(git, &plan))).await.map_git()??;
    let base = RefUpdate { name: finish::base_ref(pull_request)?, old: Some(base_tip), new: Some(commit) };
    let (objects, updates) = (Objects::Stored(&place.git), std::slice::from_ref(&base));
    let allowed = if new.bypasses {
        branch_rule::check_updates(app, code, Way::Merge, objects, updates).await?
    } else {
        branch_rule::check_updates_strictly(app, code, Way::Merge, objects, updates).await?
    };

    let mark = finish::mark(&place, base_tip, commit).await?;
    let by = code.writer().id;
    let reference_update = app.reference_updates().begin(pull_request.repository_id);
    let noted = match note(app, pull_request, (commit, new.method.into()), by).await {
        Ok(noted) => noted,
        Err(error) => {
            // Nothing moved.
            reference_update.recorded();
            return Err(error);
        }
    };
    if let Err(error) = place.git.update_references(&[base.clone(), mark.clone()]).await {
        // Otherwise the branches are looked at soon, and say what happened.
        if is_refusal(&error) {
            finish::forget(app, &noted).await?;
            reference_update.recorded();
        }
        return Err(of_base(error, &mark.name));
    }
    let default = &code.repository().default_branch;
    let facts = push::inspect_updates(&place.git, std::slice::from_ref(&base), default).await?;
    let mut operation = app.begin().await?;
    let repository = repository::lock(&mut operation, pull_request.repository_id).await?;
    let repository = repository.ok_or(Error::NotFound(Kind::Repository))?;
    let fact = finish::Fact { commit, method: new.method.into(), by: Some(by) };
    finish::write(&mut operation, &repository, pull_request, &fact).await?;
    let now = operation.now();
    push::insert_record(&mut operation, repository.id, Some(by), &facts, now).await?;
    allowed.record(&mut operation, code).await?;
    if bypasses {
        branch_rule::bypass_demands(&mut operation, code, pull_request, &demands.obstacles).await?;
    }
    operation.commit().await?;
    reference_update.recorded();
    Ok(commit)
}

/// Notes what the merge is about to make, so that a stop leaves a trace of who did it and how. One merge at a time.
async fn note(
    app: &App,
    pull_request: &PullRequest,
    (commit, method): (ObjectId, MergedAs),
    by: UserId,
) -> Result<PullRequest> {
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, pull_request.id).await?;
    let locked = locked.filter(|locked| locked.is_open() && locked.merge_commit_id.is_none());
    let locked = locked.ok_or(Error::Conflict(Conflict::State))?;
    // What was asked of the pull request was asked of this head, this base and a pull request that is ready.
    let asked = |row: &PullRequest| (row.head_id.clone(), row.base_branch.clone(), row.is_draft);
    if asked(&locked) != asked(pull_request) {
        return Err(Error::Conflict(Conflict::HeadMoved));
    }
    let text = commit.to_string();
    if !row::set_merge_intent(&mut operation, pull_request.id, &text, method, Some(by)).await? {
        return Err(Error::Conflict(Conflict::State));
    }
    operation.commit().await?;
    Ok(PullRequest { merge_commit_id: Some(text), ..pull_request.clone() })
}

/// The pull request with its branches, checked for where they are now. What was seen must still be the newest version.
async fn current<Level>(
    app: &App,
    access: &Access<Level>,
    number: ThreadNumber,
    expected_head: Option<ObjectId>,
) -> Result<(Place, ObjectId)> {
    let known = find_row(&mut app.store().read().await?, access, number).await?;
    let mut place = Place::find(app, known.id).await?.ok_or(Error::Conflict(Conflict::State))?;
    if !is_checked(&place) || place.pull_request.merge_commit_id.is_some() {
        if prepare(app, known.id).await? != Standing::Ready {
            return Err(Error::Conflict(Conflict::State));
        }
        place = Place::find(app, known.id).await?.ok_or(Error::Conflict(Conflict::State))?;
    }
    let head = object(&place.pull_request.head_id)?;
    let is_elsewhere = place.head_tip().is_some_and(|tip| tip != head);
    if is_elsewhere || expected_head.is_some_and(|expected| expected != head) {
        return Err(Error::Conflict(Conflict::HeadMoved));
    }
    let base_tip = place.base_tip.ok_or(Error::Conflict(Conflict::BaseGone))?;
    if !is_checked(&place) {
        return Err(Error::Conflict(Conflict::BaseMoved));
    }
    Ok((place, base_tip))
}

/// Whether the last check was for both branches as they are now.
fn is_checked(place: &Place) -> bool {
    let row = &place.pull_request;
    let base_tip = place.base_tip.map(|tip| tip.to_string());
    row.checked_head_id.as_ref() == Some(&row.head_id) && row.checked_base_id == base_tip
}

const fn makes_merge_commit(method: MergeMethod) -> bool {
    match method {
        MergeMethod::Merge | MergeMethod::RebaseMerge => true,
        MergeMethod::Rebase | MergeMethod::Squash | MergeMethod::FastForwardOnly => false,
    }
}

/// What the caller of a merge is told of an obstacle.
fn refusal(obstacle: &Obstacle) -> Error {
    Error::Conflict(match obstacle {
        Obstacle::Closed => Conflict::State,
        Obstacle::Conflicts => Conflict::MergeConflicts,
        Obstacle::NothingToMerge => Conflict::NothingToMerge,
        Obstacle::BaseGone => Conflict::BaseGone,
        Obstacle::HeadGone => Conflict::HeadGone,
        Obstacle::Blocked { .. } => Conflict::Blocked,
        Obstacle::Draft
        | Obstacle::Checking
        | Obstacle::CheckFailed
        | Obstacle::MissingApprovals { .. }
        | Obstacle::ChangesRequested { .. }
        | Obstacle::CodeOwnersMissing { .. }
        | Obstacle::ChecksMissing { .. }
        | Obstacle::ChecksFailed { .. }
        | Obstacle::Behind
        | Obstacle::UnresolvedThreads { .. }
        | Obstacle::NotAllowed
        | Obstacle::MethodNotAllowed
        | Obstacle::Unsigned
        | Obstacle::StackedBelow { .. } => Conflict::NotMergeable,
    })
}

/// Why the references of a merge did not move: somebody pushed to the base, or merged this first.
fn of_base(error: GitError, mark: &RefName) -> Error {
    match error {
        GitError::NameTaken(name) if name == *mark => Error::Conflict(Conflict::State),
        GitError::Conflict { name, .. } if name == *mark => Error::Conflict(Conflict::State),
        GitError::Conflict { .. } => Error::Conflict(Conflict::BaseMoved),
        other => Err::<(), _>(other).map_git().expect_err("it is an error"),
    }
}

/// Whether a repository lets branches be brought up to date in this way.
fn check_update_method(settings: &MergeSettings, method: UpdateMethod) -> Result<()> {
    if settings.update_methods.contains(&method) {
        return Ok(());
    }
    Err(Error::Forbidden(Action::MergeMethod))
}

/// The row alone, for those who only look.
async fn row_of<Level>(app: &App, access: &Access<Level>, number: ThreadNumber) -> Result<PullRequest> {
    find_row(&mut app.store().read().await?, access, number).await
}

/// The head branch, for those who may push there; what they may not see is gone for them.
async fn enter_head(app: &App, access: &Access<Read>, place: &Place) -> Result<(Access<Write>, BranchName)> {
    let head = place.head.as_ref().ok_or(Error::Conflict(Conflict::HeadGone))?;
    let entered = access::enter_head(app, access, &place.pull_request).await;
    if place.pull_request.head_repository_id == Some(access.repository().id) {
        return Ok((entered?, head.name.clone()));
    }
    let entered = access::if_seen(entered)?;
    let writing = entered.ok_or(Error::Conflict(Conflict::HeadGone))?;
    Ok((writing, head.name.clone()))
}
