//! Labels on threads. The labels themselves are in [`crate::label`].

use hearth_core::{Error, Kind, LabelId, Read, Result, ThreadEventKind, ThreadNumber, UserId, Write};
use hearth_store::label::{self as row, Label};
use serde_json::json;

use super::{Act, ThreadEdit, check_batch_size, find};
use crate::{Access, App};

/// The labels of a thread, by name.
pub async fn labels(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Label>> {
    let mut reader = app.store().read().await?;
    let thread = find(&mut reader, access, number).await?;
    let held = row::list_of_threads(&mut reader, &[thread.id]).await?;
    Ok(held.into_iter().map(|held| held.label).collect())
}

/// Adds and removes labels, all of this repository, and returns those that the thread has then.
pub async fn edit_labels(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    add: &[LabelId],
    remove: &[LabelId],
) -> Result<Vec<Label>> {
    check_batch_size(app, add.len())?;
    check_batch_size(app, remove.len())?;
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    thread_edit.change_labels(access, add, remove).await?;
    thread_edit.end_with_labels().await
}

/// Sets a thread's labels to exactly these.
pub async fn set_labels(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    wanted: &[LabelId],
) -> Result<Vec<Label>> {
    check_batch_size(app, wanted.len())?;
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    thread_edit.set_labels(access, wanted).await?;
    thread_edit.end_with_labels().await
}

impl ThreadEdit {
    async fn end_with_labels(mut self) -> Result<Vec<Label>> {
        let held = row::list_of_threads(&mut self.operation, &[self.thread.id]).await?;
        self.operation.commit().await?;
        Ok(held.into_iter().map(|held| held.label).collect())
    }

    /// Adds and removes labels, all of this repository. An exclusive label replaces those that it excludes.
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
            is_changed |= if is_added {
                self.add_label(access, actor, label).await?
            } else {
                self.remove_label(access, actor, label).await?
            };
        }
        if is_changed { self.touch().await } else { Ok(()) }
    }

    async fn add_label(&mut self, access: &Access<Write>, actor: UserId, label: Label) -> Result<bool> {
        if !row::attach(&mut self.operation, self.thread.id, label.id).await? {
            return Ok(false);
        }
        for excluded in self.excluded_by(&label).await? {
            self.remove_label(access, actor, excluded).await?;
        }
        let data = json!({ "name": label.name, "color": label.color });
        self.note(actor, ThreadEventKind::Labeled, data).await?;
        self.record(access, Act::Labeled(label.name)).await?;
        Ok(true)
    }

    async fn remove_label(&mut self, access: &Access<Write>, actor: UserId, label: Label) -> Result<bool> {
        if !row::detach(&mut self.operation, self.thread.id, label.id).await? {
            return Ok(false);
        }
        let data = json!({ "name": label.name, "color": label.color });
        self.note(actor, ThreadEventKind::Unlabeled, data).await?;
        self.record(access, Act::Unlabeled(label.name)).await?;
        Ok(true)
    }

    /// The labels that the thread has and cannot keep beside this one.
    async fn excluded_by(&mut self, label: &Label) -> Result<Vec<Label>> {
        if label.scope().is_none() {
            return Ok(Vec::new());
        }
        let held = row::list_of_threads(&mut self.operation, &[self.thread.id]).await?;
        Ok(held.into_iter().map(|held| held.label).filter(|held| label.excludes(held)).collect())
    }

    /// Gives a new thread its labels. Of those that exclude each other, it gets the last.
    pub(super) async fn attach_labels<Level>(
        &mut self,
        access: &Access<Level>,
        labels: &[LabelId],
    ) -> Result<()> {
        let mut wanted: Vec<Label> = Vec::new();
        for id in labels {
            let found = row::find(&mut self.operation, access.repository().id, *id).await?;
            let label = found.ok_or(Error::NotFound(Kind::Label))?;
            wanted.retain(|other| !label.excludes(other));
            wanted.push(label);
        }
        for label in wanted {
            row::attach(&mut self.operation, self.thread.id, label.id).await?;
        }
        Ok(())
    }

    /// Sets the thread's labels to exactly these; of those that exclude each other, to the last.
    pub(crate) async fn set_labels(&mut self, access: &Access<Write>, wanted: &[LabelId]) -> Result<()> {
        let held = row::list_of_threads(&mut self.operation, &[self.thread.id]).await?;
        let gone: Vec<LabelId> =
            held.iter().map(|held| held.label.id).filter(|id| !wanted.contains(id)).collect();
        self.change_labels(access, wanted, &gone).await
    }
}
