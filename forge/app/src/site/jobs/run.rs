use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt as _;
use hearth_core::{Error, RandomSource, Result, chain};
use hearth_store::job;

use super::{JOBS, Queue, Ran, lease};
use crate::{App, Operation};

const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_mins(30);
/// The longest delay of a job: a later time was set before the clock was set back.
const LONGEST_WAIT: Duration = Duration::from_mins(45);
const MOST_ATTEMPTS: i64 = 10;

/// Outcomes of job runs since the start, by kind.
#[derive(Debug, Default)]
pub struct RunCounts(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

impl RunCounts {
    /// Kind, outcome (`done`, `failed`, `given_up`, `lease_lost`) and count.
    pub fn all(&self) -> Vec<(&'static str, &'static str, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|((kind, outcome), runs)| (*kind, *outcome, *runs)).collect()
    }

    fn count(&self, kind: &str, outcome: &'static str) {
        // Only names that the program knows: those in the database are unbounded.
        let kind = super::names().find(|name| *name == kind).unwrap_or("unknown");
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry((kind, outcome)).or_default() += 1;
    }
}

/// The conditions for a job to be due now.
pub(super) fn due(app: &App) -> job::Due {
    let now = app.now();
    job::Due {
        now,
        latest: now + LONGEST_WAIT,
        leased_until: now + lease::LEASE,
        latest_lease: now + lease::LATEST,
    }
}

/// Runs all due jobs in every queue; returns how many ran.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut ran = 0;
    loop {
        let before = ran;
        for queue in Queue::ALL {
            while run_next(app, *queue).await? {
                ran += 1;
            }
        }
        if ran == before {
            return Ok(ran);
        }
    }
}

/// Runs the next job of a queue. `false`: none is due.
pub(super) async fn run_next(app: &App, queue: Queue) -> Result<bool> {
    let due = due(app);
    let queues = job::due_queues(&mut app.store().read().await?, due).await?;
    if !queues.iter().any(|name| name == queue.as_str()) {
        return Ok(false);
    }
    let mut operation = app.begin().await?;
    let claimed = job::claim(&mut operation, queue, due).await?;
    operation.commit().await?;
    let Some(claimed) = claimed else { return Ok(false) };
    let outcome = tokio::select! {
        outcome = work(app, &claimed) => outcome,
        () = lease::hold(app, &claimed) => return Ok(lost(app, &claimed)),
    };
    end(app, &claimed, outcome).await?;
    Ok(true)
}

async fn work(app: &App, claimed: &job::Job) -> Result<Ran> {
    let Some((_, run)) = JOBS.iter().find(|(name, _)| *name == claimed.kind) else {
        return Err(Error::internal(format!("no job is called {:?}", claimed.kind)));
    };
    // A job that panics counts as failed: it is retried later, and eventually given up.
    let work = AssertUnwindSafe(run(app, claimed.data.0.clone())).catch_unwind();
    work.await.unwrap_or_else(|_| Err(Error::internal("the job panicked")))
}

/// Finishes a run, and commits what it has written.
async fn end(app: &App, claimed: &job::Job, outcome: Result<Ran>) -> Result<()> {
    let is_held = match outcome {
        Ok(ran) => {
            let mut operation = match ran {
                Ran::Done => app.begin().await?,
                Ran::Keep(operation) => operation,
            };
            let is_held = job::finish(&mut operation, claimed).await?;
            // Another run has the job: this one's writes are dropped with its operation.
            if is_held {
                operation.commit().await?;
                app.runs().count(&claimed.kind, "done");
            }
            is_held
        }
        Err(error) => {
            let text = chain(&error);
            tracing::warn!(job.id = %claimed.id, job.kind = claimed.kind, job.attempts = claimed.attempts, error = text, "a job failed");
            let mut operation = app.begin().await?;
            let is_held = put_back(app, &mut operation, claimed, &text).await?;
            operation.commit().await?;
            is_held
        }
    };
    if !is_held {
        lost(app, claimed);
    }
    Ok(())
}

/// Schedules a retry, or keeps the failed job for an administrator.
async fn put_back(app: &App, operation: &mut Operation, claimed: &job::Job, error: &str) -> Result<bool> {
    if claimed.attempts >= MOST_ATTEMPTS {
        app.runs().count(&claimed.kind, "given_up");
        return Ok(job::fail(operation, claimed, app.now(), error).await?);
    }
    app.runs().count(&claimed.kind, "failed");
    let run_at = app.now() + retry_after(claimed.attempts, app.random());
    Ok(job::retry_at(operation, claimed, run_at, error).await?)
}

/// The delay doubles after each failure, plus up to half of it at random, so that jobs that failed together
/// are not retried together.
fn retry_after(attempts: i64, random: &dyn RandomSource) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0);
    let wait = FIRST_RETRY.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_RETRY);
    let part = f64::from(u16::from_le_bytes(random.bytes())) / f64::from(u16::MAX);
    wait + wait.mul_f64(part / 2.0)
}

/// The run outlived its lease, or its job was discarded; whoever has the job now finishes it.
fn lost(app: &App, claimed: &job::Job) -> bool {
    tracing::warn!(job.id = %claimed.id, job.kind = claimed.kind, "a job was taken over by another run");
    app.runs().count(&claimed.kind, "lease_lost");
    true
}

#[cfg(test)]
mod tests {
    use hearth_core::SeededRandomSource;

    use super::*;

    #[test]
    fn every_retry_waits_longer_and_none_longer_than_the_longest() {
        let random = SeededRandomSource::new(7);
        for attempts in 1..40 {
            let wait = retry_after(attempts, &random);
            let least = (FIRST_RETRY * 2_u32.pow(u32::try_from(attempts - 1).unwrap_or(0).min(16)))
                .min(LONGEST_RETRY);
            assert!(wait >= least && wait <= least * 3 / 2, "{attempts}: {wait:?}");
        }
    }
}
