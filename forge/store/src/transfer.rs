//! Pending transfers of repositories to another owner, and the transfer itself.

use hearth_core::{
    Change, OwnerId, OwnerKind, RepositoryId, RepositoryKind, RepositoryName, Timestamp, UserId, UserName,
};
use sqlx::FromRow;

use crate::{Ask, Result, Writer, repository::Repository, team};

/// A pending transfer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Transfer {
    pub repository_id: RepositoryId,
    pub repository_kind: RepositoryKind,
    pub owner: UserName,
    pub repository: RepositoryName,
    pub new_owner_id: OwnerId,
    pub new_owner: UserName,
    pub new_owner_kind: OwnerKind,
    /// Who offered it; none: their account is gone.
    pub asked_by: Option<UserName>,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT d.repository_id, r.kind AS repository_kind, o.name AS owner, r.name AS repository, d.new_owner_id, \
    n.name AS new_owner, n.kind AS new_owner_kind, b.name AS asked_by, d.created_at FROM repository_transfers d \
    JOIN repositories r ON r.id = d.repository_id JOIN owners o ON o.id = r.owner_id JOIN owners n ON n.id = d.new_owner_id \
    LEFT JOIN owners b ON b.id = d.asked_by";

/// Offers a transfer, replacing any earlier offer.
pub async fn put(
    writer: &mut Writer,
    repository: RepositoryId,
    new_owner: OwnerId,
    asked_by: UserId,
    now: Timestamp,
) -> Result<()> {
    writer
        .query(
            "INSERT INTO repository_transfers (repository_id, new_owner_id, asked_by, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id) DO UPDATE SET new_owner_id = $2, asked_by = $3, created_at = $4",
        )
        .bind(repository)
        .bind(new_owner)
        .bind(asked_by)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, repository: RepositoryId) -> Result<Option<Transfer>> {
    ask.query(SELECT).push(" WHERE d.repository_id = $1").bind(repository).fetch_optional().await
}

/// The transfers that a person can accept, for themselves and for organisations in which they may create
/// repositories, newest first, at most `most`.
pub async fn list_for(ask: &mut impl Ask, user: UserId, most: u64) -> Result<Vec<Transfer>> {
    ask.query(SELECT)
        .push(
            " WHERE d.new_owner_id = $1 OR d.new_owner_id IN (SELECT t.organization_id FROM teams t JOIN team_members m \
             ON m.team_id = t.id WHERE t.may_create_repositories AND m.user_id = $1) ORDER BY d.created_at DESC, d.repository_id",
        )
        .bind(user)
        .limit(most)
        .fetch_all()
        .await
}

/// `false`: no transfer was pending.
pub async fn delete(writer: &mut Writer, repository: RepositoryId) -> Result<bool> {
    writer
        .query("DELETE FROM repository_transfers WHERE repository_id = $1")
        .bind(repository)
        .execute_on_one()
        .await
}

/// Transfers the locked repository to another owner; its old URL redirects to it. Removes it from teams and
/// from pinned repositories. Fails with [`crate::Error::Taken`] if the new owner has a repository of this
/// kind and name.
pub async fn move_to(
    writer: &mut Writer,
    repository: &Repository,
    new_owner: OwnerId,
    now: Timestamp,
) -> Result<()> {
    writer.changed(Change::Repository(repository.id));
    // It now counts towards another quota, so its waiting tasks are reconsidered.
    writer.changed(Change::Supply);
    writer
        .query("UPDATE repositories SET owner_id = $2, updated_at = $3 WHERE id = $1")
        .bind(repository.id)
        .bind(new_owner)
        .bind(now)
        .execute()
        .await?;
    writer
        .query("DELETE FROM repository_redirects WHERE owner_id = $1 AND kind = $2 AND name_key = $3")
        .bind(new_owner)
        .bind(repository.kind)
        .bind(repository.name.key())
        .execute()
        .await?;
    writer
        .query(
            "INSERT INTO repository_redirects (owner_id, kind, name_key, repository_id) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (owner_id, kind, name_key) DO UPDATE SET repository_id = $4",
        )
        .bind(repository.owner_id)
        .bind(repository.kind)
        .bind(repository.name.key())
        .bind(repository.id)
        .execute()
        .await?;
    team::forget_repository(writer, repository.id).await?;
    writer
        .query("DELETE FROM pinned_repositories WHERE repository_id = $1")
        .bind(repository.id)
        .execute()
        .await?;
    delete(writer, repository.id).await?;
    Ok(())
}
