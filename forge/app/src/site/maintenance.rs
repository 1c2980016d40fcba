//! Background maintenance of repositories. Those that need it wait in a queue and are maintained one at a
//! time, so that the machine remains available for people.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hearth_core::{Result, chain};
use hearth_git::{Repository, StorageId};
use tokio::sync::{Notify, watch};

use crate::{App, GitResult as _};

/// How often all repositories are checked: for what a stopped server did not get to, and for leftovers of
/// aborted pushes.
const SWEEP_EVERY: Duration = Duration::from_hours(6);
/// How long to leave a repository alone if maintenance did not finish the work.
const REST: Duration = Duration::from_mins(30);

/// The queue of repositories waiting for maintenance, and statistics.
#[derive(Debug, Default)]
pub struct Maintenance {
    line: Mutex<Line>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<StorageId>,
    /// Those being left alone, and until when.
    resting: HashMap<StorageId, Instant>,
    counts: MaintenanceCounts,
}

/// Statistics since the start.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct MaintenanceCounts {
    pub rounds: u64,
    pub failures: u64,
    /// Total of all rounds.
    pub duration: Duration,
    /// Repositories in the queue.
    pub waiting: usize,
}

impl Maintenance {
    /// The statistics, including the current length of the queue.
    pub fn counts(&self) -> MaintenanceCounts {
        let line = self.line();
        MaintenanceCounts { waiting: line.waiting.len(), ..line.counts }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, id: &StorageId, now: Instant) {
        let mut line = self.line();
        line.resting.retain(|_, until| *until > now);
        if !line.resting.contains_key(id) && !line.waiting.contains(id) {
            line.waiting.push_back(id.clone());
            self.news.notify_one();
        }
    }

    fn next(&self) -> Option<StorageId> {
        self.line().waiting.pop_front()
    }
}

/// Queues a repository if it needs maintenance.
pub(crate) async fn consider(app: &App, files: &Repository) -> Result<()> {
    if files.disk_state().await.map_git()?.needs_maintenance() {
        app.maintenance().enter(files.id(), app.monotonic());
    }
    Ok(())
}

/// Maintains queued repositories until told to stop. Each server has its own queue, and no two maintain the
/// same repository. An interrupted round does no harm and is repeated after the next start.
pub async fn run(app: App, mut stopping: watch::Receiver<bool>) {
    tokio::select! {
        () = keep_up(&app) => {}
        _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
    }
}

async fn keep_up(app: &App) {
    loop {
        run_waiting(app).await;
        app.maintenance().news.notified().await;
    }
}

/// Periodically queues all repositories that need maintenance, until told to stop.
pub async fn look_at_all(app: App, mut stopping: watch::Receiver<bool>) {
    let all = async {
        loop {
            if let Err(error) = sweep(&app).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "not every repository was checked");
            }
            tokio::time::sleep(SWEEP_EVERY).await;
        }
    };
    tokio::select! {
        () = all => {}
        _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
    }
}

/// Checks every repository.
async fn sweep(app: &App) -> Result<()> {
    for id in app.git().list().await.map_git()? {
        let looked = async {
            let files = app.git().open(&id).await.map_git()?;
            files.remove_stale_files().await.map_git()?;
            consider(app, &files).await
        };
        // It may have been deleted meanwhile, and a broken repository must not keep the others from being
        // checked.
        if let Err(error) = looked.await {
            tracing::debug!(error = &error as &dyn std::error::Error, %id, "a repository was not checked");
        }
    }
    Ok(())
}

/// Maintains the queued repositories, one after another, until the queue is empty.
pub async fn run_waiting(app: &App) {
    while let Some(id) = app.maintenance().next() {
        let begun = app.monotonic();
        let outcome = maintain(app, &id).await;
        let now = app.monotonic();
        let mut line = app.maintenance().line();
        line.counts.rounds += 1;
        line.counts.duration += now.saturating_duration_since(begun);
        match outcome {
            Ok(true) => continue,
            Ok(false) => tracing::warn!(%id, "a repository is not in order after its maintenance"),
            Err(error) => {
                line.counts.failures += 1;
                tracing::warn!(error = chain(&error), %id, "a repository could not be maintained");
            }
        }
        line.resting.insert(id, now + REST);
    }
}

/// Runs one round. Returns whether nothing is left to do.
async fn maintain(app: &App, id: &StorageId) -> Result<bool> {
    let files = match app.git().open(id).await {
        // It was deleted meanwhile.
        Err(hearth_git::Error::RepositoryNotFound) => return Ok(true),
        other => other.map_git()?,
    };
    let state = files.maintain().await.map_git()?;
    tracing::debug!(%id, packs = state.packs, bytes = state.pack_bytes, "a repository was maintained");
    Ok(!state.needs_maintenance())
}
