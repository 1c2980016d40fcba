//! Comments on lines of pull requests. The first of a line thread says where it stands, its replies point at it.

use hearth_core::{
    LineCommentId, LineSide, PageRequest, Quoted, RepositoryId, ReviewId, ReviewState, ThreadId,
    ThreadNumber, Timestamp, UserId, UserName,
};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LineComment {
    pub id: LineCommentId,
    pub review_id: ReviewId,
    /// Pending ones are seen by their author only.
    pub review_state: ReviewState,
    pub thread_id: ThreadId,
    pub author_id: UserId,
    /// The author's current name.
    pub author: UserName,
    /// The first comment of its line thread; none: it is the first itself.
    pub reply_to: Option<LineCommentId>,
    pub path: String,
    pub side: LineSide,
    /// From 1, in the version it was written for.
    pub first_line: i64,
    /// Included.
    pub last_line: i64,
    /// The version of the pull request that it was written for.
    pub version: i64,
    pub quoted: Json<Quoted>,
    pub body: String,
    /// The number of edits of the body, from 1.
    pub edit_version: i64,
    /// Of the line thread, on its first comment.
    pub resolved_at: Option<Timestamp>,
    pub resolved_by: Option<UserId>,
    /// The current name of who resolved it.
    pub resolved_by_name: Option<UserName>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl LineComment {
    /// The first comment of its line thread.
    pub fn first_id(&self) -> LineCommentId {
        self.reply_to.unwrap_or(self.id)
    }

    pub fn is_edited(&self) -> bool {
        self.edit_version > 1
    }

    pub fn is_pending(&self) -> bool {
        self.review_state == ReviewState::Pending
    }
}

const SELECT: &str = "SELECT c.id, c.review_id, v.state AS review_state, c.thread_id, c.author_id, u.name AS author, c.reply_to, c.path, \
    c.side, c.first_line, c.last_line, c.version, c.quoted, c.body, c.edit_version, c.resolved_at, c.resolved_by, \
    d.name AS resolved_by_name, c.created_at, c.updated_at FROM line_comments c JOIN reviews v ON v.id = c.review_id \
    JOIN owners u ON u.id = c.author_id LEFT JOIN owners d ON d.id = c.resolved_by";

#[derive(Clone, Debug)]
pub struct NewLineComment {
    pub review_id: ReviewId,
    pub thread_id: ThreadId,
    pub author_id: UserId,
    /// The first comment of the line thread, whose place this one has.
    pub reply_to: Option<LineCommentId>,
    pub path: String,
    pub side: LineSide,
    pub first_line: i64,
    pub last_line: i64,
    pub version: i64,
    pub quoted: Quoted,
    pub body: String,
    pub created_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewLineComment) -> Result<LineComment> {
    let (id,): (LineCommentId,) = writer
        .query(
            "INSERT INTO line_comments (review_id, thread_id, author_id, reply_to, path, side, first_line, last_line, version, quoted, \
             body, edit_version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12) RETURNING id",
        )
        .bind(new.review_id)
        .bind(new.thread_id)
        .bind(new.author_id)
        .bind(new.reply_to)
        .bind(new.path.clone())
        .bind(new.side)
        .bind(new.first_line)
        .bind(new.last_line)
        .bind(new.version)
        .bind(Json(new.quoted.clone()))
        .bind(new.body.clone())
        .bind(new.created_at)
        .fetch_one()
        .await?;
    writer.query(SELECT).push(" WHERE c.id = $1").bind(id).fetch_one().await
}

/// Only finds comments of this pull request: an id alone gives no access. Also finds pending ones.
pub async fn find(ask: &mut impl Ask, thread: ThreadId, id: LineCommentId) -> Result<Option<LineComment>> {
    ask.query(SELECT)
        .push(" WHERE c.thread_id = $1 AND c.id = $2")
        .bind(thread)
        .bind(id)
        .fetch_optional()
        .await
}

/// The number of the pull request of this repository that a comment belongs to.
pub async fn find_number(
    ask: &mut impl Ask,
    repository: RepositoryId,
    id: LineCommentId,
) -> Result<Option<ThreadNumber>> {
    let found: Option<(ThreadNumber,)> = ask
        .query(
            "SELECT t.number FROM line_comments c JOIN threads t ON t.id = c.thread_id WHERE t.repository_id = $1 AND c.id = $2",
        )
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.map(|(number,)| number))
}

/// Appends the condition that a comment `c` of a review `v` is seen by this person.
fn seen_by(query: Query<'_>, viewer: Option<UserId>) -> Query<'_> {
    let query = query.push(" AND (v.state <> ").push_bind(ReviewState::Pending);
    query.push(" OR c.author_id = ").push_bind(viewer).push(")")
}

/// The comments of a pull request that this person sees, oldest first.
pub async fn list(
    ask: &mut impl Ask,
    thread: ThreadId,
    viewer: Option<UserId>,
    most: u64,
) -> Result<Vec<LineComment>> {
    let query = ask.query(SELECT).push(" WHERE c.thread_id = $1").bind(thread);
    seen_by(query, viewer).push(" ORDER BY c.id").limit(most).fetch_all().await
}

/// The comments that came with a review, oldest first.
pub async fn list_of_review(
    ask: &mut impl Ask,
    review: ReviewId,
    request: PageRequest,
) -> Result<Vec<LineComment>> {
    ask.query(SELECT)
        .push(" WHERE c.review_id = $1 ORDER BY c.id")
        .bind(review)
        .page(request)
        .fetch_all()
        .await
}

/// How many comments came with each of these reviews; those without any are omitted.
pub async fn count_of_reviews(ask: &mut impl Ask, reviews: &[ReviewId]) -> Result<Vec<(ReviewId, i64)>> {
    ask.query("SELECT c.review_id, COUNT(*) FROM line_comments c WHERE c.review_id")
        .is_any_of(reviews)
        .push(" GROUP BY c.review_id ORDER BY c.review_id")
        .fetch_all()
        .await
}

/// How many comments of a pull request have been submitted.
pub async fn count(ask: &mut impl Ask, thread: ThreadId) -> Result<u64> {
    ask.query(
        "SELECT COUNT(*) FROM line_comments c JOIN reviews v ON v.id = c.review_id WHERE c.thread_id = $1 AND v.state <> $2",
    )
    .bind(thread)
    .bind(ReviewState::Pending)
    .fetch_count()
    .await
}

/// How many line threads of a pull request are submitted and not resolved.
pub async fn count_unresolved(ask: &mut impl Ask, thread: ThreadId) -> Result<u64> {
    ask.query(
        "SELECT COUNT(*) FROM line_comments c JOIN reviews v ON v.id = c.review_id WHERE c.thread_id = $1 AND v.state <> $2 \
         AND c.reply_to IS NULL AND c.resolved_at IS NULL",
    )
    .bind(thread)
    .bind(ReviewState::Pending)
    .fetch_count()
    .await
}

/// `false` if the comment was edited since `edit_version`: then nothing is changed.
pub async fn update(
    writer: &mut Writer,
    id: LineCommentId,
    edit_version: i64,
    body: &str,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "UPDATE line_comments SET body = $3, edit_version = edit_version + 1, updated_at = $4 \
             WHERE id = $1 AND edit_version = $2",
        )
        .bind(id)
        .bind(edit_version)
        .bind(body)
        .bind(now)
        .execute_on_one()
        .await
}

/// Deletes a comment. If it is the first of a line thread that has replies, the oldest reply takes its place, so that what
/// others said is not lost. `false` if it was already gone.
pub async fn delete(writer: &mut Writer, id: LineCommentId) -> Result<bool> {
    // One that is pending only where there is no other: others could not see what they reply to.
    let next: Option<(LineCommentId,)> = writer
        .query(
            "SELECT c.id FROM line_comments c JOIN reviews v ON v.id = c.review_id WHERE c.reply_to = $1 \
             ORDER BY CASE WHEN v.state = $2 THEN 1 ELSE 0 END, c.id LIMIT 1",
        )
        .bind(id)
        .bind(ReviewState::Pending)
        .fetch_optional()
        .await?;
    if let Some((next,)) = next {
        make_first(writer, id, next).await?;
    }
    writer.query("DELETE FROM line_comments WHERE id = $1").bind(id).execute_on_one().await
}

/// Gives `next` the place, the places in later versions, the state and the replies of the first comment.
async fn make_first(writer: &mut Writer, first: LineCommentId, next: LineCommentId) -> Result<()> {
    for sql in [
        "UPDATE line_comments SET reply_to = NULL, \
         resolved_at = (SELECT f.resolved_at FROM line_comments f WHERE f.id = $1), \
         resolved_by = (SELECT f.resolved_by FROM line_comments f WHERE f.id = $1) WHERE id = $2",
        "UPDATE line_comments SET reply_to = $2 WHERE reply_to = $1",
        "UPDATE line_comment_places SET line_comment_id = $2 WHERE line_comment_id = $1",
    ] {
        writer.query(sql).bind(first).bind(next).execute().await?;
    }
    Ok(())
}

/// Resolves a line thread, given its first comment. `false`: it is not one, or already resolved.
pub async fn resolve(writer: &mut Writer, first: LineCommentId, by: UserId, now: Timestamp) -> Result<bool> {
    writer
        .query(
            "UPDATE line_comments SET resolved_at = $2, resolved_by = $3 WHERE id = $1 AND reply_to IS NULL AND resolved_at IS NULL",
        )
        .bind(first)
        .bind(now)
        .bind(by)
        .execute_on_one()
        .await
}

/// Opens a resolved line thread again. `false`: it is not one, or not resolved.
pub async fn unresolve(writer: &mut Writer, first: LineCommentId) -> Result<bool> {
    writer
        .query(
            "UPDATE line_comments SET resolved_at = NULL, resolved_by = NULL WHERE id = $1 AND resolved_at IS NOT NULL",
        )
        .bind(first)
        .execute_on_one()
        .await
}
