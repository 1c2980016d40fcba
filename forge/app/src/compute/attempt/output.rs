//! Receiving outputs: uploaded in resumable pieces, or moved out of a folder that this server shares with the
//! agent. What an agent announces is a claim; an output counts once its bytes are here and their hash is
//! verified.

use std::{collections::HashMap, path::PathBuf};

use hearth_core::{Error, OutputPath, Result};
use hearth_runner::{
    engine::OutputFolder,
    protocol::{Finish, OutputEntry, OutputStatus},
};
use hearth_store::{
    attempt::Attempt,
    task_output::{self, TaskOutput},
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{
    AgentAccess, AgentError, AgentResult, handle_of, recorded, spec_of,
    verification::{VerificationStatus, verify_and_store},
};
use crate::{App, compute::engine_of, record};

const PIECE_BYTES: usize = 1 << 20;
/// Free space is checked again after this many pieces.
const PIECES_A_LOOK: u64 = 64;

impl AgentAccess {
    /// How much of exactly this file has been received. Once all of it has, its hash is verified, which may
    /// take several calls until the output is complete.
    pub async fn output_status(&self, app: &App, entry: OutputEntry) -> AgentResult<OutputStatus> {
        self.is_alive()?;
        let whole = OutputStatus { received: entry.size_bytes, complete: true };
        if is_kept(app, &self.attempt, &entry).await? {
            return Ok(whole);
        }
        let (record, asked) = (self.record(app)?, entry.clone());
        let received = recorded(move || record.received(&asked)).await?;
        if received == 0 || received < entry.size_bytes {
            return Ok(OutputStatus { received, complete: false });
        }
        self.complete(app, entry).await
    }

    /// Receives the rest of an output from `offset` on. What arrived before the connection broke is kept, and
    /// the next request continues from there.
    pub async fn receive_output(
        &self,
        app: &App,
        entry: OutputEntry,
        mut offset: u64,
        mut body: impl AsyncRead + Unpin,
    ) -> AgentResult<OutputStatus> {
        self.is_alive()?;
        let record = self.record(app)?;
        for pieces in 0_u64.. {
            // Other uploads may be in progress, and grow as this one does.
            if pieces.is_multiple_of(PIECES_A_LOOK) {
                self.is_room_for(app, &entry, offset).await?;
            }
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let mut rest = (&mut body).take(PIECE_BYTES as u64);
            let broken = rest.read_to_end(&mut piece).await.err();
            let is_last = piece.len() < PIECE_BYTES;
            if !piece.is_empty() {
                let length = piece.len() as u64;
                let (record, entry) = (record.clone(), entry.clone());
                recorded(move || record.append_output(&entry, offset, &piece)).await.map_err(about_output)?;
                offset += length;
            }
            if let Some(error) = broken {
                return Err(Error::internal(error).into());
            }
            if is_last {
                break;
            }
        }
        if offset < entry.size_bytes {
            return Ok(OutputStatus { received: offset, complete: false });
        }
        self.complete(app, entry).await
    }

    async fn complete(&self, app: &App, entry: OutputEntry) -> AgentResult<OutputStatus> {
        let (path, asked) = (entry.path.clone(), entry.clone());
        let verified = verify_and_store(app, &self.attempt, path, move |record| {
            Ok(record.complete_output(&asked)?.complete.then_some(asked))
        });
        Ok(match verified.await? {
            VerificationStatus::Kept(kept) if kept == entry => {
                OutputStatus { received: entry.size_bytes, complete: true }
            }
            VerificationStatus::NotYet => OutputStatus { received: entry.size_bytes, complete: false },
            // Different bytes of the same name were just verified, or these are gone.
            VerificationStatus::Kept(_) | VerificationStatus::Absent => {
                OutputStatus { received: 0, complete: false }
            }
        })
    }

    /// Moves an output out of the attempt's own folder if this server shares its disk, without making a
    /// second copy. `None`: it is being hashed. [`AgentError::NotHere`]: it has to be uploaded.
    pub async fn take_output(&self, app: &App, path: OutputPath) -> AgentResult<Option<OutputEntry>> {
        self.is_alive()?;
        if let Some(row) = find(app, &self.attempt, &path).await? {
            return Ok(Some(entry_of(row)?));
        }
        let folder = folder_of(app, &self.attempt).await.filter(|folder| folder.is_quiet);
        let Some(OutputFolder { path: folder, .. }) = folder else { return Err(AgentError::NotHere) };
        let size_bytes = size_of(folder.join(path.as_str())).await;
        is_within_limits(app, &self.attempt, &path, size_bytes).await?;
        let asked = path.clone();
        match verify_and_store(app, &self.attempt, path, move |record| record.take_output(&folder, &asked))
            .await?
        {
            VerificationStatus::Kept(entry) => Ok(Some(entry)),
            VerificationStatus::NotYet => Ok(None),
            VerificationStatus::Absent => Err(AgentError::NotHere),
        }
    }

    /// Checks that all outputs the agent names are here, with exactly the bytes that it names.
    pub(super) async fn require_outputs(&self, app: &App, finish: &Finish) -> AgentResult<()> {
        if finish.outputs.is_empty() {
            return Ok(());
        }
        let mut reader = app.store().read().await?;
        let rows = task_output::list(&mut reader, self.task.id, self.attempt.number).await?;
        drop(reader);
        let kept: HashMap<&OutputPath, &TaskOutput> = rows.iter().map(|row| (&row.path, row)).collect();
        let is_here = |entry: &&OutputEntry| kept.get(&entry.path).is_some_and(|row| is_same(row, entry));
        match finish.outputs.iter().find(|entry| !is_here(entry)) {
            Some(missing) => Err(AgentError::NotReceived(missing.path.clone())),
            None => Ok(()),
        }
    }

    async fn is_room_for(&self, app: &App, entry: &OutputEntry, offset: u64) -> AgentResult<()> {
        is_within_limits(app, &self.attempt, &entry.path, entry.size_bytes).await?;
        let (record, limit) = (self.record(app)?, app.limits().task_output());
        let missing = entry.size_bytes.saturating_sub(offset);
        let (files, bytes) = record::blocking(move || Ok(record.parts())).await?;
        if bytes > limit.most || files > most_files(&self.attempt)? {
            return Err(Error::TooLarge(limit).into());
        }
        // A partial output would fill the disk for everybody and be of no use.
        Ok(app.disk().check_room_for(missing)?)
    }
}

/// The folder with the outputs of an attempt, if it is on a disk of this server.
pub(crate) async fn folder_of(app: &App, attempt: &Attempt) -> Option<OutputFolder> {
    engine_of(app, &attempt.engine)?.outputs(&handle_of(attempt)).await
}

/// Takes an output out of the folder of an attempt whose agent is dead: moved if nothing can write to it any
/// more, else copied. Returns `false` if it is not a regular file. No agent will ask again, so this waits.
pub(crate) async fn store_from_folder(
    app: &App,
    attempt: &Attempt,
    folder: &OutputFolder,
    path: &OutputPath,
) -> Result<bool> {
    loop {
        let (place, is_quiet, asked) = (folder.path.clone(), folder.is_quiet, path.clone());
        let verified = verify_and_store(app, attempt, path.clone(), move |record| {
            let taken = if is_quiet { record.take_output(&place, &asked)? } else { None };
            if taken.is_some() { Ok(taken) } else { record.copy_output(&place, &asked) }
        });
        match verified.await {
            Ok(VerificationStatus::Kept(_)) => return Ok(true),
            Ok(VerificationStatus::Absent) | Err(AgentError::Mismatch) => return Ok(false),
            Ok(VerificationStatus::NotYet) => {}
            Err(AgentError::Other(error)) => return Err(error),
            Err(other) => return Err(Error::internal(format!("{other:?}"))),
        }
    }
}

/// Checks the limits on the number and the total size of an attempt's outputs.
async fn is_within_limits(app: &App, attempt: &Attempt, path: &OutputPath, size_bytes: u64) -> Result<()> {
    let limit = app.limits().task_output();
    let mut reader = app.store().read().await?;
    let (files, bytes) = task_output::sum_beside(&mut reader, attempt.task_id, attempt.number, path).await?;
    drop(reader);
    let with_this = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(size_bytes);
    if with_this > limit.most || u64::try_from(files).unwrap_or(u64::MAX) >= most_files(attempt)? {
        return Err(Error::TooLarge(limit));
    }
    Ok(())
}

fn most_files(attempt: &Attempt) -> Result<u64> {
    let spec = spec_of(attempt)?;
    Ok(spec.limits.output_files.saturating_mul(u64::from(spec.node.count)))
}

async fn find(app: &App, attempt: &Attempt, path: &OutputPath) -> Result<Option<TaskOutput>> {
    let mut reader = app.store().read().await?;
    Ok(task_output::find(&mut reader, attempt.task_id, attempt.number, path).await?)
}

async fn is_kept(app: &App, attempt: &Attempt, entry: &OutputEntry) -> Result<bool> {
    Ok(find(app, attempt, &entry.path).await?.is_some_and(|row| is_same(&row, entry)))
}

fn is_same(row: &TaskOutput, entry: &OutputEntry) -> bool {
    row.sha256 == entry.sha256 && u64::try_from(row.size_bytes).is_ok_and(|size| size == entry.size_bytes)
}

fn entry_of(row: TaskOutput) -> Result<OutputEntry> {
    let size_bytes = u64::try_from(row.size_bytes).map_err(Error::internal)?;
    Ok(OutputEntry { path: row.path, size_bytes, sha256: row.sha256 })
}

async fn size_of(file: PathBuf) -> u64 {
    tokio::fs::symlink_metadata(file).await.map_or(0, |facts| facts.len())
}

/// Turns a wrong offset into [`AgentError::Output`].
fn about_output(error: AgentError) -> AgentError {
    match error {
        AgentError::Offset(end) => {
            AgentError::Output(OutputStatus { received: end.next_offset, complete: false })
        }
        other => other,
    }
}
