//! Locks: while a thread is locked, only those with write access to the repository can take part.

use hearth_core::{LockReason, Result, ThreadEventKind, ThreadNumber, Write};
use hearth_store::thread as row;
use serde_json::json;

use super::{Act, ThreadEdit};
use crate::{Access, App};

/// Locks a thread; idempotent.
pub async fn lock(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    reason: Option<LockReason>,
) -> Result<()> {
    let actor = access.writer().id;
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    let id = thread_edit.thread.id;
    if row::set_locked(&mut thread_edit.operation, id, actor, reason, thread_edit.now).await? {
        thread_edit.note(actor, ThreadEventKind::Locked, json!({ "reason": reason })).await?;
        thread_edit.record(access, Act::Locked(reason)).await?;
        thread_edit.operation.commit().await?;
    }
    Ok(())
}

/// Unlocks a thread; idempotent.
pub async fn unlock(app: &App, access: &Access<Write>, number: ThreadNumber) -> Result<()> {
    let actor = access.writer().id;
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    let id = thread_edit.thread.id;
    if row::set_unlocked(&mut thread_edit.operation, id).await? {
        thread_edit.note(actor, ThreadEventKind::Unlocked, json!({})).await?;
        thread_edit.record(access, Act::Unlocked).await?;
        thread_edit.operation.commit().await?;
    }
    Ok(())
}
