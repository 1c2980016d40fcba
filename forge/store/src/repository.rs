//! Repositories of all kinds.

use hearth_core::{RepositoryId, RepositoryKind, RepositoryName, Timestamp, UserId, UserName, Visibility};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Repository {
    pub id: RepositoryId,
    pub owner_id: UserId,
    /// The owner's name, as it is now.
    pub owner: UserName,
    pub kind: RepositoryKind,
    pub name: RepositoryName,
    pub description: String,
    pub website: String,
    pub visibility: Visibility,
    pub default_branch: String,
    pub is_empty: bool,
    pub size_bytes: i64,
    pub open_issues: i64,
    pub closed_issues: i64,
    pub pushed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewRepository {
    pub owner_id: UserId,
    pub kind: RepositoryKind,
    pub name: RepositoryName,
    pub description: String,
    pub visibility: Visibility,
    pub default_branch: String,
    pub created_at: Timestamp,
}

/// All of a [`Repository`]; the owner's row is `u`, the repository's `r`.
const SELECT: &str = "SELECT r.id, r.owner_id, u.name AS owner, r.kind, r.name, r.description, r.website, r.visibility, \
    r.default_branch, r.is_empty, r.size_bytes, r.open_issues, r.closed_issues, r.pushed_at, r.created_at, r.updated_at \
    FROM repositories r JOIN users u ON u.id = r.owner_id";

/// Reserves the name. The row is pending, and seen by nobody, until [`finish`]: the files are made in between.
/// Fails with [`crate::Error::Taken`] when the owner has a repository of this kind and name.
pub async fn insert(writer: &mut Writer, new: &NewRepository) -> Result<RepositoryId> {
    let (id,): (RepositoryId,) = writer
        .query(
            "INSERT INTO repositories (owner_id, kind, name, name_key, description, website, visibility, default_branch, \
             is_empty, is_pending, size_bytes, open_issues, closed_issues, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $8, 0, 0, 0, $9, $9) RETURNING id",
        )
        .bind(new.owner_id)
        .bind(new.kind)
        .bind(new.name.clone())
        .bind(new.name.key())
        .bind(new.description.clone())
        .bind(new.visibility)
        .bind(new.default_branch.clone())
        .bind(true)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    Ok(id)
}

/// Makes a reserved repository real.
pub async fn finish(writer: &mut Writer, id: RepositoryId) -> Result<()> {
    writer
        .query("UPDATE repositories SET is_pending = $2 WHERE id = $1")
        .bind(id)
        .bind(false)
        .execute()
        .await?;
    Ok(())
}

/// Hides a repository whose files are about to be removed.
pub async fn retire(writer: &mut Writer, id: RepositoryId) -> Result<()> {
    writer
        .query("UPDATE repositories SET is_pending = $2 WHERE id = $1")
        .bind(id)
        .bind(true)
        .execute()
        .await?;
    Ok(())
}

/// Repositories left half made or half removed by a stop.
pub async fn list_pending(ask: &mut impl Ask) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query("SELECT id FROM repositories WHERE is_pending = $1 ORDER BY id")
        .bind(true)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn delete(writer: &mut Writer, id: RepositoryId) -> Result<()> {
    writer.query("DELETE FROM repositories WHERE id = $1").bind(id).execute().await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, id: RepositoryId) -> Result<Option<Repository>> {
    ask.query(SELECT)
        .then(" WHERE r.id = $1 AND r.is_pending = $2")
        .bind(id)
        .bind(false)
        .fetch_optional()
        .await
}

/// By the names in its address, in any case.
pub async fn find_by_name(
    ask: &mut impl Ask,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Option<Repository>> {
    ask.query(SELECT)
        .then(" WHERE r.kind = $1 AND u.name_key = $2 AND r.name_key = $3 AND r.is_pending = $4")
        .bind(kind)
        .bind(owner.to_ascii_lowercase())
        .bind(name.to_ascii_lowercase())
        .bind(false)
        .fetch_optional()
        .await
}

/// The repository that had this name before it was renamed.
pub async fn find_redirect(
    ask: &mut impl Ask,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Option<Repository>> {
    ask.query(SELECT)
        .then(
            " JOIN repository_redirects d ON d.repository_id = r.id JOIN users o ON o.id = d.owner_id \
             WHERE d.kind = $1 AND o.name_key = $2 AND d.name_key = $3 AND r.is_pending = $4",
        )
        .bind(kind)
        .bind(owner.to_ascii_lowercase())
        .bind(name.to_ascii_lowercase())
        .bind(false)
        .fetch_optional()
        .await
}
