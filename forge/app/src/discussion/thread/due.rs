//! When a thread is to be done.

use hearth_core::{Result, ThreadEventKind, ThreadNumber, Timestamp, Write};
use hearth_store::thread as row;
use serde_json::json;

use super::{Act, ThreadEdit};
use crate::{Access, App};

impl ThreadEdit {
    /// Says when it is to be done; none: at no certain time.
    pub(crate) async fn set_due(&mut self, access: &Access<Write>, due_at: Option<Timestamp>) -> Result<()> {
        if !row::set_due(&mut self.operation, self.thread.id, due_at, self.now).await? {
            return Ok(());
        }
        self.thread.due_at = due_at;
        self.note(access.writer().id, ThreadEventKind::DueChanged, json!({ "due_at": due_at })).await?;
        self.record(access, Act::DueChanged(due_at)).await
    }
}

/// Sets or removes the due date of a thread.
pub async fn set_due(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    due_at: Option<Timestamp>,
) -> Result<()> {
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    thread_edit.set_due(access, due_at).await?;
    thread_edit.operation.commit().await
}
