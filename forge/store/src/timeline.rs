//! The order of the entries of a thread: comments, events between them, references to it, and reviews.

use std::cmp::Ordering;

use hearth_core::{CommentId, ReviewId, ReviewState, ThreadId, Timestamp, text_enum};
use sqlx::FromRow;

use crate::{
    Ask, Query, Result,
    grant::{self, Part, Viewer},
};

text_enum! {
    /// The kind of an entry. Entries of the same time are in the order of these words.
    pub enum EntryKind {
        Comment = "comment",
        Event = "event",
        Reference = "reference",
        /// Of a pull request; pending ones are not in the timeline.
        Review = "review",
    }
}

/// The comment, event, reference or review that an entry stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Entry {
    pub kind: EntryKind,
    pub id: i64,
}

/// Appends the references `f` to the thread `$1` that the viewer may see: they must be able to read the
/// source's repository.
fn seen<'c>(query: Query<'c>, viewer: Viewer, columns: &'static str) -> Query<'c> {
    let query = query.push("SELECT ").push(columns).push(
        " FROM thread_references f JOIN repositories r ON r.id = f.source_repository_id \
         WHERE f.target_id = $1 AND r.is_pending = ",
    );
    grant::visible_to(query.push_bind(false), viewer, Part::OfReference)
}

/// How many comments, events, references and reviews the viewer may see.
pub async fn count(ask: &mut impl Ask, thread: ThreadId, viewer: Viewer) -> Result<u64> {
    let query = ask
        .query(
            "SELECT (SELECT COUNT(*) FROM comments c WHERE c.thread_id = $1) \
             + (SELECT COUNT(*) FROM thread_events e WHERE e.thread_id = $1) \
             + (SELECT COUNT(*) FROM reviews v WHERE v.thread_id = $1 AND v.state <> $2) + (",
        )
        .bind(thread)
        .bind(ReviewState::Pending);
    seen(query, viewer, "COUNT(*)").push(")").fetch_count().await
}

/// `most` entries after the first `skipped`, oldest first.
pub async fn list(
    ask: &mut impl Ask,
    thread: ThreadId,
    viewer: Viewer,
    skipped: u64,
    most: u64,
) -> Result<Vec<Entry>> {
    let query = ask
        .query(
            "SELECT kind, id FROM (SELECT CAST('comment' AS TEXT) AS kind, c.id, c.created_at FROM comments c \
             WHERE c.thread_id = $1 UNION ALL SELECT CAST('event' AS TEXT) AS kind, e.id, e.created_at \
             FROM thread_events e WHERE e.thread_id = $1 UNION ALL SELECT CAST('review' AS TEXT) AS kind, v.id, \
             v.submitted_at AS created_at FROM reviews v WHERE v.thread_id = $1 AND v.state <> $2 UNION ALL ",
        )
        .bind(thread)
        .bind(ReviewState::Pending);
    seen(query, viewer, "CAST('reference' AS TEXT) AS kind, f.id, f.created_at")
        .push(") entries ORDER BY created_at, kind, id")
        .limit(most)
        .skip(skipped)
        .fetch_all()
        .await
}

/// How many entries come before a comment. None: it does not belong to this thread.
pub async fn place_of_comment(
    ask: &mut impl Ask,
    thread: ThreadId,
    viewer: Viewer,
    id: CommentId,
) -> Result<Option<u64>> {
    let said = ask.query("SELECT created_at FROM comments WHERE thread_id = $1 AND id = $2");
    let said: Option<(Timestamp,)> = said.bind(thread).bind(id).fetch_optional().await?;
    let Some((at,)) = said else { return Ok(None) };
    Ok(Some(count_before(ask, thread, viewer, (at, EntryKind::Comment, id.0)).await?))
}

/// How many entries come before a review. None: it does not belong to this thread, or is pending.
pub async fn place_of_review(
    ask: &mut impl Ask,
    thread: ThreadId,
    viewer: Viewer,
    id: ReviewId,
) -> Result<Option<u64>> {
    let given =
        ask.query("SELECT submitted_at FROM reviews WHERE thread_id = $1 AND id = $2 AND state <> $3");
    let given = given.bind(thread).bind(id).bind(ReviewState::Pending);
    let given: Option<(Option<Timestamp>,)> = given.fetch_optional().await?;
    let Some((Some(at),)) = given else { return Ok(None) };
    Ok(Some(count_before(ask, thread, viewer, (at, EntryKind::Review, id.0)).await?))
}

/// How many entries come before the one of this time, kind and id, in the order of [`list`].
async fn count_before(
    ask: &mut impl Ask,
    thread: ThreadId,
    viewer: Viewer,
    (at, kind, id): (Timestamp, EntryKind, i64),
) -> Result<u64> {
    let query = ask.query("SELECT (SELECT COUNT(*) FROM comments c WHERE c.thread_id = $1 AND ");
    let query = query.bind(thread).bind(at).bind(id);
    let query = earlier(query, ("c.created_at", "c.id"), EntryKind::Comment.cmp(&kind));
    let query = query.push(") + (SELECT COUNT(*) FROM thread_events e WHERE e.thread_id = $1 AND ");
    let query = earlier(query, ("e.created_at", "e.id"), EntryKind::Event.cmp(&kind));
    let query = query.push(") + (SELECT COUNT(*) FROM reviews v WHERE v.thread_id = $1 AND v.state <> ");
    let query = query.push_bind(ReviewState::Pending).push(" AND ");
    let query = earlier(query, ("v.submitted_at", "v.id"), EntryKind::Review.cmp(&kind)).push(") + (");
    let query = seen(query, viewer, "COUNT(*)").push(" AND ");
    earlier(query, ("f.created_at", "f.id"), EntryKind::Reference.cmp(&kind)).push(")").fetch_count().await
}

/// Appends the condition that an entry is before the time `$2`; if it is of that time, the order of its kind and then its id
/// decides, which is compared with `$3`.
fn earlier<'c>(query: Query<'c>, (time, id): (&'static str, &'static str), kind: Ordering) -> Query<'c> {
    match kind {
        Ordering::Less => query.push(time).push(" <= $2"),
        Ordering::Greater => query.push(time).push(" < $2"),
        Ordering::Equal => {
            let query = query.push("(").push(time).push(" < $2 OR (").push(time).push(" = $2 AND ");
            query.push(id).push(" < $3))")
        }
    }
}
