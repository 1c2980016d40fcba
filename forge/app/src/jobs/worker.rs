use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use hearth_core::{Error, Result, chain};
use hearth_store::job;
use tokio::{sync::watch, time};

use super::JOBS;
use crate::App;

/// How long one run of a job may take before another worker may take it up.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// How often the queue is looked at when it was empty.
const IDLE: Duration = Duration::from_millis(500);
const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_mins(30);
const MOST_ATTEMPTS: i64 = 10;

/// Takes due jobs one after another until told to stop; a job that has begun is finished.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Receiver<bool>,
}

impl Worker {
    /// Stops when `stop` becomes true.
    pub fn new(stop: watch::Receiver<bool>) -> Self {
        Self { stop }
    }

    pub async fn run(mut self, app: App) {
        while !*self.stop.borrow() {
            let is_idle = match run_next(&app).await {
                Ok(ran) => !ran,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the job queue cannot be read");
                    true
                }
            };
            if is_idle && time::timeout(IDLE, self.stop.changed()).await.is_ok_and(|changed| changed.is_err())
            {
                return;
            }
        }
    }
}

/// Runs all that is due; gives how many jobs ran.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut ran = 0;
    while run_next(app).await? {
        ran += 1;
    }
    Ok(ran)
}

async fn run_next(app: &App) -> Result<bool> {
    let now = app.now();
    let mut reader = app.store().read().await?;
    let due = job::Due { now, latest: now + LONGEST_RETRY };
    if !job::is_any_due(&mut reader, due).await? {
        return Ok(false);
    }
    drop(reader);
    let mut writer = app.store().write().await?;
    let claimed = job::claim(&mut writer, due, now + LEASE).await?;
    writer.commit().await?;
    let Some(claimed) = claimed else { return Ok(false) };
    let outcome = match JOBS.iter().find(|(name, _)| *name == claimed.kind) {
        // A job that panics has failed like any other: it is tried again later, and given up in the end.
        Some((_, run)) => AssertUnwindSafe(run(app, claimed.data.0))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Error::internal("the job panicked"))),
        None => Err(Error::internal(format!("no job is called {:?}", claimed.kind))),
    };
    let mut writer = app.store().write().await?;
    match outcome {
        Ok(()) => job::finish(&mut writer, claimed.id).await?,
        Err(error) => {
            let text = chain(&error);
            tracing::warn!(job.id = %claimed.id, job.kind = claimed.kind, error = text, "a job failed");
            if claimed.attempts >= MOST_ATTEMPTS {
                job::fail(&mut writer, claimed.id, app.now(), &text).await?;
            } else {
                let doublings = u32::try_from(claimed.attempts - 1).unwrap_or(0);
                let wait = (FIRST_RETRY * 2_u32.saturating_pow(doublings)).min(LONGEST_RETRY);
                job::retry_at(&mut writer, claimed.id, app.now() + wait, &text).await?;
            }
        }
    }
    writer.commit().await?;
    Ok(true)
}
