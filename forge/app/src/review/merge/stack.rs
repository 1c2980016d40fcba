//! Pull requests on top of each other: when the lower one is merged, those above it ask for a merge into what was its
//! base, and their own commits are put on top of that.

use hearth_core::{Dependency, Error, PullRequestState, Result, Unit, UserId, Write};
use hearth_git::{ObjectId, OpenRepository, Range, Rebase, Signature};
use hearth_store::{
    branch_rule,
    pull_request_list::{self as list_row, PullRequestFilter},
    pull_request_version as version_row,
    repository::Repository,
    user,
};

use super::build::own_commits;
use crate::{
    Access, Actor, App, GitResult as _, Operation, access,
    content::signature,
    jobs::RestackPullRequest,
    pull_request::{Place, PullRequest, Standing, above, object, prepare, push_to_head, retarget},
};

/// A chain is followed this far up.
const MOST_LEVELS: u32 = 20;
/// So many versions of the lower pull request are tried as the place where the upper one began.
const MOST_VERSIONS: u64 = 100;

/// Retargets what is based on the branch of a pull request that was merged just now.
pub(super) async fn lift(
    operation: &mut Operation,
    repository: &Repository,
    merged: &PullRequest,
    by: Option<UserId>,
) -> Result<()> {
    let uppers = above(operation, merged).await?;
    if uppers.is_empty() || is_lasting(operation, repository, &merged.head_branch).await? {
        return Ok(());
    }
    for upper in uppers {
        retarget(operation, &upper, by, &merged.base_branch).await?;
        let restack = RestackPullRequest { thread_id: upper.id, below: merged.id, by, depth: 0 };
        operation.enqueue(&restack).await?;
    }
    Ok(())
}

/// Whether a branch goes on after it was merged, as one for development does: the default branch, one that a rule names,
/// and one into which others were merged.
async fn is_lasting(operation: &mut Operation, repository: &Repository, branch: &str) -> Result<bool> {
    if repository.default_branch == branch {
        return Ok(true);
    }
    let rules = branch_rule::list(operation, repository.id).await?;
    if rules.iter().any(|rule| rule.pattern == branch) {
        return Ok(true);
    }
    let merged_into = PullRequestFilter {
        states: vec![PullRequestState::Merged],
        base_branch: Some(branch.to_owned()),
        ..PullRequestFilter::default()
    };
    Ok(list_row::count(operation, repository.id, &merged_into).await? > 0)
}

/// What became of an attempt to move the commits of a pull request.
enum Outcome {
    /// They are on top of the base already.
    InPlace,
    /// The base has what was below them: their difference is right as it is.
    NotNeeded,
    Rebased(ObjectId),
    /// They do not apply there. The author has to decide.
    Conflicts,
}

/// Puts the commits of a pull request on top of its base, without those of the one below it, on behalf of whoever merged
/// that; then looks at those above it.
pub(crate) async fn restack(app: &App, job: &RestackPullRequest) -> Result<()> {
    match prepare(app, job.thread_id).await? {
        Standing::Ready => {}
        Standing::Settled => return Ok(()),
        Standing::BeingMerged => return Err(Error::Unavailable(Dependency::Git)),
    }
    let Some(place) = Place::find(app, job.thread_id).await? else { return Ok(()) };
    let (Some(onto), Some(branch)) = (place.base_tip, &place.head) else { return Ok(()) };
    let pull_request = &place.pull_request;
    let head = object(&pull_request.head_id)?;
    if branch.tip != Some(head) {
        // A push is being recorded: tried again soon.
        return Err(Error::Unavailable(Dependency::Git));
    }
    let Some((access, committer)) = enter(app, job.by, pull_request).await? else { return Ok(()) };
    let lower = version_row::list(&mut app.store().read().await?, job.below, MOST_VERSIONS).await?;
    let lower: Vec<ObjectId> =
        lower.iter().rev().map(|version| object(&version.head_id)).collect::<Result<_>>()?;
    let most = usize::try_from(app.limits().merged_commits).unwrap_or(usize::MAX);
    let moving = Moving { head, onto, lower, committer, most };
    let outcome = place.git.run_in_background(move |git| Ok(rebase(git, &moving))).await.map_git()?;
    match outcome {
        Ok(Outcome::InPlace) => {}
        Ok(Outcome::NotNeeded | Outcome::Conflicts) | Err(Error::TooLarge(_)) => return Ok(()),
        Ok(Outcome::Rebased(new)) => {
            match push_to_head(app, &access, &place.base, &branch.name, (head, new)).await {
                // Somebody pushed, or a rule forbids it: it stays as it is.
                Err(Error::Conflict(_) | Error::Forbidden(_)) => return Ok(()),
                other => other?,
            }
        }
        Err(error) => return Err(error),
    }
    lift_above(app, pull_request, job).await
}

/// The ones above follow, each on top of what is below it now.
async fn lift_above(app: &App, pull_request: &PullRequest, job: &RestackPullRequest) -> Result<()> {
    if job.depth >= MOST_LEVELS {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    for upper in above(&mut operation, pull_request).await? {
        let restack = RestackPullRequest {
            thread_id: upper.id,
            below: pull_request.id,
            by: job.by,
            depth: job.depth + 1,
        };
        operation.enqueue(&restack).await?;
    }
    operation.commit().await
}

/// The proof that whoever merged the lower one may move this head, and their signature. None: they may not.
async fn enter(
    app: &App,
    by: Option<UserId>,
    pull_request: &PullRequest,
) -> Result<Option<(Access<Write>, Signature)>> {
    let Some(by) = by else { return Ok(None) };
    let Some(person) = user::find(&mut app.store().read().await?, by).await? else { return Ok(None) };
    let committer = signature(app, &person);
    let actor = Actor::person(person);
    let entered = access::open_by_id(app, &actor, Unit::Pulls, pull_request.repository_id).await;
    let Some(base) = access::if_seen(entered)? else { return Ok(None) };
    let head = access::if_seen(access::enter_head(app, &base, pull_request).await)?;
    Ok(head.map(|head| (head, committer)))
}

/// Commits that are to move.
struct Moving {
    head: ObjectId,
    onto: ObjectId,
    /// The heads that the pull request below has had, the newest first.
    lower: Vec<ObjectId>,
    committer: Signature,
    most: usize,
}

fn rebase(git: &OpenRepository, moving: &Moving) -> Result<Outcome> {
    let (head, onto) = (moving.head, moving.onto);
    if git.is_ancestor(onto, head).map_git()? {
        return Ok(Outcome::InPlace);
    }
    let Some(start) = start_of(git, moving).map_git()? else { return Ok(Outcome::NotNeeded) };
    if git.is_ancestor(start, onto).map_git()? {
        return Ok(Outcome::NotNeeded);
    }
    let commits = own_commits(git, &Range { base: start, head }, moving.most)?;
    match git.rebase(&commits.ids, onto, &moving.committer).map_git()? {
        // Nothing of its own is left: its author decides what becomes of it.
        Rebase::Done { head, .. } if head == onto => Ok(Outcome::NotNeeded),
        Rebase::Done { head, .. } => Ok(Outcome::Rebased(head)),
        Rebase::Conflicts { .. } => Ok(Outcome::Conflicts),
    }
}

/// The newest version of the one below that the upper one was built on; everything after it is its own.
fn start_of(git: &OpenRepository, moving: &Moving) -> hearth_git::Result<Option<ObjectId>> {
    for lower in &moving.lower {
        if git.has_object(*lower) && git.is_ancestor(*lower, moving.head)? {
            return Ok(Some(*lower));
        }
    }
    match moving.lower.first().filter(|lower| git.has_object(**lower)) {
        Some(newest) => git.merge_base(*newest, moving.head),
        None => Ok(None),
    }
}
