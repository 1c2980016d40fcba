use std::time::Duration;

use hearth_core::{Result, Timestamp};
use hearth_store::{
    blob::{self, ReferencedBlob},
    setting, task_output,
};

use super::record_fault;
use crate::{
    App,
    blobs::{BlobId, Condition, Promise},
    record,
};

/// The last object that was checked in the current round.
const CHECKED_UP_TO: &str = "storage.checked_up_to";
/// When the last round ended.
const CHECKED_ALL_AT: &str = "storage.checked_all_at";
/// The interval between the end of a round and the start of the next.
const ROUND_EVERY: Duration = Duration::from_hours(24);
/// Objects that are checked at a time.
const AT_ONCE: u32 = 200;
/// After an object of this size, the position is saved immediately.
const LARGE_BYTES: i64 = 16 << 20;

/// Checks some of the referenced objects against their hashes, and continues from there next time, even after
/// a restart.
pub async fn check_some(app: &App) -> Result<()> {
    let pace = app.disk().settings().check_bytes_per_second;
    let mut reader = app.store().read().await?;
    let place = setting::find(&mut reader, CHECKED_UP_TO).await?.unwrap_or_default();
    let ended = setting::find(&mut reader, CHECKED_ALL_AT).await?.and_then(|text| text.parse::<i64>().ok());
    let is_resting = ended.is_some_and(|second| app.now() < Timestamp::from_second(second) + ROUND_EVERY);
    if pace == 0 || (place.is_empty() && is_resting) {
        return Ok(());
    }
    let some = blob::list_referenced_after(&mut reader, &place, AT_ONCE).await?;
    drop(reader);
    for (at, referenced) in some.iter().enumerate() {
        check(app, referenced, pace).await?;
        if referenced.size_bytes >= LARGE_BYTES || at + 1 == some.len() {
            keep_place(app, &referenced.sha256, false).await?;
        }
    }
    if some.is_empty() { keep_place(app, "", true).await } else { Ok(()) }
}

async fn keep_place(app: &App, reached: &str, is_round_over: bool) -> Result<()> {
    let mut operation = app.begin().await?;
    setting::put(&mut operation, CHECKED_UP_TO, reached).await?;
    if is_round_over {
        setting::put(&mut operation, CHECKED_ALL_AT, &app.now().as_second().to_string()).await?;
    }
    operation.commit().await?;
    Ok(())
}

async fn check(app: &App, referenced: &ReferencedBlob, bytes_per_second: u64) -> Result<()> {
    let Some(id) = BlobId::parse(&referenced.sha256) else { return Ok(()) };
    let condition = app.blobs().examine(&id, bytes_per_second).await?;
    if condition == Condition::Sound || restore_from_record(app, &id).await? {
        return forget(app, &id).await;
    }
    // It may have been removed meanwhile, along with everything that referred to it.
    let still =
        blob::filter_referenced(&mut app.store().read().await?, std::slice::from_ref(&referenced.sha256))
            .await?;
    if still.is_empty() {
        return Ok(());
    }
    record_fault(app, &id, u64::try_from(referenced.size_bytes).unwrap_or(0), condition).await
}

/// Restores the bytes from the record of a run, if that has a copy.
pub(super) async fn restore_from_record(app: &App, id: &BlobId) -> Result<bool> {
    let found = task_output::find_by_hash(&mut app.store().read().await?, id.as_str()).await?;
    let Some(output) = found else { return Ok(false) };
    let record = record::open(app, output.task_id, output.attempt_number)?;
    let Some(path) = record.find_output(&output.path) else { return Ok(false) };
    let file = tokio::fs::File::open(path).await.map_err(hearth_core::Error::internal)?;
    let promise = Promise { id: Some(id.clone()), size_bytes: u64::try_from(output.size_bytes).ok() };
    Ok(app.blobs().put(file, &promise, app.limits().task_output()).await.is_ok())
}

/// Clears a fault: the bytes are right again, however they came back.
async fn forget(app: &App, id: &BlobId) -> Result<()> {
    if blob::find_fault(&mut app.store().read().await?, id.as_str()).await?.is_none() {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    blob::clear_fault(&mut operation, id.as_str()).await?;
    operation.commit().await?;
    tracing::info!(object = id.as_str(), "the bytes of a lost object are available again");
    Ok(())
}
