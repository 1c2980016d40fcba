//! Outputs that no agent has delivered: it was killed, the machine was switched off, or there was no room for them. Where they lie on
//! a disk of this server they are stored without anybody's word for them, and until that has worked they are kept and offered.

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
    attempt::{folder_of, handle_of, salvage, spec_of},
    compute::engine_of,
    jobs::{self, SealRecord, StoreOutputs},
    record,
    task::TaskAccess,
};

/// What waits to be stored, or to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undelivered {
    pub files: u64,
    pub size_bytes: u64,
    pub kept_until: Timestamp,
}

const DAY: Duration = Duration::from_hours(24);
/// Attempts that ended this much earlier than outputs are kept were all looked at before.
const LOOKED_AT: Duration = Duration::from_hours(7 * 24);

/// What an attempt that has ended left on this server's disk.
pub async fn find(app: &App, task: &TaskAccess, number: i64) -> Result<Option<Undelivered>> {
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
    Ok(Some(Undelivered { files: files.len() as u64, size_bytes, kept_until: ended_at + kept_for(app) }))
}

/// Stores it now; what has failed before is tried again.
pub async fn store(app: &App, task: &TaskAccess, number: i64) -> Result<()> {
    task.access().write()?;
    jobs::enqueue(app, &StoreOutputs { task: task.id(), attempt: ended(app, task, number).await?.number })
        .await
}

/// Removes it.
pub async fn discard(app: &App, task: &TaskAccess, number: i64) -> Result<()> {
    task.access().write()?;
    let attempt = ended(app, task, number).await?;
    forget(app, &attempt).await?;
    app.store().tell(Change::Task(task.id()));
    Ok(())
}

/// Removes what attempts left of which there is no task any more.
pub(crate) async fn discard_all(app: &App, attempts: &[Attempt]) {
    for attempt in attempts {
        if folder_of(app, attempt).await.is_some()
            && let Err(error) = forget(app, attempt).await
        {
            tracing::warn!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "what an attempt left stays");
        }
    }
}

async fn ended(app: &App, task: &TaskAccess, number: i64) -> Result<Attempt> {
    let found = row::find(&mut app.store().read().await?, task.id(), number).await?;
    let attempt = found.ok_or(Error::NotFound(Kind::Output))?;
    if attempt.ended_at.is_none() { Err(Error::Conflict(Conflict::State)) } else { Ok(attempt) }
}

/// Lets go of what an attempt that is over left on its engine, unless there are outputs among it that nobody has stored.
pub(crate) async fn release(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(now) = row::find(&mut app.store().read().await?, attempt.task_id, attempt.number).await? else {
        return forget(app, attempt).await;
    };
    if left_by(app, &now).await.is_none() {
        return forget(app, &now).await;
    }
    jobs::enqueue(app, &StoreOutputs { task: now.task_id, attempt: now.number }).await
}

/// Stores all that there is room for, opens the record for it, and lets go of the rest. Done again, it goes on.
pub(crate) async fn store_all(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(folder) = left_by(app, attempt).await else { return Ok(()) };
    let mut has_stored = false;
    for (path, _) in missing(app, attempt, &folder).await? {
        has_stored |= salvage(app, attempt, &folder, &path).await?;
    }
    if has_stored {
        let mut operation = app.begin().await?;
        row::unseal(&mut operation, attempt.id).await?;
        let seal = SealRecord { task: attempt.task_id, attempt: attempt.number };
        operation.enqueue(&seal).await?;
        operation.commit().await?;
    }
    forget(app, attempt).await?;
    app.store().tell(Change::Task(attempt.task_id));
    Ok(())
}

/// Removes what has been kept for as long as it is kept.
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

/// Where an attempt that is over left outputs that its agent has not delivered. Nobody who is dead sends anything any more.
async fn left_by(app: &App, attempt: &Attempt) -> Option<OutputFolder> {
    if attempt.ended_at.is_none() || is_delivered(attempt) {
        return None;
    }
    let engine = engine_of(app, &attempt.engine)?;
    let is_over = engine.observe(&handle_of(attempt)).await.is_ok_and(|seen| seen.is_over());
    if is_over { folder_of(app, attempt).await } else { None }
}

/// Whether its agent told the end, and had left out nothing for want of room.
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

/// The record is the server's; what lies on the engine is not needed any more.
async fn forget(app: &App, attempt: &Attempt) -> Result<()> {
    let Some(engine) = engine_of(app, &attempt.engine) else { return Ok(()) };
    engine.forget(&handle_of(attempt)).await.map_err(record::meaning)
}
