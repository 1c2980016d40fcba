use std::{fs, path::PathBuf, time::Duration};

use hearth_core::{Result, TaskId};
use hearth_store::{blob, task};

use crate::{App, blobs::BlobId, record::blocking};

/// Objects younger than this may still be waiting for their row.
pub(super) const GRACE: Duration = Duration::from_hours(24);
/// Older than any upload still in progress.
const INCOMING_AGE: Duration = Duration::from_hours(24);
/// How long corrupt bytes are kept for investigation.
const ASIDE_AGE: Duration = Duration::from_hours(30 * 24);
/// How many objects are removed at a time; meanwhile, none can be claimed.
const AT_ONCE: usize = 100;
const MOST_FAULTS: u32 = 1_000;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub freed_bytes: u64,
    /// Tasks whose folders were removed.
    pub tasks: usize,
}

/// Deletes what is unreferenced and was not touched for `grace`: folders of deleted tasks, then objects, and
/// incomplete uploads.
pub async fn sweep(app: &App, grace: Duration) -> Result<Swept> {
    let mut swept = Swept { tasks: remove_task_folders(app, grace).await?, ..Swept::default() };
    for outer in 0..=u8::MAX {
        let old = app.blobs().list_old(outer, grace).await?;
        for some in old.chunks(AT_ONCE) {
            let referenced = |ids: Vec<BlobId>| filter_referenced(app, ids);
            swept.freed_bytes += app.blobs().remove_unreferenced(some.to_owned(), grace, referenced).await?;
        }
    }
    app.blobs().remove_leftovers(INCOMING_AGE, ASIDE_AGE).await?;
    forget_faults(app).await?;
    Ok(swept)
}

async fn filter_referenced(app: &App, ids: Vec<BlobId>) -> Result<Vec<BlobId>> {
    let hashes: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let referenced = blob::filter_referenced(&mut app.store().read().await?, &hashes).await?;
    Ok(referenced.iter().filter_map(|hash| BlobId::parse(hash)).collect())
}

/// A task's row is created before its folder, and deleted before it.
async fn remove_task_folders(app: &App, grace: Duration) -> Result<usize> {
    let folder = app.tasks_directory().to_owned();
    let found = blocking(move || old_task_folders(folder, grace)).await?;
    let ids: Vec<TaskId> = found.iter().map(|(id, _)| *id).collect();
    let existing = task::filter_existing(&mut app.store().read().await?, &ids).await?;
    let mut removed = 0;
    for (_, path) in found.into_iter().filter(|(id, _)| !existing.contains(id)) {
        blocking(move || fs::remove_dir_all(path)).await?;
        removed += 1;
    }
    Ok(removed)
}

fn old_task_folders(folder: PathBuf, grace: Duration) -> std::io::Result<Vec<(TaskId, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let id = entry.file_name().to_str().and_then(|name| name.parse().ok()).map(TaskId);
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        found.extend(id.filter(|_| age >= grace).map(|id| (id, entry.path())));
    }
    Ok(found)
}

/// Clears the faults of unreferenced objects: nobody misses those.
async fn forget_faults(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    let faults = blob::list_faults(&mut operation, MOST_FAULTS).await?;
    let hashes: Vec<String> = faults.into_iter().map(|fault| fault.sha256).collect();
    let referenced = blob::filter_referenced(&mut operation, &hashes).await?;
    for hash in hashes.iter().filter(|hash| !referenced.contains(hash)) {
        blob::clear_fault(&mut operation, hash).await?;
    }
    operation.commit().await?;
    Ok(())
}
