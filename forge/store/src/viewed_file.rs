//! Which files of a pull request people have ticked as viewed, and which version they looked at last.

use hearth_core::{ThreadId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A file that somebody ticked as viewed. It counts as long as the changes in it have this identity.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ViewedFile {
    pub path: String,
    pub identity: String,
}

/// Ticks a file, with the identity that its changes have now.
pub async fn put(
    writer: &mut Writer,
    (thread, user): (ThreadId, UserId),
    path: &str,
    identity: &str,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "INSERT INTO viewed_files (thread_id, user_id, path, identity, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (thread_id, user_id, path) DO UPDATE SET identity = $4, created_at = $5",
        )
        .bind(thread)
        .bind(user)
        .bind(path)
        .bind(identity)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// `false` if it was not ticked.
pub async fn delete(writer: &mut Writer, (thread, user): (ThreadId, UserId), path: &str) -> Result<bool> {
    writer
        .query("DELETE FROM viewed_files WHERE thread_id = $1 AND user_id = $2 AND path = $3")
        .bind(thread)
        .bind(user)
        .bind(path)
        .execute_on_one()
        .await
}

/// The files that a person ticked, by path.
pub async fn list(ask: &mut impl Ask, thread: ThreadId, user: UserId, most: u64) -> Result<Vec<ViewedFile>> {
    ask.query("SELECT path, identity FROM viewed_files WHERE thread_id = $1 AND user_id = $2 ORDER BY path")
        .bind(thread)
        .bind(user)
        .limit(most)
        .fetch_all()
        .await
}

/// How many files a person has ticked in a pull request.
pub async fn count(ask: &mut impl Ask, thread: ThreadId, user: UserId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM viewed_files WHERE thread_id = $1 AND user_id = $2")
        .bind(thread)
        .bind(user)
        .fetch_count()
        .await
}

/// The newest version whose files a person has looked at.
pub async fn find_visit(ask: &mut impl Ask, thread: ThreadId, user: UserId) -> Result<Option<i64>> {
    let found: Option<(i64,)> = ask
        .query("SELECT version FROM review_visits WHERE thread_id = $1 AND user_id = $2")
        .bind(thread)
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.map(|(version,)| version))
}

/// Notes that a person looked at the files of a version. Looking at an older one later changes nothing.
pub async fn put_visit(
    writer: &mut Writer,
    (thread, user): (ThreadId, UserId),
    version: i64,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "INSERT INTO review_visits (thread_id, user_id, version, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (thread_id, user_id) DO UPDATE SET version = $3, created_at = $4 WHERE review_visits.version < $3",
        )
        .bind(thread)
        .bind(user)
        .bind(version)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}
