//! Finds and repairs, while the server runs, what a stop or an error left half done. An operation that has
//! begun is finished in this process, so this covers the rest: a killed process, or a database or disk that
//! failed in between.

use std::time::Duration;

use hearth_core::{RepositoryId, Result};
use hearth_git::StorageId;
use hearth_store::repository as row;
use tokio::{sync::watch, time};

use crate::{App, GitResult as _, push, repository};

/// How often a small part is checked.
const ROUND: Duration = Duration::from_secs(30);
/// Creating or removing a repository takes less than this; a creation that takes longer notices at its end
/// that the row is gone.
const PENDING_FOR: Duration = Duration::from_mins(10);
/// How many repositories are reconciled per round, besides those known to be unrecorded.
const REPOSITORIES: u32 = 8;
/// The folder of repositories is divided into this many parts; each round checks one.
const PARTS: usize = 256;

/// Cycles through all repositories, a few at a time.
#[derive(Debug)]
pub struct Reconciler {
    last: RepositoryId,
    part: usize,
}

impl Default for Reconciler {
    fn default() -> Self {
        Self { last: RepositoryId(0), part: 0 }
    }
}

/// Records reference updates that this server made but could not record, until told to stop. It first checks
/// everything once: this server may have been killed while others kept running.
pub async fn run_own(app: App, mut stopping: watch::Receiver<bool>) {
    let all = async {
        compare_all(&app).await;
        loop {
            time::sleep(ROUND).await;
            compare_unrecorded(&app).await;
        }
    };
    tokio::select! {
        () = all => {}
        _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
    }
}

async fn compare_all(app: &App) {
    if let Err(error) = push::reconcile(app).await {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "repositories cannot be compared with their record");
    }
}

async fn compare_unrecorded(app: &App) {
    for id in app.reference_updates().take_unrecorded() {
        if !log_failure("a repository whose references moved", push::reconcile_one(app, id).await.map(drop)) {
            app.reference_updates().mark_unrecorded(id);
        }
    }
}

/// Checks everything once, because every start follows a stop, then a small part in each round, until told to
/// stop.
pub async fn run(app: App, mut stopping: watch::Receiver<bool>) {
    let all = async {
        compare_all(&app).await;
        let mut reconciler = Reconciler::default();
        loop {
            time::sleep(ROUND).await;
            if app.is_leading() {
                reconciler.round(&app).await;
            }
        }
    };
    tokio::select! {
        () = all => {}
        _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
    }
}

impl Reconciler {
    /// One round. What cannot be checked now is logged and checked again later.
    pub async fn round(&mut self, app: &App) {
        log_failure("half made repositories", repository::recover(app, PENDING_FOR).await.map(drop));
        compare_unrecorded(app).await;
        log_failure("some repositories", self.compare_next(app).await);
        log_failure("folders without a row", self.look_at_folders(app).await);
    }

    async fn compare_next(&mut self, app: &App) -> Result<()> {
        let ids = row::list_ids_after(&mut app.store().read().await?, self.last, REPOSITORIES).await?;
        self.last = ids.last().copied().unwrap_or(RepositoryId(0));
        for id in ids {
            log_failure("a repository", push::reconcile_one(app, id).await.map(drop));
        }
        Ok(())
    }

    /// A folder is created after its row and removed before it, so a folder without a row is orphaned. It is
    /// removed if nothing was ever pushed; otherwise the database may be the one that is wrong, and the
    /// operator is told.
    async fn look_at_folders(&mut self, app: &App) -> Result<()> {
        let part = self.part;
        self.part = (part + 1) % PARTS;
        for id in app.git().list_part(part).await.map_git()? {
            let Ok(number) = id.as_str().parse() else { continue };
            if row::exists(&mut app.store().read().await?, RepositoryId(number)).await? {
                continue;
            }
            if is_unused(app, &id).await? {
                app.git().remove(&id).await.map_git()?;
                tracing::info!(repo.id = number, "removed an empty folder that no repository has");
            } else {
                let path = app.git().path(&id);
                tracing::error!(path = %path.display(), "a folder with commits belongs to no repository of the database; it is left alone");
            }
        }
        Ok(())
    }
}

async fn is_unused(app: &App, id: &StorageId) -> Result<bool> {
    let files = app.git().open(id).await.map_git()?;
    files.run(|git| Ok(git.references("refs/")?.is_empty())).await.map_git()
}

/// Logs what could not be checked. Returns whether it could.
fn log_failure(what: &str, outcome: Result<()>) -> bool {
    outcome
        .inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::warn!(error, "{what} cannot be compared with the record now");
        })
        .is_ok()
}
