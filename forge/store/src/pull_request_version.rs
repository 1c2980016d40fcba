//! Versions of pull requests: each head that was pushed, numbered from 1.

use hearth_core::{MergeCheck, ThreadId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer, thread};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PullRequestVersion {
    pub thread_id: ThreadId,
    pub number: i64,
    pub head_id: String,
    /// The base branch when it was pushed.
    pub base_id: String,
    /// None: not known yet, or head and base have no common ancestor.
    pub merge_base_id: Option<String>,
    /// The identity of its diff. None: not known yet, or the diff is over a bound.
    pub patch_id: Option<String>,
    pub pusher_id: Option<UserId>,
    /// The current name of who pushed it.
    pub pusher: Option<UserName>,
    /// Whether it does not contain the version before it.
    pub is_forced: bool,
    /// How many commits it has that the base has not; 0 while that is not known. At least 1 once it is known that no common
    /// ancestor was found.
    pub commits: i64,
    pub created_at: Timestamp,
}

impl PullRequestVersion {
    /// Whether it was found out what it changes, even if that is: nothing that can be compared.
    pub fn is_measured(&self) -> bool {
        self.merge_base_id.is_some() || self.commits > 0
    }
}

const SELECT: &str = "SELECT v.thread_id, v.number, v.head_id, v.base_id, v.merge_base_id, v.patch_id, v.pusher_id, u.name AS pusher, \
    v.is_forced, v.commits, v.created_at FROM pull_request_versions v LEFT JOIN owners u ON u.id = v.pusher_id WHERE v.thread_id = $1";

#[derive(Clone, Debug)]
pub struct NewVersion {
    pub thread_id: ThreadId,
    pub head_id: String,
    pub base_id: String,
    /// None: found after a stop, or pushed by the server itself.
    pub pusher_id: Option<UserId>,
    pub is_forced: bool,
    pub created_at: Timestamp,
}

/// Moves the head of a pull request, and stores that as its next version, whose number is returned. Whether it can be merged is
/// not known from then on. The first version is stored with the pull request itself.
pub async fn insert(writer: &mut Writer, new: &NewVersion) -> Result<i64> {
    thread::touch(writer, new.thread_id, 0, new.created_at).await?;
    let (number,): (i64,) = writer
        .query(
            "UPDATE pull_requests SET version = version + 1, head_id = $2, merge_check = $3 WHERE thread_id = $1 RETURNING version",
        )
        .bind(new.thread_id)
        .bind(new.head_id.clone())
        .bind(MergeCheck::Checking)
        .fetch_one()
        .await?;
    writer
        .query(
            "INSERT INTO pull_request_versions (thread_id, number, head_id, base_id, pusher_id, is_forced, commits, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        )
        .bind(new.thread_id)
        .bind(number)
        .bind(new.head_id.clone())
        .bind(new.base_id.clone())
        .bind(new.pusher_id)
        .bind(new.is_forced)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(number)
}

/// What is found out about a version after it was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub merge_base_id: Option<String>,
    pub patch_id: Option<String>,
    pub commits: i64,
    pub is_forced: bool,
}

/// Completes a version. `false`: there is none of this number.
pub async fn complete(writer: &mut Writer, thread: ThreadId, number: i64, facts: &Facts) -> Result<bool> {
    writer
        .query(
            "UPDATE pull_request_versions SET merge_base_id = $3, patch_id = $4, commits = $5, is_forced = $6 \
             WHERE thread_id = $1 AND number = $2",
        )
        .bind(thread)
        .bind(number)
        .bind(facts.merge_base_id.clone())
        .bind(facts.patch_id.clone())
        .bind(facts.commits)
        .bind(facts.is_forced)
        .execute_on_one()
        .await
}

pub async fn find(ask: &mut impl Ask, thread: ThreadId, number: i64) -> Result<Option<PullRequestVersion>> {
    ask.query(SELECT).push(" AND v.number = $2").bind(thread).bind(number).fetch_optional().await
}

pub async fn find_newest(ask: &mut impl Ask, thread: ThreadId) -> Result<Option<PullRequestVersion>> {
    ask.query(SELECT).push(" ORDER BY v.number DESC LIMIT 1").bind(thread).fetch_optional().await
}

/// The newest `most` versions, oldest first.
pub async fn list(ask: &mut impl Ask, thread: ThreadId, most: u64) -> Result<Vec<PullRequestVersion>> {
    let query = ask.query(SELECT).bind(thread).push(" ORDER BY v.number DESC");
    let mut versions: Vec<PullRequestVersion> = query.limit(most).fetch_all().await?;
    versions.reverse();
    Ok(versions)
}

/// Everybody who pushed commits that the version `newest` consists of, also before the pull request was opened, or while it was
/// closed: whoever opens it has not written what others pushed to its branch. Those pushes are the ones since the branch was
/// made, was at the merge base, or was at the version before. Whoever brought the same difference onto another base, or only
/// chose another base, has contributed nothing; nor has what was taken back, so that the difference is an earlier one again.
pub async fn list_contributors(ask: &mut impl Ask, thread: ThreadId, newest: i64) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = ask
        .query(
            "WITH written AS (SELECT v.head_id, v.pusher_id, v.merge_base_id, before.head_id AS before_id, \
             p.head_repository_id AS repository_id, 'refs/heads/' || p.head_branch AS ref_name FROM pull_request_versions v \
             JOIN pull_requests p ON p.thread_id = v.thread_id \
             LEFT JOIN (SELECT patch_id, MIN(number) AS number FROM pull_request_versions \
             WHERE thread_id = $1 AND patch_id IS NOT NULL GROUP BY patch_id) same ON same.patch_id = v.patch_id \
             LEFT JOIN pull_request_versions before ON before.thread_id = v.thread_id AND before.number = v.number - 1 \
             WHERE v.thread_id = $1 AND (same.number IS NULL OR same.number = v.number) \
             AND (before.head_id IS NULL OR before.head_id <> v.head_id) AND v.number <= (SELECT MIN(first.number) \
             FROM pull_request_versions first JOIN pull_request_versions last ON last.thread_id = first.thread_id \
             WHERE first.thread_id = $1 AND last.number = $2 \
             AND (first.number = last.number OR first.patch_id = last.patch_id))), \
             brought AS (SELECT w.*, (SELECT MIN(b.id) FROM pushes b WHERE b.repository_id = w.repository_id \
             AND b.ref_name = w.ref_name AND b.new_id = w.head_id) AS last_id FROM written w), \
             spans AS (SELECT w.*, COALESCE((SELECT MAX(CASE WHEN b.new_id = w.merge_base_id OR b.new_id = w.before_id \
             THEN b.id ELSE b.id - 1 END) FROM pushes b WHERE b.repository_id = w.repository_id AND b.ref_name = w.ref_name \
             AND b.id <= w.last_id AND (b.old_id = '' OR b.new_id = w.merge_base_id OR b.new_id = w.before_id)), 0) AS after_id \
             FROM brought w) \
             SELECT pusher_id FROM written WHERE pusher_id IS NOT NULL \
             UNION SELECT b.pusher_id FROM spans w JOIN pushes b ON b.repository_id = w.repository_id \
             AND b.ref_name = w.ref_name AND b.id > w.after_id AND b.id <= w.last_id WHERE b.pusher_id IS NOT NULL",
        )
        .bind(thread)
        .bind(newest)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
