//! The merged pull requests of which release notes are made.

use hearth_core::{RepositoryId, ThreadId, ThreadNumber, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result};

/// A pull request as release notes list it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct MergedPull {
    pub thread_id: ThreadId,
    pub number: ThreadNumber,
    pub title: String,
    pub author_id: UserId,
    pub author: UserName,
    pub merged_at: Timestamp,
}

/// Those that came with these commits, in the order in which they were merged.
pub async fn list_merged(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commits: &[String],
) -> Result<Vec<MergedPull>> {
    ask.query(
        "SELECT t.id AS thread_id, t.number, t.title, t.author_id, u.name AS author, p.merged_at FROM pull_requests p \
         JOIN threads t ON t.id = p.thread_id JOIN owners u ON u.id = t.author_id \
         WHERE p.repository_id = $1 AND p.state = 'merged' AND p.merged_at IS NOT NULL AND p.merge_commit_id",
    )
    .bind(repository)
    .is_any_of(commits)
    .push(" ORDER BY p.merged_at, t.number")
    .fetch_all()
    .await
}

/// When something of each of these people was first merged.
pub async fn list_first_merges(
    ask: &mut impl Ask,
    repository: RepositoryId,
    authors: &[UserId],
) -> Result<Vec<(UserId, Timestamp)>> {
    ask.query(
        "SELECT t.author_id, MIN(p.merged_at) FROM pull_requests p JOIN threads t ON t.id = p.thread_id \
         WHERE p.repository_id = $1 AND p.state = 'merged' AND p.merged_at IS NOT NULL AND t.author_id",
    )
    .bind(repository)
    .is_any_of(authors)
    .push(" GROUP BY t.author_id")
    .fetch_all()
    .await
}
