//! Which threads wait for which others, in their own repository or in others.

use hearth_core::{
    IssueState, PullRequestState, RepositoryId, RepositoryKind, RepositoryName, ThreadId, ThreadKind,
    ThreadNumber, Timestamp, Unit, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Result, Sql, Writer,
    grant::{self, Part, Viewer},
};

/// A thread at the other end of a dependency, with where it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LinkedThread {
    pub id: ThreadId,
    pub number: ThreadNumber,
    pub kind: ThreadKind,
    pub title: String,
    /// None: it is a pull request.
    pub issue_state: Option<IssueState>,
    /// None: it is an issue.
    pub pull_request_state: Option<PullRequestState>,
    pub repository_id: RepositoryId,
    pub repository_kind: RepositoryKind,
    pub owner: UserName,
    pub repository: RepositoryName,
}

impl LinkedThread {
    pub fn is_open(&self) -> bool {
        let is_open_issue = self.issue_state == Some(IssueState::Open);
        is_open_issue || self.pull_request_state == Some(PullRequestState::Open)
    }
}

/// The end of a dependency that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What a thread waits for.
    Blockers,
    /// What waits for a thread.
    Blocked,
}

/// Says that one thread waits for another. `false`: it already does.
pub async fn insert(
    writer: &mut Writer,
    blocked: ThreadId,
    blocker: ThreadId,
    creator: UserId,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO thread_dependencies (blocked_id, blocker_id, creator_id, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (blocked_id, blocker_id) DO NOTHING",
        )
        .bind(blocked)
        .bind(blocker)
        .bind(creator)
        .bind(now)
        .execute_on_one()
        .await
}

/// `false`: it does not wait for the other.
pub async fn delete(writer: &mut Writer, blocked: ThreadId, blocker: ThreadId) -> Result<bool> {
    writer
        .query("DELETE FROM thread_dependencies WHERE blocked_id = $1 AND blocker_id = $2")
        .bind(blocked)
        .bind(blocker)
        .execute_on_one()
        .await
}

/// Keeps others from adding dependencies until the transaction ends, so that none of them closes a circle that this one does not see.
pub async fn lock(writer: &mut Writer) -> Result<()> {
    let lock =
        Sql { sqlite: "SELECT 1", postgres: "LOCK TABLE thread_dependencies IN SHARE ROW EXCLUSIVE MODE" };
    writer.query(lock).execute().await?;
    Ok(())
}

/// How far dependencies lead from a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Reach {
    /// The threads that it waits for, itself included, no more than were asked for.
    pub threads: i64,
    /// How often the other is among them: 1 or 0.
    pub hits: i64,
}

/// Follows what `from` waits for, and what that waits for, through at most `most` threads, and looks for `to` among them.
pub async fn reach(ask: &mut impl Ask, from: ThreadId, to: ThreadId, most: u64) -> Result<Reach> {
    ask.query(
        "WITH RECURSIVE up (id) AS (SELECT CAST($1 AS BIGINT) UNION SELECT d.blocker_id FROM thread_dependencies d \
         JOIN up ON d.blocked_id = up.id) \
         SELECT COUNT(*) AS threads, COUNT(CASE WHEN n.id = $2 THEN 1 END) AS hits FROM (SELECT id FROM up LIMIT $3) n",
    )
    .bind(from)
    .bind(to)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_one()
    .await
}

/// How many threads are at one end of a thread's dependencies, whoever may read them.
pub async fn count(ask: &mut impl Ask, thread: ThreadId, end: End) -> Result<u64> {
    let query = ask.query(match end {
        End::Blockers => "SELECT COUNT(*) FROM thread_dependencies d WHERE d.blocked_id = $1",
        End::Blocked => "SELECT COUNT(*) FROM thread_dependencies d WHERE d.blocker_id = $1",
    });
    query.bind(thread).fetch_count().await
}

/// The open pull requests that wait for a thread, and are merged by themselves once nothing keeps them from that.
pub async fn list_scheduled(ask: &mut impl Ask, blocker: ThreadId) -> Result<Vec<ThreadId>> {
    let rows: Vec<(ThreadId,)> = ask
        .query(
            "SELECT p.thread_id FROM thread_dependencies d JOIN pull_requests p ON p.thread_id = d.blocked_id \
             WHERE d.blocker_id = $1 AND p.state = $2 AND p.auto_merge IS NOT NULL ORDER BY p.thread_id",
        )
        .bind(blocker)
        .bind(PullRequestState::Open)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The threads at one end that the viewer may read, oldest dependency first.
pub async fn list(
    ask: &mut impl Ask,
    thread: ThreadId,
    end: End,
    viewer: Viewer,
    most: u64,
) -> Result<Vec<LinkedThread>> {
    let mut found = Vec::new();
    for (kind, unit) in [(ThreadKind::Issue, Unit::Issues), (ThreadKind::PullRequest, Unit::Pulls)] {
        let query = ask
            .query(
                "SELECT t.id, t.number, t.kind, t.title, i.state AS issue_state, p.state AS pull_request_state, \
                 t.repository_id, r.kind AS repository_kind, o.name AS owner, r.name AS repository \
                 FROM thread_dependencies d JOIN threads t ON t.id = ",
            )
            .push(match end {
                End::Blockers => "d.blocker_id",
                End::Blocked => "d.blocked_id",
            })
            .push(
                " LEFT JOIN issues i ON i.thread_id = t.id LEFT JOIN pull_requests p ON p.thread_id = t.id \
                 JOIN repositories r ON r.id = t.repository_id JOIN owners o ON o.id = r.owner_id WHERE ",
            )
            .push(match end {
                End::Blockers => "d.blocked_id = ",
                End::Blocked => "d.blocker_id = ",
            })
            .push_bind(thread)
            .and("t.kind =", Some(kind))
            .and("r.is_pending =", Some(false));
        let query = grant::visible_to(query, viewer, Part::Unit(unit));
        let rows: Vec<LinkedThread> =
            query.push(" ORDER BY d.created_at, t.id").limit(most).fetch_all().await?;
        found.extend(rows);
    }
    Ok(found)
}
