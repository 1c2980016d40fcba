//! Where the weights of a release came from: a task of the same repository, whose run record is sealed.

use hearth_core::{Error, Permission, Read, Result, TaskId, TaskState, Unit};
use hearth_store::{attempt, release::Release, task as row};

use crate::{Access, App, task};

/// The run that made what a release carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub task: TaskId,
    pub name: String,
    pub state: TaskState,
    /// The commit that its code was pinned to.
    pub commit: String,
    /// Whether its code was changed beyond that commit.
    pub has_patch: bool,
}

/// The origin of a release, if it has one and the reader may see tasks.
pub(super) async fn find(app: &App, access: &Access<Read>, release: &Release) -> Result<Option<Origin>> {
    let Some(id) = release.task_id.filter(|_| access.can_in(Unit::Tasks, Permission::Read)) else {
        return Ok(None);
    };
    let found = row::find(&mut app.store().read().await?, id).await?;
    let own = found.filter(|task| task.repository_id == access.repository().id);
    Ok(own.map(|task| Origin {
        task: task.id,
        name: task.name,
        state: task.state,
        commit: task.commit_id,
        has_patch: task.has_patch,
    }))
}

/// Lets a task of this repository through that the actor may see, and whose last attempt has a sealed record.
pub(super) async fn check<Level>(app: &App, access: &Access<Level>, id: TaskId) -> Result<()> {
    let found = match task::find(app, access.actor(), id).await {
        Err(Error::NotFound(_) | Error::Forbidden(_)) => None,
        found => Some(found?),
    };
    let own = found.filter(|task| task.repository().id == access.repository().id);
    let Some(task) = own else { return Err(Error::field("task", "unknown-task")) };
    let number = task.task().attempts;
    let last = attempt::find(&mut app.store().read().await?, id, number).await?;
    if last.is_some_and(|attempt| attempt.sealed_at.is_some()) {
        Ok(())
    } else {
        Err(Error::field("task", "task-unsealed"))
    }
}
