//! Handing attempts to their engines: many at once, because one slow call to a cluster must not hold up the
//! others.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::HEXLOWER;
use futures_util::{StreamExt as _, stream};
use hearth_core::{AttemptId, Reason, Result};
use hearth_runner::{
    Error as RunnerError, Secret, TaskSpec,
    engine::{AgentLaunch, Engine, Placement},
};
use hearth_store::{attempt as row, attempt::Attempt, task as task_row};
use tokio::sync::Notify;

use crate::{App, attempt, record};

/// Attempts that are handed over concurrently.
const AT_ONCE: usize = 24;
/// Maximum attempts that are bound and not yet handed over.
const MAX_PENDING: usize = 64;

/// An attempt that is ready for its engine.
pub(super) struct BoundAttempt {
    pub(super) attempt: Attempt,
    pub(super) spec: TaskSpec,
    pub(super) token: String,
    pub(super) placement: Placement,
    /// The patch with unpushed changes.
    pub(super) patch: Option<String>,
}

/// Attempts that are being handed to their engines.
#[derive(Debug, Default)]
pub(crate) struct PendingHandOvers {
    on_the_way: Mutex<BTreeSet<AttemptId>>,
    arrived: Notify,
}

impl PendingHandOvers {
    /// How many more may be bound now.
    pub(super) fn room(&self) -> usize {
        MAX_PENDING.saturating_sub(self.with(|attempts| attempts.len()))
    }

    pub(super) fn has(&self, attempt: AttemptId) -> bool {
        self.with(|attempts| attempts.contains(&attempt))
    }

    pub(super) fn begin(&self, more: impl IntoIterator<Item = AttemptId>) {
        self.with(|attempts| attempts.extend(more));
    }

    pub(super) fn end(&self, gone: impl IntoIterator<Item = AttemptId>) {
        self.with(|attempts| {
            for attempt in gone {
                attempts.remove(&attempt);
            }
        });
        self.arrived.notify_one();
    }

    /// Waits until enough attempts have been handed over for another pass to be worthwhile.
    pub(super) async fn has_room(&self) {
        loop {
            self.arrived.notified().await;
            if self.room() >= MAX_PENDING / 2 {
                return;
            }
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeSet<AttemptId>) -> T) -> T {
        work(&mut self.on_the_way.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands attempts to their engines, several at a time. Failures are recorded or logged; the next tick
/// retries.
pub(super) async fn hand_over_all(app: &App, bound: Vec<BoundAttempt>) {
    stream::iter(bound)
        .for_each_concurrent(AT_ONCE, async |bound| {
            let (id, task) = (bound.attempt.id, bound.attempt.task_id);
            if let Err(error) = hand_over(app, bound).await {
                tracing::warn!(task.id = %task, error = &error as &dyn std::error::Error, "an attempt could not be handed over yet");
            }
            app.pending_hand_overs().end([id]);
        })
        .await;
}

/// Starts an attempt that no engine has taken, because the server stopped before or the engine was
/// unavailable.
pub(super) async fn hand_over_again(app: &App, attempt: &Attempt) -> Result<()> {
    let spec = attempt::spec_of(attempt)?;
    let token = new_token(app);
    let mut operation = app.begin().await?;
    row::set_token_hash(&mut operation, attempt.id, &attempt::token_hash(&token)).await?;
    let patch = task_row::patch(&mut operation, attempt.task_id).await?;
    operation.commit().await?;
    let placement = placement_of(attempt, &spec);
    hand_over(app, BoundAttempt { attempt: attempt.clone(), spec, token, placement, patch }).await
}

/// Where an attempt was bound to. Attempts from before there were pools have only their machine.
fn placement_of(attempt: &Attempt, spec: &TaskSpec) -> Placement {
    let kept = attempt.placement.as_ref().and_then(|kept| kept.read().ok());
    kept.unwrap_or_else(|| Placement {
        owner: spec.code.repository.split('/').next().unwrap_or_default().to_owned(),
        machines: vec![attempt.machine.clone()],
        ..Placement::default()
    })
}

async fn hand_over(app: &App, bound: BoundAttempt) -> Result<()> {
    let BoundAttempt { attempt, spec, token, placement, patch } = bound;
    let record = record::open(app, attempt.task_id, attempt.number)?;
    if let Some(patch) = patch {
        record.write_patch(patch.as_bytes()).map_err(record::meaning)?;
    }
    let Some(engine) = engine_of(app, &attempt.engine) else {
        let detail = format!("there is no engine {:?}", attempt.engine);
        attempt::abandon_attempt(app, &attempt, Reason::PlatformFault, &detail).await?;
        return Ok(());
    };
    let server = app.agent_urls().root().parse().map_err(hearth_core::Error::internal)?;
    match engine.start(AgentLaunch { spec, server, token: Secret::new(token), placement }).await {
        Ok(handle) => {
            let mut operation = app.begin().await?;
            row::set_handle(&mut operation, attempt.id, &handle.0).await?;
            operation.commit().await?;
            Ok(())
        }
        // Retried on the next tick.
        Err(RunnerError::Unreachable(detail)) => {
            tracing::warn!(task.id = %attempt.task_id, engine.name = attempt.engine, detail, "the engine does not answer");
            Ok(())
        }
        Err(RunnerError::SandboxRefused(detail)) => {
            attempt::abandon_attempt(app, &attempt, Reason::SandboxRefused, &detail).await?;
            Ok(())
        }
        Err(RunnerError::NetworkRefused(detail)) => {
            attempt::abandon_attempt(app, &attempt, Reason::SandboxNoNetwork, &detail).await?;
            Ok(())
        }
        Err(RunnerError::Refused(detail)) => {
            attempt::abandon_attempt(app, &attempt, Reason::QueueClusterRefused, &detail).await?;
            Ok(())
        }
        Err(error) => {
            tracing::error!(task.id = %attempt.task_id, error = &error as &dyn std::error::Error, "an attempt cannot be started");
            attempt::abandon_attempt(app, &attempt, Reason::PlatformFault, &error.to_string()).await?;
            Ok(())
        }
    }
}

pub(crate) fn engine_of<'a>(app: &'a App, name: &str) -> Option<&'a Arc<dyn Engine>> {
    app.engines().iter().find(|engine| engine.name() == name)
}

/// 256 random bits.
pub(super) fn new_token(app: &App) -> String {
    let mut bytes = [0; 32];
    app.random().fill(&mut bytes);
    HEXLOWER.encode(&bytes)
}
