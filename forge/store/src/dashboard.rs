//! People's start pages: when they last had it open, and what waits for them.

use hearth_core::{
    IssueState, RepositoryKind, RepositoryName, ThreadNumber, Timestamp, Unit, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    grant::{self, Part, Viewer},
    review::is_standing,
};

/// When somebody last had their start page open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Visit {
    /// From when on it shows what ended.
    pub news_since: Timestamp,
    pub seen_at: Timestamp,
}

pub async fn find_visit(ask: &mut impl Ask, user: UserId) -> Result<Option<Visit>> {
    ask.query("SELECT news_since, seen_at FROM dashboard_visits WHERE user_id = $1")
        .bind(user)
        .fetch_optional()
        .await
}

pub async fn put_visit(writer: &mut Writer, user: UserId, visit: &Visit) -> Result<()> {
    writer
        .query(
            "INSERT INTO dashboard_visits (user_id, news_since, seen_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET news_since = $2, seen_at = $3",
        )
        .bind(user)
        .bind(visit.news_since)
        .bind(visit.seen_at)
        .execute()
        .await?;
    Ok(())
}

/// An open issue, with where it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AssignedIssue {
    pub number: ThreadNumber,
    pub title: String,
    pub kind: RepositoryKind,
    pub owner: UserName,
    pub repository: RepositoryName,
    pub updated_at: Timestamp,
}

/// The open issues assigned to a person where the viewer may read issues, the last changed first.
pub async fn list_assigned(
    ask: &mut impl Ask,
    user: UserId,
    viewer: Viewer,
    most: u64,
) -> Result<Vec<AssignedIssue>> {
    let query = ask
        .query(
            "SELECT t.number, t.title, r.kind, o.name AS owner, r.name AS repository, t.updated_at \
             FROM thread_assignees a JOIN threads t ON t.id = a.thread_id JOIN issues i ON i.thread_id = t.id \
             JOIN repositories r ON r.id = t.repository_id JOIN owners o ON o.id = r.owner_id \
             WHERE a.user_id = $1 AND i.state = $2",
        )
        .bind(user)
        .bind(IssueState::Open);
    grant::visible_to(query, viewer, Part::Unit(Unit::Issues))
        .push(" ORDER BY t.updated_at DESC, t.id DESC")
        .limit(most)
        .fetch_all()
        .await
}

hearth_core::text_enum! {
    /// Why a pull request waits for somebody.
    pub enum TurnReason {
        /// Their review is asked for, or that of a team of theirs.
        ReviewRequested = "review-requested",
        /// A reviewer asks for changes in theirs.
        ChangesRequested = "changes-requested",
        /// Theirs cannot be merged into its base any more.
        Conflicts = "conflicts",
        /// Theirs is approved and can be merged.
        ReadyToMerge = "ready-to-merge",
    }
}

/// An open pull request that waits for somebody, with where it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Turn {
    pub reason: TurnReason,
    pub number: ThreadNumber,
    pub title: String,
    pub author: UserName,
    pub kind: RepositoryKind,
    pub owner: UserName,
    pub repository: RepositoryName,
    pub updated_at: Timestamp,
}

/// The review of `$1` is asked for, and they have given none of the newest version; or they have to look again: what they
/// asked to be changed was pushed, or their approval has lapsed. What conflicts with its base waits for its author first.
const TO_REVIEW: &str = concat!(
    "SELECT asked.thread_id, CAST('review-requested' AS TEXT) AS reason FROM \
    (SELECT q.thread_id FROM review_requests q WHERE q.user_id = $1 UNION SELECT q.thread_id FROM team_members m \
    JOIN review_requests q ON q.team_id = m.team_id WHERE m.user_id = $1) asked WHERE EXISTS (SELECT 1 FROM threads t \
    JOIN pull_requests p ON p.thread_id = t.id WHERE t.id = asked.thread_id AND p.state = 'open' AND p.is_draft = $2 \
    AND p.merge_check <> 'conflicting' AND t.author_id <> $1 AND NOT EXISTS (SELECT 1 FROM reviews v \
    WHERE v.thread_id = t.id AND v.author_id = $1 AND v.state = 'submitted' AND v.version = p.version)) \
    UNION SELECT v.thread_id, CAST('review-requested' AS TEXT) AS reason FROM reviews v \
    JOIN pull_requests p ON p.thread_id = v.thread_id WHERE v.author_id = $1 AND p.state = 'open' AND p.is_draft = $2 \
    AND p.merge_check <> 'conflicting' AND (\
    (v.verdict = 'request-changes' AND v.version < p.version) OR (v.verdict = 'approve' AND v.lapsed_at IS NOT NULL)) AND ",
    is_standing!(),
);

/// Pull requests of `$1` that a reviewer of the newest version asks to be changed, that conflict with their base, or that are
/// approved and can be merged.
const OWN: &str = concat!(
    "SELECT o.thread_id, CASE WHEN o.is_refused THEN 'changes-requested' WHEN o.merge_check = 'conflicting' THEN 'conflicts' \
     ELSE 'ready-to-merge' END AS reason FROM (SELECT t.id AS thread_id, p.merge_check, p.is_draft, \
     EXISTS (SELECT 1 FROM reviews v WHERE v.thread_id = t.id AND v.version = p.version AND v.verdict = 'request-changes' AND ",
    is_standing!(),
    ") AS is_refused, EXISTS (SELECT 1 FROM reviews v WHERE v.thread_id = t.id AND v.verdict = 'request-changes' AND ",
    is_standing!(),
    ") AS is_doubted, EXISTS (SELECT 1 FROM reviews v WHERE v.thread_id = t.id AND v.verdict = 'approve' AND v.lapsed_at IS NULL AND ",
    is_standing!(),
    ") AS is_approved FROM threads t JOIN pull_requests p ON p.thread_id = t.id WHERE t.author_id = $1 AND t.kind = 'pull-request' \
     AND p.state = 'open') o WHERE o.is_refused OR (o.is_draft = $2 \
     AND (o.merge_check = 'conflicting' OR (o.is_approved AND NOT o.is_doubted AND o.merge_check = 'clean')))"
);

/// The open pull requests that wait for a person where the viewer may read pull requests, the last changed first.
pub async fn list_turns(ask: &mut impl Ask, user: UserId, viewer: Viewer, most: u64) -> Result<Vec<Turn>> {
    let query = ask.query(
        "SELECT w.reason, t.number, t.title, a.name AS author, r.kind, o.name AS owner, r.name AS repository, t.updated_at FROM (",
    );
    // A person and a team of theirs may both be asked.
    let query = query.push(TO_REVIEW).push(" UNION ").push(OWN).bind(user).bind(false).push(
        ") w JOIN threads t ON t.id = w.thread_id JOIN owners a ON a.id = t.author_id \
         JOIN repositories r ON r.id = t.repository_id JOIN owners o ON o.id = r.owner_id WHERE r.is_pending = $2",
    );
    grant::visible_to(query, viewer, Part::Unit(Unit::Pulls))
        .push(" ORDER BY t.updated_at DESC, t.id DESC")
        .limit(most)
        .fetch_all()
        .await
}
