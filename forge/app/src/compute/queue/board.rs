use std::sync::Arc;

use hearth_core::{Result, TaskId, Timestamp};
use tokio::sync::Mutex;

use super::{
    outlook::{Outlook, outlook},
    plan::Decision,
};
use crate::App;

/// A plan expires after this even if no task has changed: machines come and go.
const GOOD_FOR_SECONDS: u64 = 2;

/// The latest plan, shared by all readers: a hundred open pages need only one.
#[derive(Debug, Default)]
pub struct Board(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    /// The number of changes seen when it was made.
    news: u64,
    at: Timestamp,
    plan: Arc<Planned>,
}

/// All waiting tasks, and the decision for each.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) outlook: Outlook,
    pub(crate) decisions: Vec<Decision>,
}

impl Planned {
    pub(crate) fn position(&self, task: TaskId) -> Option<usize> {
        self.outlook.waiting.iter().position(|queued| queued.row.id == task)
    }
}

impl Board {
    /// The current plan.
    pub(crate) async fn now(&self, app: &App) -> Result<Arc<Planned>> {
        self.read(app, true).await
    }

    /// A plan that may be slightly old: good enough for which machines exist, not for who is next.
    pub(crate) async fn recent(&self, app: &App) -> Result<Arc<Planned>> {
        self.read(app, false).await
    }

    async fn read(&self, app: &App, is_exact: bool) -> Result<Arc<Planned>> {
        let mut kept = self.0.lock().await;
        let (news, now) = (app.changes().count_for_queue(), app.now());
        if let Some(kept) = &*kept
            && (kept.news == news || !is_exact)
            && now.since(kept.at).as_secs() < GOOD_FOR_SECONDS
        {
            return Ok(Arc::clone(&kept.plan));
        }
        let outlook = outlook(app).await?;
        let plan = Arc::new(Planned { decisions: outlook.decide(), outlook });
        *kept = Some(Kept { news, at: now, plan: Arc::clone(&plan) });
        Ok(plan)
    }
}
