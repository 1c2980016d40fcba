//! Pinned repositories of an owner's page, in the owner's order.

use hearth_core::{OwnerId, RepositoryId};

use crate::{Ask, Result, Writer};

/// Replaces the pinned repositories by these, in this order.
pub async fn set(writer: &mut Writer, owner: OwnerId, repositories: &[RepositoryId]) -> Result<()> {
    writer.query("DELETE FROM pinned_repositories WHERE owner_id = $1").bind(owner).execute().await?;
    for (place, repository) in (0_i64..).zip(repositories) {
        writer
            .query("INSERT INTO pinned_repositories (owner_id, repository_id, place) VALUES ($1, $2, $3)")
            .bind(owner)
            .bind(*repository)
            .bind(place)
            .execute()
            .await?;
    }
    Ok(())
}

/// In the owner's order. They are few, see `limits.pinned_repositories`.
pub async fn list(ask: &mut impl Ask, owner: OwnerId) -> Result<Vec<RepositoryId>> {
    let rows: Vec<(RepositoryId,)> = ask
        .query("SELECT repository_id FROM pinned_repositories WHERE owner_id = $1 ORDER BY place")
        .bind(owner)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
