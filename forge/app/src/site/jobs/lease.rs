use std::time::Duration;

use hearth_core::Result;
use hearth_store::job::{self, Job};
use tokio::time;

use crate::App;

/// How long a run holds its job without renewing the lease; after this, another worker takes it over.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// A lease that ends later than this was made before the clock was set back.
pub(super) const LATEST: Duration = Duration::from_mins(10);
/// How often a run renews its lease.
const RENEW_EVERY: Duration = Duration::from_secs(10);

/// Renews the lease of a run for as long as it is polled; returns once the lease is lost.
pub(super) async fn hold(app: &App, job: &Job) {
    loop {
        time::sleep(RENEW_EVERY).await;
        match renew(app, job).await {
            Ok(true) => {}
            Ok(false) => return,
            // The lease is still valid for a while; if it is lost, the end of the run detects that.
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
