//! Labels on threads. The labels themselves are in [`crate::label`].

use hearth_core::{Error, Kind, LabelId, Result, ThreadEventKind, Write};
use hearth_store::label as row;
use serde_json::json;

use super::{Act, ThreadEdit};
use crate::Access;

impl ThreadEdit {
    /// Adds and removes labels, all of this repository.
    pub(crate) async fn change_labels(
        &mut self,
        access: &Access<Write>,
        add: &[LabelId],
        remove: &[LabelId],
    ) -> Result<()> {
        let actor = access.writer().id;
        let changes = add.iter().map(|id| (*id, true)).chain(remove.iter().map(|id| (*id, false)));
        let mut is_changed = false;
        for (id, is_added) in changes {
            let found = row::find(&mut self.operation, access.repository().id, id).await?;
            let label = found.ok_or(Error::NotFound(Kind::Label))?;
            let thread = self.thread.id;
            let data = json!({ "name": label.name, "color": label.color });
            if is_added && row::attach(&mut self.operation, thread, id).await? {
                self.note(actor, ThreadEventKind::Labeled, data).await?;
                self.record(access, Act::Labeled(label.name)).await?;
                is_changed = true;
            } else if !is_added && row::detach(&mut self.operation, thread, id).await? {
                self.note(actor, ThreadEventKind::Unlabeled, data).await?;
                self.record(access, Act::Unlabeled(label.name)).await?;
                is_changed = true;
            }
        }
        if is_changed { self.touch().await } else { Ok(()) }
    }

    /// Sets the thread's labels to exactly these.
    pub(crate) async fn set_labels(&mut self, access: &Access<Write>, wanted: &[LabelId]) -> Result<()> {
        let held = row::list_of_threads(&mut self.operation, &[self.thread.id]).await?;
        let gone: Vec<LabelId> =
            held.iter().map(|held| held.label.id).filter(|id| !wanted.contains(id)).collect();
        self.change_labels(access, wanted, &gone).await
    }
}
