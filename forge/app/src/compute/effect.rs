use hearth_core::{Result, TaskState};
use hearth_store::active_task::{self, ActiveTask};

use crate::App;

/// How many tasks a change affects: shown before it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    pub waiting: u64,
    pub running: u64,
}

impl Effect {
    /// Counts the tasks for which `touches` returns `true`.
    pub(crate) async fn of(app: &App, touches: impl Fn(&ActiveTask) -> bool) -> Result<Self> {
        let active = active_task::list(&mut app.store().read().await?).await?;
        let mut effect = Self::default();
        for task in active.iter().filter(|task| touches(task)) {
            match task.state {
                TaskState::Preparing | TaskState::Waiting => effect.waiting += 1,
                _ => effect.running += 1,
            }
        }
        Ok(effect)
    }
}
