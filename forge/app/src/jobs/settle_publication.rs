use std::time::Duration;

use hearth_core::{Conflict, RepositoryId, Result, TaskId, UserId};
use hearth_git::{ObjectId, RefUpdate, TagName};
use hearth_store::{
    Meaning as _, event,
    model_version::{self, NewModelVersion},
    repository,
    task_link::{self, Direction, NewTaskLink},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Job;
use crate::{
    App, Change, GitResult as _, push,
    repository::{git, point_head},
};

/// Writes down a version whose branch and tag have moved: its row, its edge of the lineage, its push and its news. It is wished for
/// before they move and carried out right after; as a job it finds what a stop or a fault left in between.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettlePublication {
    pub repository: RepositoryId,
    pub task: TaskId,
    pub version: String,
    pub commit: String,
    pub note: String,
    pub creator: UserId,
}

impl Job for SettlePublication {
    const NAME: &'static str = "settle_publication";

    async fn run(self, app: &App) -> Result<()> {
        let row = repository::find(&mut app.store().read().await?, self.repository).await?;
        // It was deleted meanwhile.
        let Some(row) = row else { return Ok(()) };
        let (Ok(tag), Ok(commit)) = (TagName::new(self.version.clone()), self.commit.parse::<ObjectId>())
        else {
            return Ok(());
        };
        let wanted = tag.full();
        let found = git(app, &row).await?.run(move |git| git.reference(&wanted)).await.map_git()?;
        // Nothing was published: somebody was faster, or it stopped before.
        if found != Some(commit) {
            return Ok(());
        }
        let tagged = RefUpdate { name: tag.full(), old: None, new: Some(commit) };
        if self.settle(app, &[tagged]).await? {
            tracing::info!(repo.id = %self.repository, version = self.version, "wrote down a version that a stop had cut off");
        }
        push::reconcile_one(app, self.repository).await?;
        Ok(())
    }
}

impl SettlePublication {
    /// How long it is left to who publishes.
    pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

    /// All rows in one transaction. `false`: they were there.
    pub(crate) async fn settle(&self, app: &App, updates: &[RefUpdate]) -> Result<bool> {
        let row = repository::find(&mut app.store().read().await?, self.repository).await?;
        let Some(row) = row else { return Ok(false) };
        let facts = push::look(&git(app, &row).await?, updates, &row.default_branch).await?;
        let now = app.now();
        let mut writer = app.store().write().await?;
        push::keep(&mut writer, row.id, Some(self.creator), &facts, now).await?;
        if model_version::find(&mut writer, row.id, &self.version).await?.is_some() {
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
        model_version::insert(&mut writer, &version).await.on_taken(Conflict::VersionTaken)?;
        let link = NewTaskLink {
            task_id: self.task,
            direction: Direction::Output,
            repository_id: row.id,
            commit_id: self.commit.clone(),
            version: Some(self.version.clone()),
            created_at: now,
        };
        task_link::insert(&mut writer, &link).await?;
        let fact = event::NewEvent {
            actor_id: Some(self.creator),
            repository_id: Some(row.id),
            kind: "model.published",
            data: json!({ "task": self.task, "version": self.version, "commit": self.commit }),
            created_at: now,
        };
        event::insert(&mut writer, &fact).await?;
        writer.commit().await?;
        app.live().tell(Change::Repository(row.id));
        if facts.has_default_branch_born() {
            point_head(app, row.id).await?;
        }
        Ok(true)
    }
}
