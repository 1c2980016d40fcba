use std::time::Duration;

use hearth_core::{
    Conflict, RepositoryId, Result, TaskId, UserId,
    event::{Audience, ModelEvent, Subject},
};
use hearth_git::{ObjectId, RefUpdate, TagName};
use hearth_store::{
    Meaning as _,
    model_version::{self, NewModelVersion},
    repository,
    task_link::{self, Direction, NewTaskLink},
};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{
    App, GitResult as _, push,
    repository::{git, update_head},
};

/// Records a version whose branch and tag have been updated: its row, its lineage link, its push and its
/// event. It is enqueued before the update and carried out directly afterwards; run as a job, it completes
/// what a stop or an error left unfinished in between.
#[derive(Debug, Serialize, Deserialize)]
pub struct FinishPublication {
    pub repository: RepositoryId,
    pub task: TaskId,
    pub version: String,
    pub commit: String,
    pub note: String,
    pub creator: UserId,
}

impl Job for FinishPublication {
    const NAME: &'static str = "settle_publication";
    const QUEUE: Queue = Queue::Repositories;

    async fn run(self, app: &App) -> Result<Ran> {
        let row = repository::find(&mut app.store().read().await?, self.repository).await?;
        // It was deleted meanwhile.
        let Some(row) = row else { return Ok(Ran::Done) };
        let (Ok(tag), Ok(commit)) = (TagName::new(self.version.clone()), self.commit.parse::<ObjectId>())
        else {
            return Ok(Ran::Done);
        };
        let wanted = tag.full();
        let found = git(app, &row).await?.run(move |git| git.reference(&wanted)).await.map_git()?;
        // Nothing was published: somebody else was faster, or the process stopped before.
        if found != Some(commit) {
            return Ok(Ran::Done);
        }
        let tagged = RefUpdate { name: tag.full(), old: None, new: Some(commit) };
        if self.finish(app, &[tagged]).await? {
            tracing::info!(repo.id = %self.repository, version = self.version, "recorded a version whose publication was interrupted");
        }
        push::reconcile_one(app, self.repository).await?;
        Ok(Ran::Done)
    }
}

impl FinishPublication {
    /// How long the job leaves the work to the publishing request.
    pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

    /// Writes all rows in one transaction. `false`: they already existed.
    pub(crate) async fn finish(&self, app: &App, updates: &[RefUpdate]) -> Result<bool> {
        let row = repository::find(&mut app.store().read().await?, self.repository).await?;
        let Some(row) = row else { return Ok(false) };
        let facts = push::inspect_updates(&git(app, &row).await?, updates, &row.default_branch).await?;
        let now = app.now();
        let mut operation = app.begin().await?;
        push::insert_record(&mut operation, row.id, Some(self.creator), &facts, now).await?;
        if model_version::find(&mut operation, row.id, &self.version).await?.is_some() {
            return Ok(false);
        }
        let version = NewModelVersion {
            repository_id: row.id,
            version: self.version.clone(),
            commit_id: self.commit.clone(),
            note: self.note.clone(),
            creator_id: self.creator,
            created_at: now,
        };
        model_version::insert(&mut operation, &version).await.on_taken(Conflict::VersionTaken)?;
        let link = NewTaskLink {
            task_id: self.task,
            direction: Direction::Output,
            repository_id: row.id,
            commit_id: self.commit.clone(),
            version: Some(self.version.clone()),
            created_at: now,
        };
        task_link::insert(&mut operation, &link).await?;
        let published = ModelEvent::Published {
            task: self.task,
            version: self.version.clone(),
            commit: self.commit.clone(),
        };
        let (subject, audience) = (Subject::Repository(row.id), Audience::Repository(row.id));
        operation.record(Some(self.creator), subject, audience, published).await?;
        operation.commit().await?;
        if facts.creates_default_branch() {
            update_head(app, row.id).await?;
        }
        Ok(true)
    }
}
