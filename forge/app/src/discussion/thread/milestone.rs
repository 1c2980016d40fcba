//! Milestones on threads.

use hearth_core::{Error, Kind, MilestoneId, Result, ThreadEventKind, ThreadNumber, Write};
use hearth_store::milestone as row;
use serde_json::json;

use super::{Act, ThreadEdit};
use crate::{Access, App};

impl ThreadEdit {
    /// Gives the thread a milestone of this repository, or takes it out of the one that it has.
    pub(crate) async fn set_milestone(
        &mut self,
        access: &Access<Write>,
        wanted: Option<MilestoneId>,
    ) -> Result<()> {
        let (actor, repository) = (access.writer().id, access.repository().id);
        let before = self.thread.milestone_id;
        let (mut left, mut entered) = (None, None);
        if let Some(id) = before.filter(|id| wanted != Some(*id)) {
            left = row::find(&mut self.operation, repository, id).await?;
        }
        if let Some(id) = wanted.filter(|id| before != Some(*id)) {
            let found = row::find(&mut self.operation, repository, id).await?;
            entered = Some(found.ok_or(Error::NotFound(Kind::Milestone))?);
        }
        if !row::set_of_thread(&mut self.operation, self.thread.id, wanted, self.now).await? {
            return Ok(());
        }
        self.thread.milestone_id = wanted;
        if let Some(milestone) = left {
            self.note(actor, ThreadEventKind::Demilestoned, json!({ "title": milestone.title })).await?;
            self.record(access, Act::Demilestoned(milestone.title)).await?;
        }
        if let Some(milestone) = entered {
            self.note(actor, ThreadEventKind::Milestoned, json!({ "title": milestone.title })).await?;
            self.record(access, Act::Milestoned(milestone.title)).await?;
        }
        Ok(())
    }
}

/// Sets the milestone of a thread; none takes it out of the one that it has.
pub async fn set_milestone(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    wanted: Option<MilestoneId>,
) -> Result<()> {
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    thread_edit.set_milestone(access, wanted).await?;
    thread_edit.operation.commit().await?;
    Ok(())
}
