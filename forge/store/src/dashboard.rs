//! People's start pages: when they last had it open, and the issues that wait for them.

use hearth_core::{
    IssueState, RepositoryKind, RepositoryName, ThreadNumber, Timestamp, Unit, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Result, Writer,
    grant::{self, Part, Viewer},
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
