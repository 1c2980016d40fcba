//! Threads that stand at the top of the list of their kind, in an order that people give them.

use hearth_core::{
    IssueState, PullRequestState, RepositoryId, ThreadId, ThreadKind, ThreadNumber, Timestamp,
};
use sqlx::FromRow;

use crate::{Ask, Result, Writer, thread::Thread};

/// A pinned thread.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Pin {
    pub thread_id: ThreadId,
    pub number: ThreadNumber,
    pub title: String,
    /// None: it is not an issue.
    pub issue_state: Option<IssueState>,
    /// None: it is not a pull request.
    pub pull_request_state: Option<PullRequestState>,
    /// Counted from 1, without gaps.
    pub place: i64,
}

impl Pin {
    pub fn is_open(&self) -> bool {
        let is_open_issue = self.issue_state == Some(IssueState::Open);
        is_open_issue || self.pull_request_state == Some(PullRequestState::Open)
    }
}

/// In their order. They are few, see `limits.pinned_threads`.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId, kind: ThreadKind) -> Result<Vec<Pin>> {
    ask.query(
        "SELECT p.thread_id, t.number, t.title, i.state AS issue_state, r.state AS pull_request_state, p.place \
         FROM thread_pins p JOIN threads t ON t.id = p.thread_id LEFT JOIN issues i ON i.thread_id = t.id \
         LEFT JOIN pull_requests r ON r.thread_id = t.id WHERE p.repository_id = $1 AND p.kind = $2 ORDER BY p.place, p.thread_id",
    )
    .bind(repository)
    .bind(kind)
    .fetch_all()
    .await
}

/// The places of those threads that are pinned.
pub async fn places(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<(ThreadId, i64)>> {
    ask.query("SELECT p.thread_id, p.place FROM thread_pins p WHERE p.thread_id")
        .is_any_of(threads)
        .push(" ORDER BY p.thread_id")
        .fetch_all()
        .await
}

/// Makes these threads, of one repository and kind, the pinned ones, in this order. The caller has locked the repository.
pub async fn set(
    writer: &mut Writer,
    repository: RepositoryId,
    kind: ThreadKind,
    threads: &[ThreadId],
    now: Timestamp,
) -> Result<()> {
    writer
        .query("DELETE FROM thread_pins WHERE repository_id = $1 AND kind = $2")
        .bind(repository)
        .bind(kind)
        .execute()
        .await?;
    for (place, thread) in (1_i64..).zip(threads) {
        writer
            .query(
                "INSERT INTO thread_pins (thread_id, repository_id, kind, place, created_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(*thread)
            .bind(repository)
            .bind(kind)
            .bind(place)
            .bind(now)
            .execute()
            .await?;
    }
    Ok(())
}

/// Whether a thread is pinned.
pub async fn is_pinned(ask: &mut impl Ask, thread: &Thread) -> Result<bool> {
    let pinned =
        ask.query("SELECT COUNT(*) FROM thread_pins p WHERE p.thread_id = $1").bind(thread.id).fetch_count();
    Ok(pinned.await? > 0)
}
