//! Verifying and storing outputs whose bytes are all here. Hashing takes minutes for large ones, so it
//! continues when clients disconnect, each file is hashed only once at a time, and callers hear within
//! seconds that it is not done.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use hearth_core::{Dependency, Error, OutputPath, Result, TaskId};
use hearth_runner::{
    Error as RunnerError,
    protocol::{LONGEST_STEP, OutputEntry},
    record::Record,
};
use hearth_store::{
    attempt::Attempt,
    task_output::{self, TaskOutput},
};
use tokio::{sync::watch, time::timeout};

use super::{AgentError, AgentResult};
use crate::{App, blobs::BlobId, record};

/// The verifications in progress.
#[derive(Default)]
pub(crate) struct OutputVerifications(Mutex<HashMap<Key, Outcome>>);

/// One output of one attempt.
type Key = (TaskId, i64, OutputPath);
type Outcome = watch::Receiver<Option<VerificationResult>>;

/// How a verification ended.
#[derive(Clone, Debug)]
enum VerificationResult {
    Kept(OutputEntry),
    /// There is no such file.
    Absent,
    /// The bytes do not have the announced hash.
    Mismatch,
    /// Its path is unsafe.
    Unsafe,
    NoRoom,
    /// The blob store is unavailable.
    Unreachable,
    /// An internal error, which has been logged.
    Failed,
}

/// The result so far.
pub(super) enum VerificationStatus {
    Kept(OutputEntry),
    Absent,
    /// It is still being hashed.
    NotYet,
}

impl OutputVerifications {
    /// Joins the verification in progress, or starts one.
    fn join(&self, key: &Key, begin: impl FnOnce(watch::Sender<Option<VerificationResult>>)) -> Outcome {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // If the sender is gone, it has ended, normally or in a panic.
        if let Some(outcome) = under_way.get(key).filter(|outcome| outcome.has_changed().is_ok()) {
            return outcome.clone();
        }
        let (sender, outcome) = watch::channel(None);
        under_way.insert(key.clone(), outcome.clone());
        begin(sender);
        outcome
    }

    fn end(&self, key: &Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// Verifies an output with `work`, which moves it to its place in the record, and then stores it. Waits for
/// that, but no longer than [`LONGEST_STEP`].
pub(super) async fn verify_and_store(
    app: &App,
    attempt: &Attempt,
    path: OutputPath,
    work: impl FnOnce(&Record) -> hearth_runner::Result<Option<OutputEntry>> + Send + 'static,
) -> AgentResult<VerificationStatus> {
    let record = record::open(app, attempt.task_id, attempt.number)?;
    let key = (attempt.task_id, attempt.number, path);
    let mut outcome = app.output_verifications().join(&key, |sender| {
        let (app, key, attempt) = (app.clone(), key.clone(), attempt.clone());
        tokio::spawn(async move {
            let result = verify(&app, &attempt, record, work).await;
            app.output_verifications().end(&key);
            sender.send_replace(Some(result));
        });
    });
    let Ok(ended) = timeout(LONGEST_STEP, outcome.wait_for(Option::is_some)).await else {
        return Ok(VerificationStatus::NotYet);
    };
    let result = ended.map_err(Error::internal)?.clone();
    match result {
        Some(VerificationResult::Kept(entry)) => Ok(VerificationStatus::Kept(entry)),
        Some(VerificationResult::Absent) => Ok(VerificationStatus::Absent),
        Some(VerificationResult::Mismatch) => Err(AgentError::Mismatch),
        Some(VerificationResult::Unsafe) => Err(Error::field("path", "path").into()),
        Some(VerificationResult::NoRoom) => Err(Error::Unavailable(Dependency::Disk).into()),
        Some(VerificationResult::Unreachable) => Err(Error::Unavailable(Dependency::BlobStore).into()),
        Some(VerificationResult::Failed) | None => Err(Error::internal("an output could not be kept").into()),
    }
}

async fn verify(
    app: &App,
    attempt: &Attempt,
    record: Record,
    work: impl FnOnce(&Record) -> hearth_runner::Result<Option<OutputEntry>> + Send + 'static,
) -> VerificationResult {
    let worker = record.clone();
    let failed = |error: &(dyn std::error::Error + 'static)| {
        tracing::error!(task.id = %attempt.task_id, error, "an output cannot be kept");
        VerificationResult::Failed
    };
    let verified = match tokio::task::spawn_blocking(move || work(&worker)).await {
        Ok(verified) => verified,
        Err(error) => return failed(&error),
    };
    let entry = match verified {
        Ok(Some(entry)) => entry,
        Ok(None) => return VerificationResult::Absent,
        Err(RunnerError::HashMismatch { .. }) => return VerificationResult::Mismatch,
        Err(RunnerError::UnsafePath(_)) => return VerificationResult::Unsafe,
        Err(other) => return temporary_or(record::meaning(other), failed),
    };
    match record_output(app, attempt, &record, &entry).await {
        Ok(()) => VerificationResult::Kept(entry),
        Err(error) => temporary_or(error, failed),
    }
}

/// Temporary conditions are not internal errors.
fn temporary_or(
    error: Error,
    failed: impl FnOnce(&(dyn std::error::Error + 'static)) -> VerificationResult,
) -> VerificationResult {
    match error {
        Error::Unavailable(Dependency::Disk | Dependency::DiskSpace) => VerificationResult::NoRoom,
        Error::Unavailable(Dependency::BlobStore) => VerificationResult::Unreachable,
        other => failed(&other),
    }
}

/// Links the verified file into the blob store and records the output: from now on it counts.
async fn record_output(app: &App, attempt: &Attempt, record: &Record, entry: &OutputEntry) -> Result<()> {
    let id = BlobId::parse(&entry.sha256).ok_or_else(|| Error::internal("an output with a bad hash"))?;
    let file = record.find_output(&entry.path);
    let file = file.ok_or_else(|| Error::internal("a complete output is not there"))?;
    let _claim = app.blobs().claim(&id).await;
    app.blobs().link(file, &id, entry.size_bytes, app.limits().task_output()).await?;
    let output = TaskOutput {
        task_id: attempt.task_id,
        attempt_number: attempt.number,
        path: entry.path.clone(),
        size_bytes: i64::try_from(entry.size_bytes).map_err(Error::internal)?,
        sha256: entry.sha256.clone(),
        created_at: app.now(),
    };
    let mut operation = app.begin().await?;
    task_output::insert(&mut operation, &output).await?;
    operation.commit().await?;
    Ok(())
}
