//! Outputs that no agent delivered: it was killed, the machine was switched off, or there was no room for
//! them. If they are on a disk of this server, they are stored without a report from the agent, and until
//! that has worked they are kept and offered to users.

use std::{collections::HashSet, time::Duration};

use hearth_core::{Conflict, Error, Kind, OutputPath, Result, Timestamp};
use hearth_runner::{
    engine::OutputFolder,
    outputs::{self, Found},
    protocol::NO_ROOM,
};
use hearth_store::{
    attempt::{self as row, Attempt},
    task_output,
};
use serde::Deserialize;

use crate::{
    App, Change,
    attempt::{folder_of, handle_of, spec_of, store_from_folder},
    compute::engine_of,
    jobs::{self, SealRecord, StoreOutputs},
    record,
    task::TaskAccess,
};

/// The undelivered outputs of an attempt, which wait to be stored or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndeliveredOutputs {
    pub files: u64,
    pub size_bytes: u64,
    pub kept_until: Timestamp,
}

const DAY: Duration = Duration::from_hours(24);
/// How far beyond the retention period to look back: older attempts have been checked before.
const LOOKED_AT: Duration = Duration::from_hours(7 * 24);

/// The outputs that an ended attempt left on this server's disk.
pub async fn find(app: &App, task: &TaskAccess, number: i64) -> Result<Option<UndeliveredOutputs>> {
    let Some(attempt) = row::find(&mut app.store().read().await?, task.id(), number).await? else {
        return Ok(None);
    };
    let (Some(folder), Some(ended_at)) = (left_by(app, &attempt).await, attempt.ended_at) else {
        return Ok(None);
    };
    let files = missing(app, &attempt, &folder).await?;
    if files.is_empty() {
        return Ok(None);
    }
    let size_bytes = files.iter().map(|(_, size)| size).sum();
    Ok(Some(UndeliveredOutputs {
        files: files.len() as u64,
        size_bytes,
        kept_until: ended_at + kept_for(app),
    }))
}

/// Stores them now; retries what has failed before.
pub async fn store(app: &App, task: &TaskAccess, number: i64) -> Result<()> {
    task.access().write()?;
    jobs::enqueue(app, &StoreOutputs { task: task.id(), attempt: ended(app, task, number).await?.number })
        .await
}

/// Deletes them.
pub async fn discard(app: &App, task: &TaskAccess, number: i64) -> Result<()> {
    task.access().write()?;
    let attempt = ended(app, task, number).await?;
    forget(app, &attempt).await?;
    app.store().announce(Change::Task(task.id()));
    Ok(())
}

/// Deletes what attempts of deleted tasks left behind.
pub(crate) async fn discard_all(app: &App, attempts: &[Attempt]) {
    for attempt in attempts {
        if folder_of(app, attempt).await.is_some()
            && let Err(error) = forget(app, attempt).await
        {
            tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "the outputs that an attempt left behind could not be removed");
        }
    }
}

async fn ended(app: &App, task: &TaskAccess, number: i64) -> Result<Attempt> {
    let found = row::find(&mut app.store().read().await?, task.id(), number).await?;
    let attempt = found.ok_or(Error::NotFound(Kind::Output))?;
    if attempt.ended_at.is_none() { Err(Error::Conflict(Conflict::State)) } else { Ok(attempt) }
}

/// Releases what an ended attempt left on its engine, after storing undelivered outputs.
pub(crate) async fn release(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(now) = row::find(&mut app.store().read().await?, attempt.task_id, attempt.number).await? else {
        return forget(app, attempt).await;
    };
    if left_by(app, &now).await.is_none() {
        return forget(app, &now).await;
    }
    jobs::enqueue(app, &StoreOutputs { task: now.task_id, attempt: now.number }).await
}

/// Stores all undelivered outputs, unseals the record for them, and releases the rest. A retry continues
/// where this stopped.
pub(crate) async fn store_all(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(folder) = left_by(app, attempt).await else { return Ok(()) };
    let mut has_stored = false;
    for (path, _) in missing(app, attempt, &folder).await? {
        has_stored |= store_from_folder(app, attempt, &folder, &path).await?;
    }
    if has_stored {
        let mut operation = app.begin().await?;
        row::unseal(&mut operation, attempt.id).await?;
        let seal = SealRecord { task: attempt.task_id, attempt: attempt.number };
        operation.enqueue(&seal).await?;
        operation.commit().await?;
    }
    forget(app, attempt).await?;
    app.store().announce(Change::Task(attempt.task_id));
    Ok(())
}

/// Deletes undelivered outputs whose retention period is over.
pub(crate) async fn expire(app: &App) -> Result<()> {
    let (now, kept_for) = (app.now(), kept_for(app));
    let ended = row::list_ended_since(&mut app.store().read().await?, now - kept_for - LOOKED_AT).await?;
    for attempt in ended {
        let is_old = attempt.ended_at.is_some_and(|ended_at| now.since(ended_at) >= kept_for);
        if is_old && folder_of(app, &attempt).await.is_some() {
            tracing::info!(task.id = %attempt.task_id, "outputs that nobody stored are removed");
            forget(app, &attempt).await?;
        }
    }
    Ok(())
}

/// The folder in which an ended attempt left undelivered outputs, once its engine confirms that the agent is
/// gone and cannot deliver them any more.
async fn left_by(app: &App, attempt: &Attempt) -> Option<OutputFolder> {
    if attempt.ended_at.is_none() || is_delivered(attempt) {
        return None;
    }
    let engine = engine_of(app, &attempt.engine)?;
    let is_over = engine.observe(&handle_of(attempt)).await.is_ok_and(|seen| seen.is_over());
    if is_over { folder_of(app, attempt).await } else { None }
}

/// Whether its agent reported the end, and left out no output for lack of room.
fn is_delivered(attempt: &Attempt) -> bool {
    #[derive(Deserialize)]
    struct Told {
        outputs_left_out: Vec<(String, String)>,
    }
    let told: Option<Told> = attempt.facts.read().ok();
    told.is_some_and(|told| told.outputs_left_out.iter().all(|(_, why)| why != NO_ROOM))
}

/// The files that are not stored yet.
async fn missing(app: &App, attempt: &Attempt, folder: &OutputFolder) -> Result<Vec<(OutputPath, u64)>> {
    let (path, limits) = (folder.path.clone(), spec_of(attempt)?.limits);
    let Found { files, .. } = record::blocking(move || Ok(outputs::find(&path, &limits))).await?;
    let kept = task_output::list(&mut app.store().read().await?, attempt.task_id, attempt.number).await?;
    let kept: HashSet<OutputPath> = kept.into_iter().map(|output| output.path).collect();
    Ok(files.into_iter().filter(|(path, _)| !kept.contains(path)).collect())
}

fn kept_for(app: &App) -> Duration {
    DAY * app.settings().undelivered_days
}

/// Removes what the engine still has of an attempt; the server has the record.
async fn forget(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(engine) = engine_of(app, &attempt.engine) else { return Ok(()) };
    engine.forget(&handle_of(attempt)).await.map_err(record::meaning)
}
