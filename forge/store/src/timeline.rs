//! The order of what lies under an issue: comments and what happened between them.

use hearth_core::{CommentId, IssueId};
use sqlx::FromRow;

use crate::{Ask, Result};

/// Which comment or event is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub is_event: bool,
    pub id: i64,
}

/// How many comments and events there are.
pub async fn count(ask: &mut impl Ask, issue: IssueId) -> Result<u64> {
    ask.query(
        "SELECT (SELECT COUNT(*) FROM comments c WHERE c.issue_id = $1) \
         + (SELECT COUNT(*) FROM issue_events e WHERE e.issue_id = $1)",
    )
    .bind(issue)
    .fetch_count()
    .await
}

/// `most` entries after the first `skipped`, oldest first.
pub async fn list(ask: &mut impl Ask, issue: IssueId, skipped: u64, most: u64) -> Result<Vec<Entry>> {
    ask.query(
        "SELECT is_event, id FROM (SELECT $2 AS is_event, c.id, c.created_at FROM comments c WHERE c.issue_id = $1 \
         UNION ALL SELECT $3 AS is_event, e.id, e.created_at FROM issue_events e WHERE e.issue_id = $1) entries \
         ORDER BY created_at, is_event, id LIMIT $4 OFFSET $5",
    )
    .bind(issue)
    .bind(false)
    .bind(true)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .bind(i64::try_from(skipped).unwrap_or(i64::MAX))
    .fetch_all()
    .await
}

/// How many entries lie before a comment. None: it is not under this issue.
pub async fn place_of_comment(ask: &mut impl Ask, issue: IssueId, id: CommentId) -> Result<Option<u64>> {
    let known: Option<(i64,)> = ask
        .query("SELECT created_at FROM comments WHERE issue_id = $1 AND id = $2")
        .bind(issue)
        .bind(id)
        .fetch_optional()
        .await?;
    let Some((created_at,)) = known else { return Ok(None) };
    let before = ask
        .query(
            "SELECT (SELECT COUNT(*) FROM comments c WHERE c.issue_id = $1 \
             AND (c.created_at < $2 OR (c.created_at = $2 AND c.id < $3))) \
             + (SELECT COUNT(*) FROM issue_events e WHERE e.issue_id = $1 AND e.created_at < $2)",
        )
        .bind(issue)
        .bind(created_at)
        .bind(id)
        .fetch_count()
        .await?;
    Ok(Some(before))
}
