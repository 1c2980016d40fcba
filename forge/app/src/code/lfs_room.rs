//! How much large files of one owner may take: `limits.owner_lfs_bytes`, or what an administrator set for them, each object
//! counted once however many repositories of theirs hold it.
//!
//! It is checked when a client asks what to send, so that nothing is sent in vain, and again in the operation that writes the
//! rows, under a lock of the owner: two that come at once do not get the same room.

use hearth_core::{Error, Kind, OwnerId, Quota, RepositoryId, Result};
use hearth_store::{Ask, lfs_object, lfs_quota, owner, repository};

use crate::{App, Operation};

/// The name of the quota in errors.
const NAME: &str = "lfs";

/// What an owner's large files take, in bytes, and may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    pub used_bytes: u64,
    /// 0: there is no limit.
    pub most_bytes: u64,
}

impl Usage {
    /// Whether so much more has room.
    pub const fn has_room_for(self, more_bytes: u64) -> bool {
        self.most_bytes == 0 || self.used_bytes.saturating_add(more_bytes) <= self.most_bytes
    }

    pub(crate) const fn spent(self) -> Quota {
        Quota { name: NAME, used: self.used_bytes, most: self.most_bytes }
    }
}

/// What an owner's large files take now.
pub async fn usage(app: &App, ask: &mut impl Ask, owner: OwnerId) -> Result<Usage> {
    let used_bytes = lfs_object::bytes_of_owner(ask, owner).await?;
    let own = lfs_quota::find(ask, owner).await?;
    let own = own.map(|quota| u64::try_from(quota.most_bytes).unwrap_or(0));
    Ok(Usage { used_bytes, most_bytes: own.unwrap_or(app.limits().owner_lfs_bytes) })
}

/// The same for a page of the owner's settings.
pub async fn of_owner(app: &App, owner: OwnerId) -> Result<Usage> {
    usage(app, &mut app.store().read().await?, owner).await
}

/// What an owner's large files took before an operation adds to them. The owner is locked until it ends.
#[derive(Debug)]
pub(crate) struct Room {
    owner: OwnerId,
    before_bytes: u64,
}

impl Room {
    pub(crate) async fn of(operation: &mut Operation, owner: OwnerId) -> Result<Self> {
        owner::lock(operation, owner).await?;
        Ok(Self { owner, before_bytes: lfs_object::bytes_of_owner(operation, owner).await? })
    }

    /// The room of whoever owns a repository.
    pub(crate) async fn of_repository(operation: &mut Operation, id: RepositoryId) -> Result<Self> {
        let found = repository::find(operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
        Self::of(operation, found.owner_id).await
    }

    /// Refuses what was added since, if it is more than has room. Who is over the limit already may still do what adds nothing.
    pub(crate) async fn check(self, app: &App, operation: &mut Operation) -> Result<()> {
        let usage = usage(app, operation, self.owner).await?;
        let is_more = usage.used_bytes > self.before_bytes;
        if is_more && !usage.has_room_for(0) { Err(Error::QuotaSpent(usage.spent())) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_exactly_has_room_and_without_a_limit_everything_has() {
        let usage = |most_bytes| Usage { used_bytes: 60, most_bytes };
        assert!(usage(100).has_room_for(40));
        assert!(!usage(100).has_room_for(41));
        assert!(!usage(100).has_room_for(u64::MAX));
        assert!(usage(0).has_room_for(u64::MAX));
    }
}
