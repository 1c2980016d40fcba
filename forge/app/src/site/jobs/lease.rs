use std::time::Duration;

use hearth_core::Result;
use hearth_store::job::{self, Job};
use tokio::time;

use crate::App;

/// How long a run holds its job without a sign of life; after this, another worker takes it up.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// A lease that counts until later is from before the clock was set back.
pub(super) const LATEST: Duration = Duration::from_mins(10);
/// How often a run says that it goes on.
const RENEW_EVERY: Duration = Duration::from_secs(10);

/// Keeps the lease of a run for as long as it is polled; returns when the lease is lost.
pub(super) async fn hold(app: &App, job: &Job) {
    loop {
        time::sleep(RENEW_EVERY).await;
        match renew(app, job).await {
            Ok(true) => {}
            Ok(false) => return,
            // It counts for a while yet; whether it is lost, the end of the run finds out.
            Err(error) => {
                tracing::warn!(job.id = %job.id, error = &error as &dyn std::error::Error, "a lease could not be renewed");
            }
        }
    }
}

async fn renew(app: &App, job: &Job) -> Result<bool> {
    let mut operation = app.begin().await?;
    let is_held = job::renew(&mut operation, job, app.now() + LEASE).await?;
    operation.commit().await?;
    Ok(is_held)
}
