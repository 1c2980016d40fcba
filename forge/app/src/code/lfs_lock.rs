//! Locks on large files: they tell others that somebody is working on one.

use hearth_core::{Action, Conflict, Error, Kind, PageRequest, Permission, Read, Result, Write};
use hearth_git::TreePath;
use hearth_store::{Meaning as _, lfs_lock};

pub use hearth_store::lfs_lock::LfsLock;

use crate::{Access, App};

/// Locks a path for the actor.
pub async fn create(app: &App, access: &Access<Write>, path: &str) -> Result<LfsLock> {
    let path = TreePath::file(path).map_err(|_| Error::field("path", "path"))?;
    let id = access.repository().id;
    let mut operation = app.begin().await?;
    let owner = access.writer().id;
    lfs_lock::insert(&mut operation, id, path.as_str(), owner, app.now()).await.on_taken(Conflict::State)?;
    let lock = lfs_lock::find_by_path(&mut operation, id, path.as_str()).await?;
    operation.commit().await?;
    lock.ok_or(Error::NotFound(Kind::File))
}

/// The lock of a path.
pub async fn find_by_path(app: &App, access: &Access<Read>, path: &str) -> Result<Option<LfsLock>> {
    Ok(lfs_lock::find_by_path(&mut app.store().read().await?, access.repository().id, path).await?)
}

pub async fn find(app: &App, access: &Access<Read>, id: i64) -> Result<Option<LfsLock>> {
    Ok(lfs_lock::find(&mut app.store().read().await?, access.repository().id, id).await?)
}

/// Oldest first.
pub async fn list(app: &App, access: &Access<Read>, request: PageRequest) -> Result<Vec<LfsLock>> {
    Ok(lfs_lock::list(&mut app.store().read().await?, access.repository().id, request).await?)
}

/// Removes a lock: one's own, or with `by_force` somebody else's, which requires administration.
pub async fn delete(app: &App, access: &Access<Write>, id: i64, by_force: bool) -> Result<LfsLock> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let lock = lfs_lock::find(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Object))?;
    if lock.owner_id != access.writer().id && !(by_force && access.can(Permission::Administer)) {
        return Err(Error::Forbidden(Action::Administer));
    }
    lfs_lock::delete(&mut operation, repository, id).await?;
    operation.commit().await?;
    Ok(lock)
}
