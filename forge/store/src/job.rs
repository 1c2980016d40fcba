//! Work to do after an answer: written in the transaction that wants it, so neither is there without the other.
//!
//! A run holds its job by a lease: a number that is the run's alone, and a time until which it counts. Whoever has lost the lease
//! changes nothing of the job any more.

use hearth_core::{Change, JobId, PageRequest, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Query, Result, Sql, Writer};

hearth_core::text_enum! {
    /// A line of jobs with workers of its own: what is slow in one holds up no other.
    pub enum Queue {
        /// Caches of repositories, which the next visitor needs.
        Repositories = "repositories",
        /// Records and outputs of tasks.
        Tasks = "tasks",
        /// Events on their way to subscribers.
        Deliveries = "deliveries",
        /// Letters.
        Mail = "mail",
        /// What has time.
        Housekeeping = "housekeeping",
    }
}

/// A job that a run has taken.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub data: Json<serde_json::Value>,
    /// How often it was begun, this time included.
    pub attempts: i64,
    /// Which run holds it.
    pub lease: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewJob {
    pub queue: Queue,
    pub kind: &'static str,
    pub data: serde_json::Value,
    /// Jobs with the same key that have not begun are one job.
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

/// When jobs are due: at their time, or when that is further away than any is put off. Such a time is from before the clock was set back.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub now: Timestamp,
    /// The latest time until which a job is put off.
    pub latest: Timestamp,
    /// Until when a lease that is given now counts.
    pub leased_until: Timestamp,
    /// No lease counts for longer. Much later than [`Due::leased_until`]: another worker may have read the clock later, and another
    /// server's may be ahead.
    pub latest_lease: Timestamp,
}

/// Nobody holds it, and its time has come: `$1` is now, `$2` and `$3` the latest times of waiting and of leases.
const IS_DUE: &str = "failed_at IS NULL AND (run_at <= $1 OR run_at > $2) \
    AND (leased_until IS NULL OR leased_until <= $1 OR leased_until > $3)";

/// The queues in which [`claim`] would find a job: asked with a reader, so that idle queues write nothing.
pub async fn due_queues(ask: &mut impl Ask, due: Due) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = ask
        .query("SELECT DISTINCT queue FROM jobs WHERE ")
        .then(IS_DUE)
        .bind(due.now)
        .bind(due.latest)
        .bind(due.latest_lease)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(queue,)| queue).collect())
}

/// Takes the next job of a queue that is due. Its key is freed: work that is wanted from now on is a new job.
pub async fn claim(writer: &mut Writer, queue: Queue, due: Due) -> Result<Option<Job>> {
    let skip_taken = Sql { sqlite: "", postgres: " FOR UPDATE SKIP LOCKED" };
    writer
        .query(
            "UPDATE jobs SET attempts = attempts + 1, lease = lease + 1, leased_until = $5, dedupe_key = NULL WHERE id = (\
             SELECT id FROM jobs WHERE ",
        )
        .then(IS_DUE)
        .then(" AND queue = $4 ORDER BY run_at, id LIMIT 1")
        .then(skip_taken)
        .then(") RETURNING id, kind, data, attempts, lease, created_at")
        .bind(due.now)
        .bind(due.latest)
        .bind(due.latest_lease)
        .bind(queue)
        .bind(due.leased_until)
        .fetch_optional()
        .await
}

/// Keeps a job for longer. `false`: another run has it, or it is gone.
pub async fn renew(writer: &mut Writer, job: &Job, leased_until: Timestamp) -> Result<bool> {
    held(writer, "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2", job)
        .bind(leased_until)
        .execute_on_one()
        .await
}

/// Removes a job that is done. `false`: another run has it, or it is gone; what this one has written must not be kept.
pub async fn finish(writer: &mut Writer, job: &Job) -> Result<bool> {
    held(writer, "DELETE FROM jobs WHERE id = $1 AND lease = $2", job).execute_on_one().await
}

/// Puts a job back after a failure. `false`: another run has it.
pub async fn retry_at(writer: &mut Writer, job: &Job, run_at: Timestamp, error: &str) -> Result<bool> {
    let statement =
        "UPDATE jobs SET leased_until = NULL, run_at = $3, last_error = $4 WHERE id = $1 AND lease = $2";
    held(writer, statement, job).bind(run_at).bind(error).execute_on_one().await
}

/// Keeps a job that is given up, for an administrator to see. `false`: another run has it.
pub async fn fail(writer: &mut Writer, job: &Job, now: Timestamp, error: &str) -> Result<bool> {
    let statement =
        "UPDATE jobs SET leased_until = NULL, failed_at = $3, last_error = $4 WHERE id = $1 AND lease = $2";
    held(writer, statement, job).bind(now).bind(error).execute_on_one().await
}

fn held<'c>(writer: &'c mut Writer, statement: &'static str, job: &Job) -> Query<'c> {
    writer.query(statement).bind(job.id).bind(job.lease)
}

/// Lets go of every job: for a server that is the only one, at its start. The runs that held them are gone.
pub async fn release_all(writer: &mut Writer) -> Result<u64> {
    writer
        .query("UPDATE jobs SET leased_until = NULL, lease = lease + 1 WHERE leased_until IS NOT NULL")
        .execute()
        .await
}

/// Jobs that wait or run.
pub async fn count_open(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL").fetch_count().await
}

/// Jobs that were given up.
pub async fn count_failed(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM jobs WHERE failed_at IS NOT NULL").fetch_count().await
}

hearth_core::text_enum! {
    /// Where a job stands.
    pub enum JobState {
        /// Its time has not come, or no worker is free.
        Waiting = "waiting",
        Running = "running",
        /// It was tried as often as it is, and given up.
        Failed = "failed",
    }
}

/// The state of a row; `$1` is now.
const STATE: &str =
    "CASE WHEN failed_at IS NOT NULL THEN 'failed' WHEN leased_until > $1 THEN 'running' ELSE 'waiting' END";

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Count {
    pub queue: String,
    pub state: JobState,
    pub jobs: i64,
    /// When the one was wanted that is there longest.
    pub oldest: Timestamp,
}

/// What there is, by queue and state.
pub async fn counts(ask: &mut impl Ask, now: Timestamp) -> Result<Vec<Count>> {
    ask.query(
        "SELECT queue, state, COUNT(*) AS jobs, MIN(created_at) AS oldest FROM (SELECT queue, created_at, ",
    )
    .then(STATE)
    .then(" AS state FROM jobs) all_jobs GROUP BY queue, state ORDER BY queue, state")
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

/// Which jobs are wanted; what is left out matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: Option<JobState>,
    pub queue: Option<String>,
}

impl Filter {
    fn apply<'c>(&self, query: Query<'c>, now: Timestamp) -> Query<'c> {
        query
            .then(" FROM (SELECT id, queue, kind, ")
            .then(STATE)
            .then(" AS state, data, attempts, last_error, run_at, failed_at, created_at FROM jobs) j WHERE 1 = 1")
            .bind(now)
            .and("state =", self.state)
            .and("queue =", self.queue.clone())
    }
}

/// Those that were given up first, then by when they are due.
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
        .then(" ORDER BY failed_at DESC NULLS LAST, run_at, id")
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
    Filter::default().apply(query, now).then(" AND id = $2").bind(id).fetch_optional().await
}

/// Tries a job again that was given up, or now one that waits. `false`: it runs, or is gone.
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

/// Removes a job that does not run. `false`: it runs, or is gone.
pub async fn discard(writer: &mut Writer, id: JobId, now: Timestamp) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM jobs WHERE id = $1 AND (leased_until IS NULL OR leased_until <= $2)")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(rows == 1)
}
