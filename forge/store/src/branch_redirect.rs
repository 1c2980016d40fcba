//! Where branches that were renamed are now.

use hearth_core::{RepositoryId, Timestamp};

use crate::{Ask, Result, Writer};

/// From now on the name `from` leads to `to`, and so does every name that led to `from`.
pub async fn put(
    writer: &mut Writer,
    repository: RepositoryId,
    (from, to): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    remove(writer, repository, to).await?;
    writer
        .query("UPDATE branch_redirects SET target = $3 WHERE repository_id = $1 AND target = $2")
        .bind(repository)
        .bind(from)
        .bind(to)
        .execute()
        .await?;
    writer
        .query(
            "INSERT INTO branch_redirects (repository_id, name, target, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id, name) DO UPDATE SET target = $3, created_at = $4",
        )
        .bind(repository)
        .bind(from)
        .bind(to)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// The name is a branch's own again.
pub async fn remove(writer: &mut Writer, repository: RepositoryId, name: &str) -> Result<()> {
    writer
        .query("DELETE FROM branch_redirects WHERE repository_id = $1 AND name = $2")
        .bind(repository)
        .bind(name)
        .execute()
        .await?;
    Ok(())
}

/// The longest of these names that a renamed branch had, with its name now. An address gives several, because names may
/// contain slashes.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    names: &[String],
) -> Result<Option<(String, String)>> {
    ask.query("SELECT name, target FROM branch_redirects WHERE repository_id = $1 AND name")
        .bind(repository)
        .is_any_of(names)
        .push(" ORDER BY length(name) DESC LIMIT 1")
        .fetch_optional()
        .await
}
