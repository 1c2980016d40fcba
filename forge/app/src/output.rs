//! What a task made: files by path, their bytes by content.

use std::path::PathBuf;

use hearth_core::{Error, Kind, Result};
use hearth_store::task_output;

pub use hearth_store::task_output::TaskOutput;

use crate::{App, blobs::BlobId, record, task::TaskAccess};

/// The outputs of an attempt, by path.
pub async fn list(app: &App, task: &TaskAccess, attempt: i64) -> Result<Vec<TaskOutput>> {
    let mut reader = app.store().read().await?;
    Ok(task_output::list(&mut reader, task.id(), attempt).await?)
}

/// One output, and where its bytes lie.
pub async fn find(app: &App, task: &TaskAccess, attempt: i64, path: &str) -> Result<(TaskOutput, PathBuf)> {
    let mut reader = app.store().read().await?;
    let found = task_output::find(&mut reader, task.id(), attempt, path).await?;
    let found = found.ok_or(Error::NotFound(Kind::Output))?;
    let id = BlobId::parse(&found.sha256).ok_or_else(|| Error::internal("an output with a bad hash"))?;
    if app.blobs().exists(&id).await {
        let file = app.blobs().path(&id);
        return Ok((found, file));
    }
    let record = record::open(app, task.id(), attempt)?;
    let file = record.find_output(path).ok_or(Error::NotFound(Kind::Output))?;
    Ok((found, file))
}
