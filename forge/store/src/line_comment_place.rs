//! Where comments on lines stand in later versions of their pull requests.

use hearth_core::{LineCommentId, LineSide, ThreadId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LineCommentPlace {
    pub line_comment_id: LineCommentId,
    pub version: i64,
    /// None: its lines are gone in this version.
    pub path: Option<String>,
    pub side: LineSide,
    pub first_line: Option<i64>,
    pub last_line: Option<i64>,
}

/// Stores the place of a comment in a version, replacing an earlier one.
pub async fn put(writer: &mut Writer, place: &LineCommentPlace) -> Result<()> {
    writer
        .query(
            "INSERT INTO line_comment_places (line_comment_id, version, path, side, first_line, last_line) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (line_comment_id, version) \
             DO UPDATE SET path = $3, side = $4, first_line = $5, last_line = $6",
        )
        .bind(place.line_comment_id)
        .bind(place.version)
        .bind(place.path.clone())
        .bind(place.side)
        .bind(place.first_line)
        .bind(place.last_line)
        .execute()
        .await?;
    Ok(())
}

/// The places of the comments of a pull request in this version; those written for it have none.
pub async fn list(ask: &mut impl Ask, thread: ThreadId, version: i64) -> Result<Vec<LineCommentPlace>> {
    ask.query(
        "SELECT p.line_comment_id, p.version, p.path, p.side, p.first_line, p.last_line FROM line_comments c \
         JOIN line_comment_places p ON p.line_comment_id = c.id WHERE c.thread_id = $1 AND p.version = $2 ORDER BY p.line_comment_id",
    )
    .bind(thread)
    .bind(version)
    .fetch_all()
    .await
}

/// Where a first comment stood last, before a version in which it has no place yet.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Unplaced {
    pub line_comment_id: LineCommentId,
    /// The version that it was written for.
    pub version: i64,
    pub path: String,
    pub side: LineSide,
    pub first_line: i64,
    pub last_line: i64,
}

/// The first comments of line threads that were written for an earlier version than this and have no place in it yet, pending
/// ones included, with the place that they were written for.
pub async fn list_unplaced(
    ask: &mut impl Ask,
    thread: ThreadId,
    version: i64,
    most: u64,
) -> Result<Vec<Unplaced>> {
    ask.query(
        "SELECT c.id AS line_comment_id, c.version, c.path, c.side, c.first_line, c.last_line FROM line_comments c \
         WHERE c.thread_id = $1 AND c.version < $2 AND c.reply_to IS NULL AND NOT EXISTS \
         (SELECT 1 FROM line_comment_places p WHERE p.line_comment_id = c.id AND p.version = $2) ORDER BY c.id",
    )
    .bind(thread)
    .bind(version)
    .limit(most)
    .fetch_all()
    .await
}

/// The last place before this version that each comment of a pull request had, for those that were not outdated in all of them.
pub async fn list_last(
    ask: &mut impl Ask,
    thread: ThreadId,
    version: i64,
    most: u64,
) -> Result<Vec<LineCommentPlace>> {
    ask.query(
        "SELECT p.line_comment_id, p.version, p.path, p.side, p.first_line, p.last_line FROM line_comments c \
         JOIN line_comment_places p ON p.line_comment_id = c.id WHERE c.thread_id = $1 AND p.path IS NOT NULL AND p.version = \
         (SELECT MAX(q.version) FROM line_comment_places q WHERE q.line_comment_id = c.id AND q.version < $2 \
         AND q.path IS NOT NULL) ORDER BY p.line_comment_id",
    )
    .bind(thread)
    .bind(version)
    .limit(most)
    .fetch_all()
    .await
}
