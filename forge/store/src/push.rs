//! Pushes: which references were updated, and by whom. Compared with the repositories after a crash.

use hearth_core::{PageRequest, RepositoryId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Push {
    pub id: i64,
    pub repository_id: RepositoryId,
    /// None: it was found after a crash, or the account is gone.
    pub pusher_id: Option<UserId>,
    pub ref_name: String,
    /// Empty: the reference was created.
    pub old_id: String,
    /// Empty: the reference was deleted.
    pub new_id: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewPush {
    pub repository_id: RepositoryId,
    pub pusher_id: Option<UserId>,
    pub ref_name: String,
    pub old_id: String,
    pub new_id: String,
    pub created_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewPush) -> Result<()> {
    writer
        .query(
            "INSERT INTO pushes (repository_id, pusher_id, ref_name, old_id, new_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.repository_id)
        .bind(new.pusher_id)
        .bind(new.ref_name.clone())
        .bind(new.old_id.clone())
        .bind(new.new_id.clone())
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Newest first.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId, request: PageRequest) -> Result<Vec<Push>> {
    ask.query(
        "SELECT id, repository_id, pusher_id, ref_name, old_id, new_id, created_at FROM pushes \
         WHERE repository_id = $1 ORDER BY id DESC",
    )
    .bind(repository)
    .page(request)
    .fetch_all()
    .await
}

/// The recorded target of each reference: `(name, id)`, without deleted ones.
pub async fn list_tips(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<(String, String)>> {
    ask.query(
        "SELECT p.ref_name, p.new_id FROM pushes p WHERE p.repository_id = $1 AND p.new_id <> '' AND p.id = (\
         SELECT MAX(q.id) FROM pushes q WHERE q.repository_id = p.repository_id AND q.ref_name = p.ref_name) \
         ORDER BY p.ref_name",
    )
    .bind(repository)
    .fetch_all()
    .await
}

/// The recorded target of a reference; none: nothing is recorded. Empty: it was deleted.
pub async fn find_tip(
    ask: &mut impl Ask,
    repository: RepositoryId,
    ref_name: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = ask
        .query(
            "SELECT new_id FROM pushes WHERE repository_id = $1 AND ref_name = $2 ORDER BY id DESC LIMIT 1",
        )
        .bind(repository)
        .bind(ref_name)
        .fetch_optional()
        .await?;
    Ok(row.map(|(id,)| id))
}
