use hearth_core::{
    Error, Kind, MayPush, RepositoryId, Result, Timestamp, UserId,
    event::{Audience, PushEvent, Subject},
    urls::Revision,
};
use hearth_git::{BranchName, Log, ObjectId, OpenRepository, RefUpdate, UpdateKind};
use hearth_store::{
    branch_redirect,
    push::{self, NewPush},
    repository::{self, Repository},
};

use crate::{
    Access, App, GitResult as _, Operation,
    branch_rule::Allowed,
    jobs::{ReferenceIssues, RefreshRepository},
    pull_request,
    repository::{git, update_head},
};

/// A reference that changed, with the commits that came with it.
#[derive(Clone, Debug)]
pub struct Moved {
    pub update: RefUpdate,
    /// New commits, counted up to [`Moved::MOST_COMMITS`].
    pub commits: usize,
    /// The titles of the newest commits.
    pub titles: Vec<String>,
    /// Whether a branch no longer contains what it pointed to.
    pub is_forced: bool,
}

impl Moved {
    pub const MOST_COMMITS: usize = 100;

    /// The short name of a branch or tag, else the full name.
    pub fn shown_name(&self) -> String {
        let name = &self.update.name;
        let short = name.branch().map(|branch| branch.to_string());
        short.or_else(|| name.tag().map(|tag| tag.to_string())).unwrap_or_else(|| name.to_string())
    }

    /// The revision in page addresses, while the reference exists.
    pub fn revision(&self) -> Option<Revision> {
        let name = &self.update.name;
        self.update.new?;
        let branch = name.branch().map(|branch| Revision::Branch(branch.into()));
        branch.or_else(|| name.tag().map(|tag| Revision::Tag(tag.into())))
    }
}

/// What was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub moved: Vec<Moved>,
}

/// At most this many references are described; of the rest, only the names are kept.
const MOST_DESCRIBED: usize = 20;
const MOST_TITLES: usize = 5;
/// At most this many characters of a title are kept.
const MOST_TITLE_LETTERS: usize = 200;

/// The state of the repository after the push.
pub(crate) struct Facts {
    is_empty: bool,
    /// The default branch in the row at the time of the survey.
    default: String,
    /// The branch that becomes the default, because the default branch does not exist.
    new_default: Option<BranchName>,
    moved: Vec<Moved>,
}

impl Facts {
    /// Whether the push created the default branch, so that `HEAD` may have to be updated.
    pub(crate) fn creates_default_branch(&self) -> bool {
        self.new_default.is_some()
    }
}

/// Records references that changed. This is idempotent: what was already recorded changes nothing. Rows,
/// events and jobs are written in one transaction.
pub async fn record(
    app: &App,
    repository: &Repository,
    pusher: Option<UserId>,
    updates: &[RefUpdate],
) -> Result<Recorded> {
    let id = repository.id;
    let facts = inspect_updates(&git(app, repository).await?, updates, &repository.default_branch).await?;
    let mut operation = app.begin().await?;
    insert_record(&mut operation, id, pusher, &facts, app.now()).await?;
    operation.commit().await?;
    if facts.creates_default_branch() {
        update_head(app, id).await?;
    }
    Ok(Recorded { moved: facts.moved })
}

/// The same for what the rules of branches have let through, with what was bypassed for that.
pub(crate) async fn record_allowed(
    app: &App,
    access: &Access<impl MayPush>,
    updates: &[RefUpdate],
    allowed: &Allowed,
) -> Result<Recorded> {
    // It may have been renamed, or have another default branch, since the access was given.
    let id = access.repository().id;
    let row = repository::find(&mut app.store().read().await?, id).await?;
    let row = row.ok_or(Error::NotFound(Kind::Repository))?;
    let facts = inspect_updates(&git(app, &row).await?, updates, &row.default_branch).await?;
    let mut operation = app.begin().await?;
    let now = operation.now();
    insert_record(&mut operation, id, access.actor().user_id(), &facts, now).await?;
    allowed.record(&mut operation, access).await?;
    operation.commit().await?;
    if facts.creates_default_branch() {
        update_head(app, id).await?;
    }
    Ok(Recorded { moved: facts.moved })
}

/// Records changed references that reconciliation found, except those that were recorded meanwhile. Returns
/// how many.
pub(super) async fn record_found(app: &App, repository: &Repository, updates: &[RefUpdate]) -> Result<usize> {
    let id = repository.id;
    let mut facts =
        inspect_updates(&git(app, repository).await?, updates, &repository.default_branch).await?;
    let mut operation = app.begin().await?;
    repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    for (place, update) in updates.iter().enumerate().rev() {
        let known = push::find_tip(&mut operation, id, update.name.as_str()).await?;
        if known.unwrap_or_default() != update.old.map(|old| old.to_string()).unwrap_or_default() {
            facts.moved.remove(place);
        }
    }
    insert_record(&mut operation, id, None, &facts, app.now()).await?;
    operation.commit().await?;
    if facts.creates_default_branch() {
        update_head(app, id).await?;
    }
    Ok(facts.moved.len())
}

/// Surveys what changed; `default` is the default branch in the row.
pub(crate) async fn inspect_updates(
    files: &hearth_git::Repository,
    updates: &[RefUpdate],
    default: &str,
) -> Result<Facts> {
    let (updates, default) = (updates.to_vec(), default.to_owned());
    files.run(move |git| survey(git, updates, &default)).await.map_git()
}

/// Writes the rows, events and jobs of a push, in a transaction that may contain more.
pub(crate) async fn insert_record(
    operation: &mut Operation,
    id: RepositoryId,
    pusher: Option<UserId>,
    facts: &Facts,
    now: Timestamp,
) -> Result<()> {
    let row = repository::lock(operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    // If somebody chose another default branch meanwhile, it stays.
    let new_default =
        facts.new_default.as_ref().filter(|_| facts.default == row.default_branch).map(BranchName::as_str);
    repository::note_push(operation, id, facts.is_empty, new_default, now).await?;
    for moved in &facts.moved {
        let update = &moved.update;
        let text = |id: Option<ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
        let (ref_name, old_id, new_id) = (update.name.to_string(), text(update.old), text(update.new));
        let known = push::find_tip(operation, id, &ref_name).await?;
        if known.as_deref().unwrap_or_default() == new_id {
            continue;
        }
        let pushed = PushEvent::Pushed {
            ref_name: ref_name.clone(),
            old: old_id.clone(),
            new: new_id.clone(),
            commits: moved.commits as u64,
            titles: moved.titles.clone(),
        };
        let new = NewPush { repository_id: id, pusher_id: pusher, ref_name, old_id, new_id, created_at: now };
        push::insert(operation, &new).await?;
        if let Some(branch) = update.name.branch().filter(|_| update.old.is_none()) {
            branch_redirect::remove(operation, id, branch.as_str()).await?;
        }
        operation.record(pusher, Subject::Repository(id), Audience::Repository(id), pushed).await?;
        pull_request::moved(operation, &row, pusher, moved).await?;
        let default = new_default.unwrap_or(&row.default_branch);
        let is_default = update.name.branch().is_some_and(|branch| branch.as_str() == default);
        if let Some(new) = update.new.filter(|_| is_default) {
            let (old, new) = (update.old.map(|old| old.to_string()), new.to_string());
            operation.enqueue(&ReferenceIssues { repository_id: id, pusher_id: pusher, old, new }).await?;
        }
    }
    operation.enqueue(&RefreshRepository { repository_id: id }).await
}

fn survey(git: &OpenRepository, updates: Vec<RefUpdate>, default: &str) -> hearth_git::Result<Facts> {
    // The default branch is that of the row: `HEAD` follows it.
    let head = BranchName::new(default).ok().map(|name| git.branch(&name)).transpose()?.flatten();
    let mut new_default = None;
    if head.is_none() {
        let branches: Vec<_> =
            updates.iter().filter(|update| update.new.is_some()).filter_map(|u| u.name.branch()).collect();
        let usual = ["main", "master"].iter().find_map(|name| branches.iter().find(|b| b.as_str() == *name));
        new_default = usual.or(branches.first()).cloned().filter(|branch| branch.as_str() != default);
    }
    let is_empty = git.is_empty()?;
    let mut moved = Vec::with_capacity(updates.len());
    for (place, update) in updates.into_iter().enumerate() {
        let (mut commits, mut titles, mut is_forced) = (0, Vec::new(), false);
        if place < MOST_DESCRIBED
            && let Some(new) = update.new.filter(|_| update.name.branch().is_some())
        {
            let without =
                update.old.or(head.filter(|_| update.kind() == UpdateKind::Create && head != Some(new)));
            let log = Log { limit: Moved::MOST_COMMITS, without, ..Log::default() };
            // A push may be crafted to cost too much: then it is recorded with what could be read.
            (commits, titles) = match describe(git, new, &log) {
                Err(hearth_git::Error::OverBudget { .. } | hearth_git::Error::TooLarge { .. }) => {
                    (0, Vec::new())
                }
                described => described?,
            };
            is_forced = match update.old {
                Some(old) => is_left(git, old, new)?,
                None => false,
            };
        }
        moved.push(Moved { update, commits, titles, is_forced });
    }
    Ok(Facts { is_empty, default: default.to_owned(), new_default, moved })
}

/// Whether a branch that moved from `old` to `new` has left commits behind. What costs too much to find out counts as
/// an ordinary push.
fn is_left(git: &OpenRepository, old: ObjectId, new: ObjectId) -> hearth_git::Result<bool> {
    if !git.has_object(old) {
        return Ok(true);
    }
    match git.is_ancestor(old, new) {
        Err(hearth_git::Error::OverBudget { .. } | hearth_git::Error::TooLarge { .. }) => Ok(false),
        found => found.map(|is_ancestor| !is_ancestor),
    }
}

/// The number of new commits, and the titles of the newest.
fn describe(git: &OpenRepository, new: ObjectId, log: &Log) -> hearth_git::Result<(usize, Vec<String>)> {
    let ids = git.log_ids(new, log)?.value;
    let title = |id: &ObjectId| -> hearth_git::Result<String> {
        let title = git.commit(*id)?.title;
        let is_long = title.chars().count() > MOST_TITLE_LETTERS;
        let kept: String = title.chars().take(MOST_TITLE_LETTERS).collect();
        Ok(if is_long { format!("{kept}…") } else { kept })
    };
    let titles = ids.iter().take(MOST_TITLES).map(title).collect::<hearth_git::Result<_>>()?;
    Ok((ids.len(), titles))
}
