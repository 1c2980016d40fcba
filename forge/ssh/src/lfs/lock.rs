//! Locks on large files.

use hearth_app::lfs_lock::{self, LfsLock};
use hearth_core::{Conflict, Error, Kind, PageRequest, Result};

use super::{request::Request, transfer::Session};

/// `lock`: if it is already locked, the answer names that lock.
pub(super) async fn create(session: &mut Session<'_>, request: &Request) -> Result<()> {
    let path = request.argument("path").ok_or_else(|| Error::field("path", "required"))?;
    let writing = session.access.write()?;
    match lfs_lock::create(session.app, &writing, path).await {
        Ok(lock) => {
            session.output.line("status 201").await?;
            describe(session, &lock).await?;
        }
        Err(Error::Conflict(Conflict::State)) => {
            let found = lfs_lock::find_by_path(session.app, &session.access, path).await?;
            let lock = found.ok_or(Error::Conflict(Conflict::State))?;
            session.output.line("status 409").await?;
            describe(session, &lock).await?;
            session.output.delimiter().await?;
            session.output.line("already locked").await?;
        }
        Err(error) => return Err(error),
    }
    session.output.flush().await
}

/// `unlock`: one's own lock, or by force that of somebody else.
pub(super) async fn delete(session: &mut Session<'_>, request: &Request, id: &str) -> Result<()> {
    let writing = session.access.write()?;
    let id = id.parse().map_err(|_| Error::NotFound(Kind::Object))?;
    let by_force = request.argument("force") == Some("true");
    let lock = lfs_lock::delete(session.app, &writing, id, by_force).await?;
    session.output.line("status 200").await?;
    describe(session, &lock).await?;
    session.output.flush().await
}

/// `list-lock`: all, or those of one path or number.
pub(super) async fn list(session: &mut Session<'_>, request: &Request) -> Result<()> {
    let (app, access) = (session.app, &session.access);
    let number = |name: &'static str| {
        let given = request.argument(name).map(str::parse).transpose();
        given.map_err(|_| Error::field(name, "number"))
    };
    let page = PageRequest::new(number("cursor")?.unwrap_or(1), number("limit")?.unwrap_or(0));
    let (found, next) = if let Some(path) = request.argument("path") {
        (lfs_lock::find_by_path(app, access, path).await?.into_iter().collect(), None)
    } else if let Some(id) = request.argument("id") {
        let id = id.parse().map_err(|_| Error::field("id", "number"))?;
        (lfs_lock::find(app, access, id).await?.into_iter().collect(), None)
    } else {
        let found = lfs_lock::list(app, access, page).await?;
        let next = (found.len() == page.size() as usize).then(|| page.page() + 1);
        (found, next)
    };
    let me = access.actor().user_id();
    let output = &mut session.output;
    output.line("status 200").await?;
    if let Some(next) = next {
        output.line(&format!("next-cursor={next}")).await?;
    }
    output.delimiter().await?;
    for LfsLock { id, path, owner_id, owner, created_at } in found {
        let whose = if Some(owner_id) == me { "ours" } else { "theirs" };
        output.line(&format!("lock {id}")).await?;
        output.line(&format!("path {id} {path}")).await?;
        output.line(&format!("locked-at {id} {created_at}")).await?;
        output.line(&format!("ownername {id} {owner}")).await?;
        output.line(&format!("owner {id} {whose}")).await?;
    }
    output.flush().await
}

async fn describe(session: &mut Session<'_>, lock: &LfsLock) -> Result<()> {
    let output = &mut session.output;
    output.line(&format!("id={}", lock.id)).await?;
    output.line(&format!("path={}", lock.path)).await?;
    output.line(&format!("locked-at={}", lock.created_at)).await?;
    output.line(&format!("ownername={}", lock.owner)).await
}
