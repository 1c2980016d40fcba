use hearth_core::{Error, Outcome, Result, TaskId};
use hearth_runner::{
    protocol::Finish,
    record::{RunFacts, TimelineLine},
};
use hearth_store::{attempt, task_event};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{
    App,
    attempt::{MOST_EVENTS, spec_of},
    record,
};

/// Writes `run.json`, everything else in a record that is only known at the end, and the checksums of all of
/// it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealRecord {
    pub task: TaskId,
    pub attempt: i64,
}

impl Job for SealRecord {
    const NAME: &'static str = "seal_record";
    const QUEUE: Queue = Queue::Tasks;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}-{}", self.task, self.attempt))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let mut reader = app.store().read().await?;
        // The task was deleted, or its record is already sealed: nothing is left to do.
        let Some(found) = attempt::find(&mut reader, self.task, self.attempt).await? else {
            return Ok(Ran::Done);
        };
        let (Some(ended_at), None) = (found.ended_at, found.sealed_at) else { return Ok(Ran::Done) };
        let mut events = task_event::list_of_attempt(&mut reader, self.task, 0, MOST_EVENTS).await?;
        events.extend(task_event::list_of_attempt(&mut reader, self.task, self.attempt, MOST_EVENTS).await?);
        drop(reader);
        let timeline: Vec<TimelineLine> = events
            .into_iter()
            .map(|event| TimelineLine {
                time: event.created_at,
                source: event.source,
                reason: event.reason,
                data: event.data.0,
            })
            .collect();
        let spec = spec_of(&found)?;
        let finish: Option<Finish> = found.facts.read().ok();
        let engine = found.engine.clone();
        let outcome = Outcome { state: found.state, reason: found.reason };
        let record = record::open(app, self.task, self.attempt)?;
        let sealed = tokio::task::spawn_blocking(move || {
            let facts = RunFacts {
                spec: &spec,
                engine: &engine,
                outcome,
                finish: finish.as_ref(),
                created_at: found.created_at,
                ended_at,
            };
            record.seal(&facts, &timeline)
        });
        sealed.await.map_err(Error::internal)?.map_err(record::meaning)?;
        let mut operation = app.begin().await?;
        attempt::seal(&mut operation, found.id, app.now()).await?;
        Ok(Ran::Keep(operation))
    }
}
