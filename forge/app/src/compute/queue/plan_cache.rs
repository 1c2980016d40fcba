use std::sync::Arc;

use hearth_core::{Result, TaskId, Timestamp};
use tokio::sync::Mutex;

use super::{
    plan::Decision,
    snapshot::{QueueSnapshot, read_snapshot},
};
use crate::App;

/// A plan expires after this even if no task has changed: machines come and go.
const PLAN_LIFETIME_SECONDS: u64 = 2;

/// The latest plan, shared by all readers: a hundred open pages need only one.
#[derive(Debug, Default)]
pub struct PlanCache(Mutex<Option<CachedPlan>>);

#[derive(Debug)]
struct CachedPlan {
    /// The number of changes seen when it was made.
    changes: u64,
    at: Timestamp,
    plan: Arc<Planned>,
}

/// All waiting tasks, and the decision for each.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) snapshot: QueueSnapshot,
    pub(crate) decisions: Vec<Decision>,
}

impl Planned {
    pub(crate) fn position(&self, task: TaskId) -> Option<usize> {
        self.snapshot.waiting.iter().position(|queued| queued.row.id == task)
    }
}

impl PlanCache {
    /// The current plan.
    pub(crate) async fn now(&self, app: &App) -> Result<Arc<Planned>> {
        self.read(app, true).await
    }

    /// A plan that may be slightly old: good enough for which machines exist, not for who is next.
    pub(crate) async fn recent(&self, app: &App) -> Result<Arc<Planned>> {
        self.read(app, false).await
    }

    async fn read(&self, app: &App, is_exact: bool) -> Result<Arc<Planned>> {
        let mut cached = self.0.lock().await;
        let (changes, now) = (app.changes().count_for_queue(), app.now());
        if let Some(cached) = &*cached
            && (cached.changes == changes || !is_exact)
            && now.since(cached.at).as_secs() < PLAN_LIFETIME_SECONDS
        {
            return Ok(Arc::clone(&cached.plan));
        }
        let snapshot = read_snapshot(app).await?;
        let plan = Arc::new(Planned { decisions: snapshot.decide(), snapshot });
        *cached = Some(CachedPlan { changes, at: now, plan: Arc::clone(&plan) });
        Ok(plan)
    }
}
