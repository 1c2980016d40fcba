//! The outputs of a task: files by path, their bytes by content.

use std::io;

use futures_util::Stream;
use hearth_core::{Error, Kind, OutputPath, Page, PageRequest, Result, TaskId};
use hearth_store::{Ask, task_output};

pub use hearth_store::task_output::TaskOutput;

use crate::{
    App,
    blobs::{BlobId, Object},
    pieces, storage,
    task::TaskAccess,
    zip,
};

/// All outputs of an attempt by path, as many as an attempt may keep. To show a list, use [`page`].
pub async fn list(app: &App, task: &TaskAccess, attempt: i64) -> Result<Vec<TaskOutput>> {
    let mut reader = app.store().read().await?;
    Ok(task_output::list(&mut reader, task.id(), attempt).await?)
}

/// The number and total size of an attempt's outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub count: u64,
    pub size_bytes: u64,
}

/// Counts an attempt's outputs and their bytes.
pub async fn total(app: &App, task: &TaskAccess, attempt: i64) -> Result<Total> {
    sum(&mut app.store().read().await?, task.id(), attempt).await
}

async fn sum(ask: &mut impl Ask, task: TaskId, attempt: i64) -> Result<Total> {
    let (count, size_bytes) = task_output::total(ask, task, attempt).await?;
    Ok(Total { count: u64::try_from(count).unwrap_or(0), size_bytes: u64::try_from(size_bytes).unwrap_or(0) })
}

/// Whether an attempt has left an output.
pub async fn has_any(app: &App, task: &TaskAccess, attempt: i64) -> Result<bool> {
    let first = PageRequest::new(1, 1);
    Ok(!task_output::page(&mut app.store().read().await?, task.id(), attempt, first).await?.is_empty())
}

/// A page of an attempt's outputs by path, and the total of all of them.
pub async fn page(
    app: &App,
    task: &TaskAccess,
    attempt: i64,
    request: PageRequest,
) -> Result<(Page<TaskOutput>, Total)> {
    let mut reader = app.store().read().await?;
    let total = sum(&mut reader, task.id(), attempt).await?;
    let items = task_output::page(&mut reader, task.id(), attempt, request).await?;
    Ok((Page { items, total: total.count, request }, total))
}

/// One output, and its bytes.
pub async fn find(app: &App, task: &TaskAccess, attempt: i64, path: &str) -> Result<(TaskOutput, Object)> {
    let path: OutputPath = path.parse().map_err(|_| Error::NotFound(Kind::Output))?;
    let mut reader = app.store().read().await?;
    let found = task_output::find(&mut reader, task.id(), attempt, &path).await?;
    let found = found.ok_or(Error::NotFound(Kind::Output))?;
    let (id, size_bytes) = bytes_of(&found)?;
    let object = storage::open_sound(app, &id, size_bytes).await?;
    Ok((found, object))
}

/// The blob id and size of an output.
pub(crate) fn bytes_of(output: &TaskOutput) -> Result<(BlobId, u64)> {
    let id = BlobId::parse(&output.sha256).ok_or_else(|| Error::internal("an output with a bad hash"))?;
    Ok((id, u64::try_from(output.size_bytes).map_err(Error::internal)?))
}

/// All outputs of an attempt as a zip; `None` if there are none.
pub async fn zip(
    app: &App,
    task: &TaskAccess,
    attempt: i64,
) -> Result<Option<impl Stream<Item = io::Result<Vec<u8>>> + Send + use<>>> {
    let outputs = list(app, task, attempt).await?;
    let wanted: Vec<_> = outputs.iter().map(bytes_of).collect::<Result<_>>()?;
    let objects = storage::open_all_sound(app, wanted).await?;
    let files: Vec<_> = outputs.into_iter().map(|output| output.path).zip(objects).collect();
    if files.is_empty() {
        return Ok(None);
    }
    Ok(Some(zip::stream(pieces::enter(app).await?, files)))
}
