//! Background jobs: written in the transaction that needs them, so neither exists without the other.
//!
//! A run holds its job by a lease: a number unique to the run, and an expiry time. A run that has lost its
//! lease can no longer change the job.

use hearth_core::{Change, JobId, PageRequest, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Sql, Writer};

hearth_core::text_enum! {
    /// A queue of jobs with its own workers, so that slow jobs do not hold up other queues.
    pub enum Queue {
        /// Caches of repositories, which the next visitor needs.
        Repositories = "repositories",
        /// Records and outputs of tasks.
        Tasks = "tasks",
        /// Delivery of events to subscribers.
        Deliveries = "deliveries",
        /// Outgoing e-mail.
        Mail = "mail",
        /// Work that is not urgent.
        Housekeeping = "housekeeping",
    }
}

/// A job held by a run.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub data: Json<serde_json::Value>,
    /// How many runs were started, including this one.
    pub attempts: i64,
    /// The number of the run that holds it.
    pub lease: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewJob {
    pub queue: Queue,
    pub kind: &'static str,
    pub data: serde_json::Value,
    /// Jobs with the same key that have not started are one job.
    pub dedupe_key: Option<String>,
    pub run_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewJob) -> Result<()> {
    writer
        .query(
            "INSERT INTO jobs (queue, kind, data, dedupe_key, attempts, lease, run_at, created_at) \
             VALUES ($1, $2, $3, $4, 0, 0, $5, $5) ON CONFLICT (dedupe_key) DO NOTHING",
        )
        .bind(new.queue)
        .bind(new.kind)
        .bind(Json(new.data.clone()))
        .bind(new.dedupe_key.clone())
        .bind(new.run_at)
        .execute()
        .await?;
    writer.changed(Change::Jobs);
    Ok(())
}

/// When jobs are due: at their time, or if that is further away than any job is ever postponed: such a time
/// was written before the clock was set back.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub now: Timestamp,
    /// The latest time to which a job is ever postponed.
    pub latest: Timestamp,
    /// When a lease that is taken now expires.
    pub leased_until: Timestamp,
    /// The latest expiry of any valid lease. Much later than [`Due::leased_until`]: another worker may have
    /// read the clock later, and another server's clock may be ahead.
    pub latest_lease: Timestamp,
}

/// Not leased, and its time has come: `$1` is now, `$2` and `$3` the latest times for postponing and for
/// leases.
const IS_DUE: &str = "failed_at IS NULL AND (run_at <= $1 OR run_at > $2) \
    AND (leased_until IS NULL OR leased_until <= $1 OR leased_until > $3)";

/// The queues in which [`claim`] would find a job: uses a reader, so that idle queues write nothing.
pub async fn due_queues(ask: &mut impl Ask, due: Due) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = ask
        .query("SELECT DISTINCT queue FROM jobs WHERE ")
        .push(IS_DUE)
        .bind(due.now)
        .bind(due.latest)
        .bind(due.latest_lease)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(queue,)| queue).collect())
}

/// Claims the next due job of a queue. Its key is released: work requested from now on is a new job.
pub async fn claim(writer: &mut Writer, queue: Queue, due: Due) -> Result<Option<Job>> {
    let skip_taken = Sql { sqlite: "", postgres: " FOR UPDATE SKIP LOCKED" };
    writer
        .query(
            "UPDATE jobs SET attempts = attempts + 1, lease = lease + 1, leased_until = $5, dedupe_key = NULL WHERE id = (\
             SELECT id FROM jobs WHERE ",
        )
        .push(IS_DUE)
        .push(" AND queue = $4 ORDER BY run_at, id LIMIT 1")
        .push(skip_taken)
        .push(") RETURNING id, kind, data, attempts, lease, created_at")
        .bind(due.now)
        .bind(due.latest)
        .bind(due.latest_lease)
        .bind(queue)
        .bind(due.leased_until)
        .fetch_optional()
        .await
}

/// Extends a job's lease. `false`: another run holds it, or it is gone.
pub async fn renew(writer: &mut Writer, job: &Job, leased_until: Timestamp) -> Result<bool> {
    held(writer, "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2", job)
        .bind(leased_until)
        .execute_on_one()
        .await
}

/// Removes a finished job. `false`: another run holds it or it is gone, and this run's writes must be rolled
/// back.
pub async fn finish(writer: &mut Writer, job: &Job) -> Result<bool> {
    held(writer, "DELETE FROM jobs WHERE id = $1 AND lease = $2", job).execute_on_one().await
}

/// Reschedules a job after a failure. `false`: another run holds it.
pub async fn retry_at(writer: &mut Writer, job: &Job, run_at: Timestamp, error: &str) -> Result<bool> {
    let statement =
        "UPDATE jobs SET leased_until = NULL, run_at = $3, last_error = $4 WHERE id = $1 AND lease = $2";
    held(writer, statement, job).bind(run_at).bind(error).execute_on_one().await
}

/// Marks a job as failed for good, for administrators to see. `false`: another run holds it.
pub async fn fail(writer: &mut Writer, job: &Job, now: Timestamp, error: &str) -> Result<bool> {
    let statement =
        "UPDATE jobs SET leased_until = NULL, failed_at = $3, last_error = $4 WHERE id = $1 AND lease = $2";
    held(writer, statement, job).bind(now).bind(error).execute_on_one().await
}

fn held<'c>(writer: &'c mut Writer, statement: &'static str, job: &Job) -> Query<'c> {
    writer.query(statement).bind(job.id).bind(job.lease)
}

/// Releases every job: for a sole server when it starts. The runs that held them are gone.
pub async fn release_all(writer: &mut Writer) -> Result<u64> {
    writer
        .query("UPDATE jobs SET leased_until = NULL, lease = lease + 1 WHERE leased_until IS NOT NULL")
        .execute()
        .await
}

/// Jobs that are waiting or running.
pub async fn count_open(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL").fetch_count().await
}

/// Jobs that have failed for good.
pub async fn count_failed(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM jobs WHERE failed_at IS NOT NULL").fetch_count().await
}

hearth_core::text_enum! {
    /// The state of a job.
    pub enum JobState {
        /// Its time has not come, or no worker is free.
        Waiting = "waiting",
        Running = "running",
        /// All its attempts have failed.
        Failed = "failed",
    }
}

/// The state of a row; `$1` is now.
const STATE: &str =
    "CASE WHEN failed_at IS NOT NULL THEN 'failed' WHEN leased_until > $1 THEN 'running' ELSE 'waiting' END";

/// How many jobs of a queue are in a state.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Count {
    pub queue: String,
    pub state: JobState,
    pub jobs: i64,
    /// When the oldest of them was created.
    pub oldest: Timestamp,
}

/// The number of jobs by queue and state.
pub async fn counts(ask: &mut impl Ask, now: Timestamp) -> Result<Vec<Count>> {
    ask.query(
        "SELECT queue, state, COUNT(*) AS jobs, MIN(created_at) AS oldest FROM (SELECT queue, created_at, ",
    )
    .push(STATE)
    .push(" AS state FROM jobs) all_jobs GROUP BY queue, state ORDER BY queue, state")
    .bind(now)
    .fetch_all()
    .await
}

/// A job as administrators see it.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct JobRow {
    pub id: JobId,
    pub queue: String,
    pub kind: String,
    pub state: JobState,
    pub data: Json<serde_json::Value>,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub run_at: Timestamp,
    pub failed_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// Which jobs are requested; an unset field matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<JobState>,
    pub queue: Option<String>,
}

impl Filter {
    fn apply<'c>(&self, query: Query<'c>, now: Timestamp) -> Query<'c> {
        query
            .push(" FROM (SELECT id, queue, kind, ")
            .push(STATE)
            .push(" AS state, data, attempts, last_error, run_at, failed_at, created_at FROM jobs) j WHERE 1 = 1")
            .bind(now)
            .and("state =", self.state)
            .and("queue =", self.queue.clone())
    }
}

/// Failed jobs first, then by when they are due.
pub async fn list(
    ask: &mut impl Ask,
    filter: &Filter,
    now: Timestamp,
    page: PageRequest,
) -> Result<Vec<JobRow>> {
    let query =
        ask.query("SELECT id, queue, kind, state, data, attempts, last_error, run_at, failed_at, created_at");
    filter
        .apply(query, now)
        .push(" ORDER BY failed_at DESC NULLS LAST, run_at, id")
        .page(page)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter, now: Timestamp) -> Result<u64> {
    filter.apply(ask.query("SELECT COUNT(*)"), now).fetch_count().await
}

pub async fn find(ask: &mut impl Ask, id: JobId, now: Timestamp) -> Result<Option<JobRow>> {
    let query =
        ask.query("SELECT id, queue, kind, state, data, attempts, last_error, run_at, failed_at, created_at");
    Filter::default().apply(query, now).push(" AND id = $2").bind(id).fetch_optional().await
}

/// Runs a failed or waiting job now. `false`: it is running, or gone.
pub async fn run_now(writer: &mut Writer, id: JobId, now: Timestamp) -> Result<bool> {
    let rows = writer
        .query(
            "UPDATE jobs SET failed_at = NULL, attempts = 0, run_at = $2 \
             WHERE id = $1 AND (leased_until IS NULL OR leased_until <= $2)",
        )
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    writer.changed(Change::Jobs);
    Ok(rows == 1)
}

/// Removes a job that is not running. `false`: it is running, or gone.
pub async fn discard(writer: &mut Writer, id: JobId, now: Timestamp) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM jobs WHERE id = $1 AND (leased_until IS NULL OR leased_until <= $2)")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}
