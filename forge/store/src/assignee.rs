//! The people assigned to a thread.

use hearth_core::{RepositoryId, ThreadId, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Assignee {
    pub thread_id: ThreadId,
    pub user_id: UserId,
    pub name: UserName,
}

/// `false` if they were already assigned.
pub async fn insert(writer: &mut Writer, thread: ThreadId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("INSERT INTO thread_assignees (thread_id, user_id) VALUES ($1, $2) ON CONFLICT (thread_id, user_id) DO NOTHING")
        .bind(thread)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// `false` if they were not assigned.
pub async fn delete(writer: &mut Writer, thread: ThreadId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM thread_assignees WHERE thread_id = $1 AND user_id = $2")
        .bind(thread)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// The assignees of several threads, by name.
pub async fn list(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<Assignee>> {
    ask.query(
        "SELECT a.thread_id, a.user_id, u.name FROM thread_assignees a JOIN owners u ON u.id = a.user_id WHERE a.thread_id",
    )
    .is_any_of(threads)
    .push(" ORDER BY a.thread_id, u.name_key")
    .fetch_all()
    .await
}

/// Everybody who is assigned to a thread of the repository, by name.
pub async fn list_assigned(ask: &mut impl Ask, repository: RepositoryId, most: u64) -> Result<Vec<UserName>> {
    let rows: Vec<(UserName, String)> = ask
        .query(
            "SELECT o.name, o.name_key FROM owners o WHERE o.id IN (SELECT a.user_id FROM thread_assignees a \
             JOIN threads t ON t.id = a.thread_id WHERE t.repository_id = $1) ORDER BY o.name_key",
        )
        .bind(repository)
        .limit(most)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}
