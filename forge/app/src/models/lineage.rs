//! The lineage of models, as far as the reader may see it: code ↔ run ↔ model, from each of the three ends.

use std::collections::HashMap;

use hearth_core::{Read, RepositoryId, Result};
use hearth_store::task_link;

pub use hearth_store::task_link::{Direction, TaskLink};

use crate::{Access, Actor, App, Unit, access, model::ModelVersion, task::TaskAccess};

/// One path from code through a run to a model.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The model end: its commit and version, and the run.
    pub made: TaskLink,
    /// The code end. None if the reader may not see the code's repository.
    pub code: Option<TaskLink>,
    /// Whether the run itself may be seen.
    pub is_run_visible: bool,
}

/// The most rows in one answer.
const MOST: i64 = 50;

/// The inputs and outputs of a task.
pub async fn of_task(app: &App, task: &TaskAccess) -> Result<Vec<TaskLink>> {
    let links = task_link::list_of_task(&mut app.store().read().await?, task.id()).await?;
    let mut visibility = VisibilityCache::new(app, task.access().actor());
    let mut seen = Vec::new();
    for link in links {
        if visibility.can_see(link.repository_id).await? {
            seen.push(link);
        }
    }
    Ok(seen)
}

/// The runs that produced these versions of a model, newest first.
pub async fn of_versions(app: &App, model: &Access<Read>, versions: &[ModelVersion]) -> Result<Vec<Origin>> {
    let commits: Vec<&str> = versions.iter().map(|version| version.commit_id.as_str()).collect();
    let mut reader = app.store().read().await?;
    let made = task_link::list_producers(&mut reader, model.repository().id, &commits).await?;
    drop(reader);
    with_code(app, model.actor(), made).await
}

/// The models that runs of this code produced, newest first.
pub async fn of_code(app: &App, code: &Access<Read>) -> Result<Vec<Origin>> {
    let made = task_link::list_derived(&mut app.store().read().await?, code.repository().id, MOST).await?;
    with_code(app, code.actor(), made).await
}

async fn with_code(app: &App, actor: &Actor, made: Vec<TaskLink>) -> Result<Vec<Origin>> {
    let mut visibility = VisibilityCache::new(app, actor);
    let mut origins = Vec::new();
    for made in made {
        if !visibility.can_see(made.repository_id).await? {
            continue;
        }
        let is_run_visible = visibility.can_see(made.task_repository_id).await?;
        let mut code = None;
        if is_run_visible {
            let links = task_link::list_of_task(&mut app.store().read().await?, made.task_id).await?;
            code = links.into_iter().find(|link| {
                link.direction == Direction::Input && link.repository_id == made.task_repository_id
            });
        }
        origins.push(Origin { made, code, is_run_visible });
    }
    Ok(origins)
}

/// Caches which repositories a reader may see.
struct VisibilityCache<'a> {
    app: &'a App,
    actor: &'a Actor,
    known: HashMap<RepositoryId, bool>,
}

impl<'a> VisibilityCache<'a> {
    fn new(app: &'a App, actor: &'a Actor) -> Self {
        Self { app, actor, known: HashMap::new() }
    }

    async fn can_see(&mut self, id: RepositoryId) -> Result<bool> {
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let entered = access::open_by_id(self.app, self.actor, Unit::Tasks, id).await;
        let can_see = access::if_seen(entered)?.is_some();
        self.known.insert(id, can_see);
        Ok(can_see)
    }
}
