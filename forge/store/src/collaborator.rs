//! People who may do more in a repository than everybody.

use hearth_core::{Permission, RepositoryId, Timestamp, UserId};

use crate::{Ask, Result, Writer};

pub async fn find_permission(
    ask: &mut impl Ask,
    repository: RepositoryId,
    user: UserId,
) -> Result<Option<Permission>> {
    let row: Option<(Permission,)> = ask
        .query("SELECT permission FROM collaborators WHERE repository_id = $1 AND user_id = $2")
        .bind(repository)
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(row.map(|(permission,)| permission))
}

pub async fn put(
    writer: &mut Writer,
    repository: RepositoryId,
    user: UserId,
    permission: Permission,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "INSERT INTO collaborators (repository_id, user_id, permission, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id, user_id) DO UPDATE SET permission = $3",
        )
        .bind(repository)
        .bind(user)
        .bind(permission)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn delete(writer: &mut Writer, repository: RepositoryId, user: UserId) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM collaborators WHERE repository_id = $1 AND user_id = $2")
        .bind(repository)
        .bind(user)
        .execute()
        .await?;
    Ok(rows == 1)
}
