//! Locks: while a thread is locked, only those with write access to the repository can take part.

use hearth_core::{LockReason, Result, ThreadEventKind, ThreadNumber, Write};
use hearth_store::thread as row;
use serde_json::json;

use super::{Act, Changing};
use crate::{Access, App};

/// Locks a thread; idempotent.
pub async fn lock(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    reason: Option<LockReason>,
) -> Result<()> {
    let actor = access.writer().id;
    let mut changing = Changing::begin(app, access, number).await?;
    let id = changing.thread.id;
    if row::set_locked(&mut changing.operation, id, actor, reason, changing.now).await? {
        changing.note(actor, ThreadEventKind::Locked, json!({ "reason": reason })).await?;
        changing.record(access, Act::Locked(reason)).await?;
        changing.operation.commit().await?;
    }
    Ok(())
}

/// Unlocks a thread; idempotent.
pub async fn unlock(app: &App, access: &Access<Write>, number: ThreadNumber) -> Result<()> {
    let actor = access.writer().id;
    let mut changing = Changing::begin(app, access, number).await?;
    let id = changing.thread.id;
    if row::set_unlocked(&mut changing.operation, id).await? {
        changing.note(actor, ThreadEventKind::Unlocked, json!({})).await?;
        changing.record(access, Act::Unlocked).await?;
        changing.operation.commit().await?;
    }
    Ok(())
}
