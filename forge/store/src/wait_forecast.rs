//! Forecasts of how long tasks would wait, and how long they did.

use hearth_core::{TaskId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct WaitForecast {
    pub task_id: TaskId,
    pub spec_code: String,
    /// Its place in the queue when it was queued.
    pub place: i64,
    pub low_seconds: i64,
    /// Less than `low_seconds` if no forecast was possible.
    pub high_seconds: i64,
    /// None: it is still waiting, or ended without starting.
    pub waited_seconds: Option<i64>,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT task_id, spec_code, place, low_seconds, high_seconds, waited_seconds, created_at \
    FROM wait_forecasts";

pub async fn insert(writer: &mut Writer, new: &WaitForecast) -> Result<()> {
    writer
        .query(
            "INSERT INTO wait_forecasts (task_id, spec_code, place, low_seconds, high_seconds, waited_seconds, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.task_id)
        .bind(new.spec_code.clone())
        .bind(new.place)
        .bind(new.low_seconds)
        .bind(new.high_seconds)
        .bind(new.waited_seconds)
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// Records that a task starts now, unless it has started before.
pub async fn record_start(writer: &mut Writer, task: TaskId, now: Timestamp) -> Result<()> {
    writer
        .query(
            "UPDATE wait_forecasts SET waited_seconds = ($2 - created_at) / 1000000 \
             WHERE task_id = $1 AND waited_seconds IS NULL",
        )
        .bind(task)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

pub async fn find(ask: &mut impl Ask, task: TaskId) -> Result<Option<WaitForecast>> {
    ask.query(SELECT).push(" WHERE task_id = $1").bind(task).fetch_optional().await
}

/// Deletes a forecast because the task now requests other resources.
pub async fn forget(writer: &mut Writer, task: TaskId) -> Result<()> {
    writer.query("DELETE FROM wait_forecasts WHERE task_id = $1").bind(task).execute().await?;
    Ok(())
}

/// The latest forecasts of tasks that have started, newest first.
pub async fn list_resolved(ask: &mut impl Ask, most: i64) -> Result<Vec<WaitForecast>> {
    ask.query(SELECT)
        .push(" WHERE waited_seconds IS NOT NULL ORDER BY created_at DESC, task_id DESC LIMIT ")
        .push_bind(most)
        .fetch_all()
        .await
}

/// The same for one spec.
pub async fn list_resolved_of_spec(
    ask: &mut impl Ask,
    spec_code: &str,
    most: i64,
) -> Result<Vec<WaitForecast>> {
    ask.query(SELECT)
        .push(" WHERE spec_code = $1 AND waited_seconds IS NOT NULL ORDER BY created_at DESC LIMIT ")
        .bind(spec_code)
        .push_bind(most)
        .fetch_all()
        .await
}
