//! The last smoke test of an image on an accelerator (or `cpu`), and its result.

use hearth_core::{TaskId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ImageCheck {
    pub image_id: i64,
    pub accelerator_code: String,
    /// None: the task was deleted.
    pub task_id: Option<TaskId>,
    /// None: it has not finished.
    pub has_passed: Option<bool>,
    pub checked_at: Timestamp,
}

const SELECT: &str = "SELECT image_id, accelerator_code, task_id, has_passed, checked_at FROM image_checks";

/// Records that a smoke task was launched, replacing the previous one.
pub async fn begin(writer: &mut Writer, check: &ImageCheck) -> Result<()> {
    writer
        .query(
            "INSERT INTO image_checks (image_id, accelerator_code, task_id, has_passed, checked_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (image_id, accelerator_code) \
             DO UPDATE SET task_id = $3, has_passed = $4, checked_at = $5",
        )
        .bind(check.image_id)
        .bind(check.accelerator_code.clone())
        .bind(check.task_id)
        .bind(check.has_passed)
        .bind(check.checked_at)
        .execute()
        .await?;
    Ok(())
}

/// Records the result of a smoke task. `false`: this task is not the smoke task of any image (any more).
pub async fn end(writer: &mut Writer, task: TaskId, has_passed: bool, now: Timestamp) -> Result<bool> {
    let touched = writer
        .query("UPDATE image_checks SET has_passed = $2, checked_at = $3 WHERE task_id = $1")
        .bind(task)
        .bind(has_passed)
        .bind(now)
        .execute()
        .await?;
    Ok(touched > 0)
}

/// Deletes a smoke test that has no result because its task was stopped.
pub async fn forget(writer: &mut Writer, task: TaskId) -> Result<()> {
    writer.query("DELETE FROM image_checks WHERE task_id = $1").bind(task).execute().await?;
    Ok(())
}

/// The last check of every image on every accelerator.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<ImageCheck>> {
    ask.query(SELECT).push(" ORDER BY image_id, accelerator_code").fetch_all().await
}
