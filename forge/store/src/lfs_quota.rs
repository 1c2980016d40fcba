//! What the large files of single owners may take, where that is not what the configuration allows everybody.

use hearth_core::{OwnerId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// The limit of an owner.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LfsQuota {
    pub owner_id: OwnerId,
    pub owner: UserName,
    /// 0: there is no limit.
    pub most_bytes: i64,
}

const SELECT: &str = "SELECT o.id AS owner_id, o.name AS owner, o.lfs_bytes AS most_bytes FROM owners o \
    WHERE o.lfs_bytes IS NOT NULL";

/// None: the owner has no limit of their own.
pub async fn find(ask: &mut impl Ask, owner: OwnerId) -> Result<Option<LfsQuota>> {
    ask.query(SELECT).push(" AND o.id = $1").bind(owner).fetch_optional().await
}

/// All of them, by the names of the owners.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<LfsQuota>> {
    ask.query(SELECT).push(" ORDER BY o.name_key").fetch_all().await
}

/// Sets the limit of an owner; none: they have no limit of their own any more.
pub async fn set(writer: &mut Writer, owner: OwnerId, most_bytes: Option<i64>) -> Result<()> {
    writer
        .query("UPDATE owners SET lfs_bytes = $2 WHERE id = $1")
        .bind(owner)
        .bind(most_bytes)
        .execute()
        .await?;
    Ok(())
}
