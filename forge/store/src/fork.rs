//! Forks: which repository another one was made from, and how many were made.

use hearth_core::{OwnerId, RepositoryId};

use crate::{Ask, Result, Writer};

/// Says that a repository was forked from another one, and counts it there.
pub async fn set_origin(writer: &mut Writer, fork: RepositoryId, origin: RepositoryId) -> Result<()> {
    writer
        .query("UPDATE repositories SET fork_of_id = $2 WHERE id = $1")
        .bind(fork)
        .bind(origin)
        .execute()
        .await?;
    recount(writer, fork).await
}

/// Counts the forks of the repository that this one was forked from. Forks that are being made or deleted do not count.
pub(crate) async fn recount(writer: &mut Writer, fork: RepositoryId) -> Result<()> {
    writer
        .query(
            "UPDATE repositories SET forks = (SELECT COUNT(*) FROM repositories f WHERE f.fork_of_id = repositories.id \
             AND f.is_pending = $2) WHERE id = (SELECT o.fork_of_id FROM repositories o WHERE o.id = $1)",
        )
        .bind(fork)
        .bind(false)
        .execute()
        .await?;
    Ok(())
}

/// The fork of a repository that this owner has; there may be several: the oldest.
pub async fn find_of_owner(
    ask: &mut impl Ask,
    origin: RepositoryId,
    owner: OwnerId,
) -> Result<Option<RepositoryId>> {
    let found: Option<(RepositoryId,)> = ask
        .query(
            "SELECT id FROM repositories WHERE fork_of_id = $1 AND owner_id = $2 AND is_pending = $3 ORDER BY id LIMIT 1",
        )
        .bind(origin)
        .bind(owner)
        .bind(false)
        .fetch_optional()
        .await?;
    Ok(found.map(|(id,)| id))
}

/// All repositories that share their history with this one through forks: its origin, its forks, theirs, and so on, itself
/// included. Nearest first, at most `most`.
pub async fn list_network(
    ask: &mut impl Ask,
    repository: RepositoryId,
    most: usize,
) -> Result<Vec<RepositoryId>> {
    let mut found = vec![repository];
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        next += 1;
        let room = most.saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let near: Vec<(RepositoryId,)> = ask
            .query(
                "SELECT id FROM repositories WHERE is_pending = $2 AND (fork_of_id = $1 \
                 OR id = (SELECT o.fork_of_id FROM repositories o WHERE o.id = $1)) ORDER BY id",
            )
            .bind(id)
            .bind(false)
            .limit(most as u64)
            .fetch_all()
            .await?;
        let new = near.into_iter().map(|(id,)| id).filter(|id| !found.contains(id)).take(room);
        let new: Vec<RepositoryId> = new.collect();
        found.extend(new);
    }
    Ok(found)
}
