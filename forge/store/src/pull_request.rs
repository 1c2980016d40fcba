//! Pull requests, and what becomes of them. Their lists are in [`crate::pull_request_list`].

use std::ops::Deref;

use hearth_core::{
    AutoMerge, MergeCheck, MergedAs, PullRequestState, RepositoryId, ThreadId, ThreadKind, ThreadNumber,
    Timestamp, UserId, UserName,
};
use sqlx::{FromRow, types::Json};

use crate::{
    Ask, Document, Result, Writer, milestone,
    thread::{self, NewThread, Thread},
};

/// A thread with the fields of a pull request. It dereferences to its thread, whose `version` counts edits of the text;
/// what was pushed is counted by `newest_version`.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PullRequest {
    #[sqlx(flatten)]
    pub thread: Thread,
    pub state: PullRequestState,
    pub is_draft: bool,
    /// None: the fork is gone.
    pub head_repository_id: Option<RepositoryId>,
    pub head_branch: String,
    /// The commit that it asks to merge.
    pub head_id: String,
    pub base_branch: String,
    /// The commit of the base branch as last seen.
    pub base_id: String,
    /// None: not known yet, or head and base have no common ancestor.
    pub merge_base_id: Option<String>,
    /// The number of the newest of its versions, from 1.
    pub newest_version: i64,
    /// The result for `checked_head_id` and `checked_base_id`.
    pub merge_check: MergeCheck,
    pub checked_head_id: Option<String>,
    pub checked_base_id: Option<String>,
    /// Whether those who may write to the base repository may push to the head branch.
    pub allows_maintainer_edit: bool,
    pub merged_at: Option<Timestamp>,
    pub merged_by: Option<UserId>,
    /// The current name of who merged it.
    pub merged_by_name: Option<UserName>,
    /// What the merge made of it. While it is open: what a merge that has begun is about to make of it.
    pub merge_commit_id: Option<String>,
    pub merge_method: Option<MergedAs>,
    pub closed_at: Option<Timestamp>,
    /// The merge that waits until nothing keeps it from being carried out, and whose it is.
    pub auto_merge: Option<Json<AutoMerge>>,
    pub auto_merge_by: Option<UserId>,
}

impl PullRequest {
    pub fn is_open(&self) -> bool {
        self.state == PullRequestState::Open
    }

    /// Whether the head is a branch of another repository, or was one of a fork that is gone.
    pub fn is_from_fork(&self) -> bool {
        self.head_repository_id != Some(self.thread.repository_id)
    }
}

impl Deref for PullRequest {
    type Target = Thread;

    fn deref(&self) -> &Thread {
        &self.thread
    }
}

#[derive(Clone, Debug)]
pub struct NewPullRequest {
    /// The one that has the base branch.
    pub repository_id: RepositoryId,
    pub author_id: UserId,
    pub title: String,
    pub body: String,
    pub is_draft: bool,
    pub head_repository_id: RepositoryId,
    pub head_branch: String,
    pub head_id: String,
    pub base_branch: String,
    pub base_id: String,
    pub allows_maintainer_edit: bool,
    pub created_at: Timestamp,
}

/// All columns of a [`PullRequest`] except the thread's.
macro_rules! columns {
    () => {
        "p.state, p.is_draft, p.head_repository_id, p.head_branch, p.head_id, p.base_branch, p.base_id, p.merge_base_id, \
         p.version AS newest_version, p.merge_check, p.checked_head_id, p.checked_base_id, p.allows_maintainer_edit, p.merged_at, \
         p.merged_by, m.name AS merged_by_name, p.merge_commit_id, p.merge_method, p.closed_at, p.auto_merge, p.auto_merge_by"
    };
}
/// The tables of a [`PullRequest`].
macro_rules! tables {
    () => {
        " FROM threads t JOIN pull_requests p ON p.thread_id = t.id JOIN owners u ON u.id = t.author_id \
         LEFT JOIN owners m ON m.id = p.merged_by"
    };
}
pub(crate) use {columns, tables};

pub(crate) const SELECT: &str = concat!("SELECT ", thread::columns!("t.body"), ", ", columns!(), tables!());

/// Stores an open pull request with its first version under the repository's next number, and counts it. Fails with
/// [`crate::Error::Taken`] if an open one asks to merge the same branch into the same base.
pub async fn insert(writer: &mut Writer, new: &NewPullRequest) -> Result<PullRequest> {
    let thread = NewThread {
        repository_id: new.repository_id,
        kind: ThreadKind::PullRequest,
        author_id: new.author_id,
        title: new.title.clone(),
        body: new.body.clone(),
        created_at: new.created_at,
    };
    let id = thread::insert(writer, &thread).await?;
    writer
        .query(
            "INSERT INTO pull_requests (thread_id, repository_id, state, is_draft, head_repository_id, head_branch, head_id, \
             base_branch, base_id, version, merge_check, allows_maintainer_edit) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)",
        )
        .bind(id)
        .bind(new.repository_id)
        .bind(PullRequestState::Open)
        .bind(new.is_draft)
        .bind(new.head_repository_id)
        .bind(new.head_branch.clone())
        .bind(new.head_id.clone())
        .bind(new.base_branch.clone())
        .bind(new.base_id.clone())
        .bind(MergeCheck::Checking)
        .bind(new.allows_maintainer_edit)
        .execute()
        .await?;
    writer
        .query(
            "INSERT INTO pull_request_versions (thread_id, number, head_id, base_id, pusher_id, is_forced, commits, created_at) \
             VALUES ($1, 1, $2, $3, $4, $5, 0, $6)",
        )
        .bind(id)
        .bind(new.head_id.clone())
        .bind(new.base_id.clone())
        .bind(new.author_id)
        .bind(false)
        .bind(new.created_at)
        .execute()
        .await?;
    add_to_count(writer, new.repository_id, PullRequestState::Open, 1).await?;
    writer.query(SELECT).push(" WHERE t.id = $1").bind(id).fetch_one().await
}

/// The column of `repositories` that counts the pull requests in this state.
pub(crate) const fn counter(state: PullRequestState) -> &'static str {
    match state {
        PullRequestState::Open => "open_pulls",
        PullRequestState::Closed => "closed_pulls",
        PullRequestState::Merged => "merged_pulls",
    }
}

async fn add_to_count(
    writer: &mut Writer,
    repository: RepositoryId,
    state: PullRequestState,
    count: i64,
) -> Result<()> {
    let column = counter(state);
    let query = writer.query("UPDATE repositories SET ").push(column).push(" = ").push(column);
    query.push(" + $2 WHERE id = $1").bind(repository).bind(count).execute().await?;
    Ok(())
}

/// None: there is no such thread, or it is not a pull request.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    number: ThreadNumber,
) -> Result<Option<PullRequest>> {
    ask.query(SELECT)
        .push(" WHERE t.repository_id = $1 AND t.number = $2")
        .bind(repository)
        .bind(number)
        .fetch_optional()
        .await
}

pub async fn find_by_id(ask: &mut impl Ask, id: ThreadId) -> Result<Option<PullRequest>> {
    ask.query(SELECT).push(" WHERE t.id = $1").bind(id).fetch_optional().await
}

/// Like [`find_by_id`], and locks the pull request until the transaction ends.
pub async fn lock(writer: &mut Writer, id: ThreadId) -> Result<Option<PullRequest>> {
    writer.lock_row("threads", id.0).await?;
    find_by_id(writer, id).await
}

/// What keeps head and base from being merged, as [`set_check`] was given it; none if nothing does.
pub async fn find_conflicts(ask: &mut impl Ask, id: ThreadId) -> Result<Option<Document>> {
    let found: Option<(Option<Document>,)> = ask
        .query("SELECT conflicts FROM pull_requests WHERE thread_id = $1")
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.and_then(|(conflicts,)| conflicts))
}

/// Makes it ask for a merge into another branch. What was known about the merge is forgotten. Fails with
/// [`crate::Error::Taken`] as [`insert`] does. `false`: it is not open.
pub async fn set_base(
    writer: &mut Writer,
    id: ThreadId,
    base_branch: &str,
    base_id: &str,
    now: Timestamp,
) -> Result<bool> {
    thread::touch(writer, id, 0, now).await?;
    writer
        .query(
            "UPDATE pull_requests SET base_branch = $2, base_id = $3, merge_base_id = NULL, merge_check = $4, conflicts = NULL, \
             checked_head_id = NULL, checked_base_id = NULL WHERE thread_id = $1 AND state = $5",
        )
        .bind(id)
        .bind(base_branch)
        .bind(base_id)
        .bind(MergeCheck::Checking)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await
}

/// Says that it is not known any more whether it can be merged, because its base moved to `base_id`.
pub async fn note_base(writer: &mut Writer, id: ThreadId, base_id: &str) -> Result<bool> {
    writer
        .query("UPDATE pull_requests SET base_id = $2, merge_check = $3 WHERE thread_id = $1 AND state = $4")
        .bind(id)
        .bind(base_id)
        .bind(MergeCheck::Checking)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await
}

/// What was found out about merging a head into a base.
#[derive(Clone, Debug)]
pub struct Check {
    pub head_id: String,
    pub base_branch: String,
    pub base_id: String,
    pub merge_base_id: Option<String>,
    pub result: MergeCheck,
    /// The conflicts, in the form that [`find_conflicts`] returns.
    pub conflicts: Option<Json<serde_json::Value>>,
}

/// Stores the result of a check. `false`: it is not open, or has another head or base branch by now.
pub async fn set_check(writer: &mut Writer, id: ThreadId, check: &Check) -> Result<bool> {
    writer
        .query(
            "UPDATE pull_requests SET base_id = $4, checked_head_id = $2, checked_base_id = $4, merge_base_id = $5, \
             merge_check = $6, conflicts = $7 WHERE thread_id = $1 AND head_id = $2 AND base_branch = $3 AND state = $8",
        )
        .bind(id)
        .bind(check.head_id.clone())
        .bind(check.base_branch.clone())
        .bind(check.base_id.clone())
        .bind(check.merge_base_id.clone())
        .bind(check.result)
        .bind(check.conflicts.clone())
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await
}

/// Notes what a merge is about to make of it, before the base branch moves: if the server stops in between, the branch says
/// whether it happened. `false`: it is not open.
pub async fn set_merge_intent(
    writer: &mut Writer,
    id: ThreadId,
    commit_id: &str,
    method: MergedAs,
    by: Option<UserId>,
) -> Result<bool> {
    writer
        .query(
            "UPDATE pull_requests SET merge_commit_id = $2, merge_method = $3, merged_by = $4 \
             WHERE thread_id = $1 AND state = $5",
        )
        .bind(id)
        .bind(commit_id)
        .bind(method)
        .bind(by)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await
}

/// Forgets a merge that did not happen.
pub async fn clear_merge_intent(writer: &mut Writer, id: ThreadId) -> Result<bool> {
    writer
        .query(
            "UPDATE pull_requests SET merge_commit_id = NULL, merge_method = NULL, merged_by = NULL \
             WHERE thread_id = $1 AND state <> $2",
        )
        .bind(id)
        .bind(PullRequestState::Merged)
        .execute_on_one()
        .await
}

/// The pull requests for which a merge has begun and neither ended nor been forgotten, over all repositories.
pub async fn list_half_merged(ask: &mut impl Ask, most: u64) -> Result<Vec<PullRequest>> {
    ask.query(SELECT)
        .push(" WHERE p.state = 'open' AND p.merge_commit_id IS NOT NULL ORDER BY t.id")
        .limit(most)
        .fetch_all()
        .await
}

/// A merge that has happened.
#[derive(Clone, Debug)]
pub struct Merged {
    pub commit_id: String,
    pub method: MergedAs,
    /// None: it was pushed, and nobody knows by whom.
    pub by: Option<UserId>,
    /// The base branch afterwards.
    pub base_id: String,
    pub at: Timestamp,
}

/// Marks an open pull request as merged. `false`: it is not open.
pub async fn set_merged(writer: &mut Writer, pull_request: &PullRequest, merged: &Merged) -> Result<bool> {
    let is_set = writer
        .query(
            "UPDATE pull_requests SET state = $2, merge_commit_id = $3, merge_method = $4, merged_by = $5, base_id = $6, \
             merged_at = $7, closed_at = $7, auto_merge = NULL, auto_merge_by = NULL, conflicts = NULL \
             WHERE thread_id = $1 AND state = $8",
        )
        .bind(pull_request.id)
        .bind(PullRequestState::Merged)
        .bind(merged.commit_id.clone())
        .bind(merged.method)
        .bind(merged.by)
        .bind(merged.base_id.clone())
        .bind(merged.at)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await?;
    if is_set {
        note_state(writer, pull_request, (PullRequestState::Open, PullRequestState::Merged), merged.at)
            .await?;
    }
    Ok(is_set)
}

/// Closes an open pull request without merging it; a waiting merge is called off. `false`: it is not open.
pub async fn set_closed(writer: &mut Writer, pull_request: &PullRequest, now: Timestamp) -> Result<bool> {
    let is_set = writer
        .query(
            "UPDATE pull_requests SET state = $2, closed_at = $3, auto_merge = NULL, auto_merge_by = NULL \
             WHERE thread_id = $1 AND state = $4",
        )
        .bind(pull_request.id)
        .bind(PullRequestState::Closed)
        .bind(now)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await?;
    if is_set {
        note_state(writer, pull_request, (PullRequestState::Open, PullRequestState::Closed), now).await?;
    }
    Ok(is_set)
}

/// Opens a closed pull request again. Fails with [`crate::Error::Taken`] as [`insert`] does. `false`: it is open or merged.
pub async fn set_reopened(writer: &mut Writer, pull_request: &PullRequest, now: Timestamp) -> Result<bool> {
    let is_set = writer
        .query(
            "UPDATE pull_requests SET state = $2, closed_at = NULL, merge_check = $3 WHERE thread_id = $1 AND state = $4",
        )
        .bind(pull_request.id)
        .bind(PullRequestState::Open)
        .bind(MergeCheck::Checking)
        .bind(PullRequestState::Closed)
        .execute_on_one()
        .await?;
    if is_set {
        note_state(writer, pull_request, (PullRequestState::Closed, PullRequestState::Open), now).await?;
    }
    Ok(is_set)
}

/// Counts a pull request in its new state.
async fn note_state(
    writer: &mut Writer,
    pull_request: &PullRequest,
    (from, to): (PullRequestState, PullRequestState),
    now: Timestamp,
) -> Result<()> {
    thread::touch(writer, pull_request.id, 0, now).await?;
    add_to_count(writer, pull_request.repository_id, from, -1).await?;
    add_to_count(writer, pull_request.repository_id, to, 1).await?;
    milestone::recount_of_thread(writer, pull_request.id).await
}

/// `false` if it already was, or was not, a draft.
pub async fn set_draft(writer: &mut Writer, id: ThreadId, is_draft: bool, now: Timestamp) -> Result<bool> {
    thread::touch(writer, id, 0, now).await?;
    writer
        .query("UPDATE pull_requests SET is_draft = $2 WHERE thread_id = $1 AND is_draft <> $2")
        .bind(id)
        .bind(is_draft)
        .execute_on_one()
        .await
}

pub async fn set_allows_maintainer_edit(writer: &mut Writer, id: ThreadId, allows: bool) -> Result<()> {
    writer
        .query("UPDATE pull_requests SET allows_maintainer_edit = $2 WHERE thread_id = $1")
        .bind(id)
        .bind(allows)
        .execute()
        .await?;
    Ok(())
}

/// Sets the merge that waits for its conditions, and whose it is; none calls it off. `false`: it is not open.
pub async fn set_auto_merge(
    writer: &mut Writer,
    id: ThreadId,
    auto_merge: Option<(&AutoMerge, UserId)>,
) -> Result<bool> {
    let (merge, by) = auto_merge.unzip();
    writer
        .query("UPDATE pull_requests SET auto_merge = $2, auto_merge_by = $3 WHERE thread_id = $1 AND state = $4")
        .bind(id)
        .bind(merge.cloned().map(Json))
        .bind(by)
        .bind(PullRequestState::Open)
        .execute_on_one()
        .await
}

/// A branch of a repository has another name now: its open pull requests keep it, as their head and as their base.
pub async fn rename_branch(
    writer: &mut Writer,
    repository: RepositoryId,
    from: &str,
    to: &str,
) -> Result<()> {
    for sql in [
        "UPDATE pull_requests SET head_branch = $3 WHERE head_repository_id = $1 AND head_branch = $2 AND state = 'open'",
        "UPDATE pull_requests SET base_branch = $3 WHERE repository_id = $1 AND base_branch = $2 AND state = 'open'",
    ] {
        writer.query(sql).bind(repository).bind(from).bind(to).execute().await?;
    }
    Ok(())
}
