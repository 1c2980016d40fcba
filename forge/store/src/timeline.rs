//! The order of the entries of a thread: comments, events between them, and references to it.

use hearth_core::{CommentId, ThreadId, text_enum};
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
    }
}

/// The comment, event or reference that an entry stands for.
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

/// How many comments, events and references the viewer may see.
pub async fn count(ask: &mut impl Ask, thread: ThreadId, viewer: Viewer) -> Result<u64> {
    let query = ask
        .query(
            "SELECT (SELECT COUNT(*) FROM comments c WHERE c.thread_id = $1) \
             + (SELECT COUNT(*) FROM thread_events e WHERE e.thread_id = $1) + (",
        )
        .bind(thread);
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
             FROM thread_events e WHERE e.thread_id = $1 UNION ALL ",
        )
        .bind(thread);
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
    let known: Option<(i64,)> = ask
        .query("SELECT created_at FROM comments WHERE thread_id = $1 AND id = $2")
        .bind(thread)
        .bind(id)
        .fetch_optional()
        .await?;
    let Some((created_at,)) = known else { return Ok(None) };
    let query = ask
        .query(
            "SELECT (SELECT COUNT(*) FROM comments c WHERE c.thread_id = $1 \
             AND (c.created_at < $2 OR (c.created_at = $2 AND c.id < $3))) \
             + (SELECT COUNT(*) FROM thread_events e WHERE e.thread_id = $1 AND e.created_at < $2) + (",
        )
        .bind(thread)
        .bind(created_at)
        .bind(id);
    let before = seen(query, viewer, "COUNT(*)").push(" AND f.created_at < $2)").fetch_count().await?;
    Ok(Some(before))
}
