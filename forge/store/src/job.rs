//! Work to do after an answer: written in the transaction that wants it, so neither is there without the other.

use hearth_core::{JobId, Timestamp};
use sqlx::{FromRow, types::Json};

use crate::{Ask, Result, Sql, Writer};

#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub data: Json<serde_json::Value>,
    pub attempts: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: &'static str,
    pub data: serde_json::Value,
    /// Jobs with the same key that have not begun are one job.
    pub dedupe_key: Option<String>,
    pub run_at: Timestamp,
}

pub async fn insert(writer: &mut Writer, new: &NewJob) -> Result<()> {
    writer
        .query(
            "INSERT INTO jobs (kind, data, dedupe_key, attempts, run_at, created_at) VALUES ($1, $2, $3, 0, $4, $4) \
             ON CONFLICT (dedupe_key) DO NOTHING",
        )
        .bind(new.kind)
        .bind(Json(new.data.clone()))
        .bind(new.dedupe_key.clone())
        .bind(new.run_at)
        .execute()
        .await?;
    Ok(())
}

/// When jobs are due: at their time, or when that is further away than any is put off. Such a time is from before the clock was set back.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub now: Timestamp,
    pub latest: Timestamp,
}

/// Whether [`claim`] would find a job: asked with a reader, so that an idle queue writes nothing.
pub async fn is_any_due(ask: &mut impl Ask, due: Due) -> Result<bool> {
    let due = ask
        .query(
            "SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND (run_at <= $1 OR run_at > $2) \
             AND (leased_until IS NULL OR leased_until <= $1)",
        )
        .bind(due.now)
        .bind(due.latest)
        .fetch_count()
        .await?;
    Ok(due > 0)
}

/// Takes the next job that is due, for as long as the lease. Its key is freed: work that is wanted from now on is a
/// new job.
pub async fn claim(writer: &mut Writer, due: Due, leased_until: Timestamp) -> Result<Option<Job>> {
    let sql = Sql {
        sqlite: "UPDATE jobs SET attempts = attempts + 1, leased_until = $2, dedupe_key = NULL WHERE id = (\
                 SELECT id FROM jobs WHERE failed_at IS NULL AND (run_at <= $1 OR run_at > $3) AND (leased_until IS NULL OR leased_until <= $1) \
                 ORDER BY run_at, id LIMIT 1) RETURNING id, kind, data, attempts, created_at",
        postgres: "UPDATE jobs SET attempts = attempts + 1, leased_until = $2, dedupe_key = NULL WHERE id = (\
                 SELECT id FROM jobs WHERE failed_at IS NULL AND (run_at <= $1 OR run_at > $3) AND (leased_until IS NULL OR leased_until <= $1) \
                 ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, kind, data, attempts, created_at",
    };
    writer.query(sql).bind(due.now).bind(leased_until).bind(due.latest).fetch_optional().await
}

pub async fn finish(writer: &mut Writer, id: JobId) -> Result<()> {
    writer.query("DELETE FROM jobs WHERE id = $1").bind(id).execute().await?;
    Ok(())
}

/// Puts a job back after a failure.
pub async fn retry_at(writer: &mut Writer, id: JobId, run_at: Timestamp, error: &str) -> Result<()> {
    writer
        .query("UPDATE jobs SET leased_until = NULL, run_at = $2, last_error = $3 WHERE id = $1")
        .bind(id)
        .bind(run_at)
        .bind(error)
        .execute()
        .await?;
    Ok(())
}

/// Keeps a job that is given up, for an administrator to see.
pub async fn fail(writer: &mut Writer, id: JobId, now: Timestamp, error: &str) -> Result<()> {
    writer
        .query("UPDATE jobs SET leased_until = NULL, failed_at = $2, last_error = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(error)
        .execute()
        .await?;
    Ok(())
}

/// Jobs that wait or run.
pub async fn count_open(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL").fetch_count().await
}
