//! Brings a pull request up to date with its branches: what the job after each push does.
//!
//! It may be stopped anywhere, run twice at once, and run while somebody pushes: references are only moved from where
//! they were seen, rows are only written for the head that was looked at, and whatever changes that asks for another
//! run.

use hearth_core::{Dependency, Error, MergeCheck, RepositoryId, Result, ThreadEventKind, ThreadId};
use hearth_git::{BranchName, ObjectId};
use hearth_store::{
    Json, lfs_object, pull_request as row,
    pull_request_list::{Branch, list_open_by_base},
    pull_request_version::{self as version_row, PullRequestVersion},
    push as push_row,
    repository::{self, Repository},
    thread_event,
};
use serde_json::json;

use super::{
    PullRequest, change,
    compute::{self, Prepared},
    head::HeadBranch,
    large_files,
    moved::{Push, advance, lock_repository},
    object,
};
use crate::{
    App, GitResult as _, code_owner,
    jobs::RefreshPullRequest,
    merge::{
        auto,
        finish::{self, Begun},
    },
    repository::git,
    retraining,
    review::{self, VersionFacts},
};

/// The most pull requests that are looked at again when their base moves.
const MOST_OF_BASE: u64 = 1_000;
/// How many versions that were pushed in quick succession are prepared in one run.
const MOST_VERSIONS: u64 = 50;

/// An open pull request with the two branches as they are in the files.
pub(crate) struct Place {
    pub(crate) pull_request: PullRequest,
    pub(crate) base: Repository,
    pub(crate) git: hearth_git::Repository,
    /// None: the base branch is gone.
    pub(crate) base_tip: Option<ObjectId>,
    /// None: the head's repository is gone.
    pub(crate) head: Option<HeadBranch>,
}

impl Place {
    /// None: there is no such pull request, or it is not open.
    pub(crate) async fn find(app: &App, thread: ThreadId) -> Result<Option<Self>> {
        let mut reader = app.store().read().await?;
        let found = row::find_by_id(&mut reader, thread).await?;
        let Some(pull_request) = found.filter(PullRequest::is_open) else { return Ok(None) };
        let base = repository::find(&mut reader, pull_request.repository_id).await?;
        drop(reader);
        let Some(base) = base else { return Ok(None) };
        let git = git(app, &base).await?;
        let branch = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
        let base_tip = git.run(move |git| git.branch(&branch)).await.map_git()?;
        let head = HeadBranch::find(app, &pull_request).await?;
        Ok(Some(Self { pull_request, base, git, base_tip, head }))
    }

    /// None: the head branch is gone.
    pub(crate) fn head_tip(&self) -> Option<ObjectId> {
        self.head.as_ref().and_then(|head| head.tip)
    }
}

/// Where a pull request stands after its branches were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is open, and all that is known of it is up to date.
    Ready,
    /// It is not open, or not any more.
    Settled,
    /// Somebody is merging it right now.
    BeingMerged,
}

/// Does everything that follows from where the branches of a pull request are now.
pub(crate) async fn refresh(app: &App, thread: ThreadId) -> Result<()> {
    match Box::pin(prepare(app, thread)).await? {
        Standing::Ready => {
            Box::pin(auto::attempt(app, thread)).await?;
            Box::pin(retraining::start_by_itself(app, thread)).await
        }
        Standing::Settled => Ok(()),
        // If they are stopped before they record it, it is completed here: tried again soon.
        Standing::BeingMerged => Err(Error::Unavailable(Dependency::Git)),
    }
}

/// The same without merging.
pub(crate) async fn prepare(app: &App, thread: ThreadId) -> Result<Standing> {
    let Some(mut place) = Place::find(app, thread).await? else { return Ok(Standing::Settled) };
    match finish::complete_begun(app, &place).await? {
        Begun::No => {}
        Begun::Completed => return Ok(Standing::Settled),
        Begun::Running => return Ok(Standing::BeingMerged),
    }
    if catch_up(app, &place).await? {
        let Some(found) = Place::find(app, thread).await? else { return Ok(Standing::Settled) };
        place = found;
    }
    let is_gone = place.head_tip().is_none();
    let found = prepare_versions(app, &place).await?;
    if let Some((newest, prepared)) = &found
        && prepared.is_contained
        && compute::had_commits(&place, newest).await?
    {
        finish::note_pushed_merge(app, &place).await?;
        return Ok(Standing::Settled);
    }
    if is_gone {
        close_without_head(app, &place).await?;
        return Ok(Standing::Settled);
    }
    let Some((_, prepared)) = found else { return Ok(Standing::Ready) };
    check(app, &place, &prepared).await?;
    code_owner::request_reviews(app, &place.pull_request).await?;
    Ok(Standing::Ready)
}

/// A head that moved between the look at it and the row's insertion, or whose push was found after a stop, gets its
/// version now. `true`: it did.
async fn catch_up(app: &App, place: &Place) -> Result<bool> {
    let Some(head) = &place.head else { return Ok(false) };
    let Some(tip) = head.tip else { return Ok(false) };
    let known = &place.pull_request;
    if known.head_id == tip.to_string() {
        return Ok(false);
    }
    if !head.is_recorded(&mut app.store().read().await?).await? {
        // Its record is about to do this.
        return Ok(false);
    }
    let old = object(&known.head_id)?;
    let is_forced = head
        .git
        .run_in_background(move |git| {
            Ok(!git.has_object(old) || compute::bounded(git.is_ancestor(old, tip))? == Some(false))
        })
        .await
        .map_git()?;
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, known.id).await?;
    let is_same = locked.is_some_and(|now| now.is_open() && now.newest_version == known.newest_version);
    if is_same {
        let push = Push { pusher: None, head: tip, commits: 0, is_forced };
        advance(&mut operation, known, &push).await?;
        operation.commit().await?;
    }
    Ok(true)
}

/// Keeps every version that was pushed, and finds out what it changes. None: the head has moved on, and another run
/// follows.
async fn prepare_versions(app: &App, place: &Place) -> Result<Option<(PullRequestVersion, Prepared)>> {
    let pull_request = &place.pull_request;
    let versions = version_row::list(&mut app.store().read().await?, pull_request.id, MOST_VERSIONS).await?;
    let (earlier, newest): (Vec<_>, Vec<_>) =
        versions.iter().partition(|version| version.number < pull_request.newest_version);
    for version in earlier.into_iter().filter(|version| !version.is_measured()) {
        // A head that was pushed over before anybody looked may be gone; nothing refers to it then.
        let base = object(&version.base_id)?;
        let Some(prepared) = compute::prepare(place, version, base).await? else { continue };
        let mut operation = app.begin().await?;
        let facts = prepared.facts();
        version_row::complete(&mut operation, pull_request.id, version.number, &facts).await?;
        operation.commit().await?;
    }
    let newest = newest.into_iter().find(|version| version.number == pull_request.newest_version);
    let newest = newest.ok_or_else(|| Error::internal("a pull request lacks its newest version"))?;
    let base = place.base_tip.map_or_else(|| object(&newest.base_id), Ok)?;
    let Some(prepared) = compute::prepare(place, newest, base).await? else { return Ok(None) };
    compute::point_head(place, &versions, newest).await?;
    let is_new = newest.merge_base_id != prepared.facts().merge_base_id;
    let large_files = match prepared.range() {
        Some(range) if is_new => large_files::needed(app, place, range).await?,
        Some(_) | None => Vec::new(),
    };
    let reviewed = match prepared.range() {
        Some(range) => {
            let patch_id = prepared.patch_id.clone();
            let facts = VersionFacts { number: newest.number, range, patch_id };
            Some(review::prepare_version(app, pull_request, &facts).await?)
        }
        None => None,
    };
    let mut operation = app.begin().await?;
    version_row::complete(&mut operation, pull_request.id, newest.number, &prepared.facts()).await?;
    for object in &large_files {
        lfs_object::insert(&mut operation, object, app.now()).await?;
    }
    if let Some(reviewed) = reviewed {
        reviewed.write(&mut operation).await?;
    }
    operation.commit().await?;
    Ok(Some((newest.clone(), prepared)))
}

/// Tries the merge, and remembers what came of it for this head and this base.
async fn check(app: &App, place: &Place, prepared: &Prepared) -> Result<()> {
    let Some(base_tip) = place.base_tip else { return Ok(()) };
    let pull_request = &place.pull_request;
    let checked = compute::check(app, place, base_tip, prepared).await?;
    let conflicts = match checked.result {
        MergeCheck::Conflicting => {
            Some(Json(serde_json::to_value(&checked.conflicts).map_err(Error::internal)?))
        }
        MergeCheck::Checking | MergeCheck::Clean | MergeCheck::Empty | MergeCheck::Failed => None,
    };
    let result = row::Check {
        head_id: pull_request.head_id.clone(),
        base_branch: pull_request.base_branch.clone(),
        base_id: base_tip.to_string(),
        merge_base_id: prepared.merge_base.map(|id| id.to_string()),
        result: checked.result,
        conflicts,
    };
    let mut operation = app.begin().await?;
    row::set_check(&mut operation, pull_request.id, &result).await?;
    operation.commit().await
}

/// A pull request whose branch is gone is closed, and says why; that its author may no longer see it is nobody else's
/// business.
async fn close_without_head(app: &App, place: &Place) -> Result<()> {
    let pull_request = &place.pull_request;
    let mut operation = app.begin().await?;
    lock_repository(&mut operation, pull_request.repository_id).await?;
    let now = operation.now();
    let locked = row::lock(&mut operation, pull_request.id).await?;
    let Some(locked) = locked.filter(|row| row.is_open() && row.head_id == pull_request.head_id) else {
        return Ok(());
    };
    // Somebody may have made it again, which asks for another run.
    if let Some(head) = &place.head
        && !head.is_recorded(&mut operation).await?
    {
        return Ok(());
    }
    let deleted_by = match &place.head {
        Some(head) => {
            let name = format!("{}{}", BranchName::PREFIX, locked.head_branch);
            push_row::find_last_pusher(&mut operation, head.repository.id, &name).await?
        }
        None => None,
    };
    let is_hidden = place.head.is_none() && locked.head_repository_id.is_some();
    if !is_hidden {
        let (data, kind) = (json!({ "branch": locked.head_branch }), ThreadEventKind::HeadDeleted);
        thread_event::insert(&mut operation, locked.id, deleted_by, kind, data, now).await?;
    }
    change::note_closed(&mut operation, &locked, deleted_by).await?;
    operation.commit().await
}

/// A base branch has moved: its pull requests are looked at again.
pub(crate) async fn refresh_base(app: &App, repository: RepositoryId, branch: &str) -> Result<()> {
    let mut reader = app.store().read().await?;
    let base = Branch { repository, name: branch };
    let found = list_open_by_base(&mut reader, base, MOST_OF_BASE).await?;
    drop(reader);
    if found.is_empty() {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    for pull_request in found {
        operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await?;
    }
    operation.commit().await
}
