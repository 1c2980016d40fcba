//! Attempts with several nodes share one token, one record and one end, which the first node reports once the
//! others have ended. If one fails, the others are told to stop, and its reason becomes the attempt's.

use std::time::Duration;

use hearth_core::{Error, Outcome, Reason, TaskState};
use hearth_runner::protocol::{Finish, Heartbeat, HeartbeatReply};
use hearth_store::{
    attempt::Attempt,
    attempt_node::{self, AttemptNode, NodeEnd},
    task_event::{self, Facts, NewTaskEvent, TaskEvent},
};
use serde::Deserialize;

use super::{AgentAccess, AgentError, AgentResult, GRACE_SECONDS, end::end_facts, state_in};
use crate::{App, task::MOST_STEPS};

/// How long the first node waits for the others to end.
const OTHERS_END_WITHIN: Duration = Duration::from_mins(5);

/// How many nodes an attempt has.
pub(crate) fn count(attempt: &Attempt) -> u64 {
    #[derive(Deserialize)]
    struct Node {
        count: u64,
    }
    /// Only this part of the spec is parsed, because it is needed at every heartbeat.
    #[derive(Deserialize)]
    struct Spec {
        node: Node,
    }
    attempt.spec.read().map_or(1, |spec: Spec| spec.node.count)
}

impl AgentAccess {
    pub(super) fn is_of_the_attempt(&self, node: u32) -> AgentResult<()> {
        if u64::from(node) < count(&self.attempt) {
            Ok(())
        } else {
            Err(Error::field("node", "unknown-choice").into())
        }
    }

    /// Records the heartbeat of a node, and replies whether it should continue or stop.
    pub async fn heartbeat_of(
        &self,
        app: &App,
        node: u32,
        heartbeat: &Heartbeat,
    ) -> AgentResult<HeartbeatReply> {
        self.is_of_the_attempt(node)?;
        if count(&self.attempt) == 1 {
            return self.heartbeat(app, heartbeat).await;
        }
        self.is_alive()?;
        let state = state_in(heartbeat.phase, &self.task);
        let mut operation = app.begin().await?;
        let nodes = attempt_node::list(&mut operation, self.attempt.id).await?;
        let rank = i64::from(node);
        let is_alive = attempt_node::heartbeat(&mut operation, self.attempt.id, rank, app.now()).await?;
        if !is_alive && node > 0 {
            return Err(AgentError::Gone);
        }
        attempt_node::set_state(&mut operation, self.attempt.id, rank, state).await?;
        operation.commit().await?;
        let reply = if node == 0 { self.heartbeat(app, heartbeat).await? } else { self.reply() };
        let has_failed =
            |other: &AttemptNode| other.rank != i64::from(node) && other.state == TaskState::Failed;
        if reply == HeartbeatReply::CONTINUE && nodes.iter().any(has_failed) {
            return Ok(HeartbeatReply::stop(Reason::RunNodeFailed, GRACE_SECONDS));
        }
        Ok(reply)
    }

    /// Accepts the final report of a node. That of the first node ends the attempt.
    pub async fn finish_of(&self, app: &App, node: u32, finish: &Finish) -> AgentResult<()> {
        self.is_of_the_attempt(node)?;
        if count(&self.attempt) == 1 || self.attempt.ended_at.is_some() {
            return self.finish(app, finish).await;
        }
        if !finish.outcome.state.is_terminal() {
            return Err(Error::field("outcome", "unknown-choice").into());
        }
        self.require_all_received(app, node, finish).await?;
        let now = app.now();
        let end = NodeEnd {
            state: finish.outcome.state,
            reason: finish.outcome.reason,
            exit_code: finish.exit_code.map(i64::from),
            ended_at: now,
        };
        if node > 0 {
            return self.end_node(app, node, end, finish).await;
        }
        let mut operation = app.begin().await?;
        attempt_node::end(&mut operation, self.attempt.id, 0, end).await?;
        let nodes = attempt_node::list(&mut operation, self.attempt.id).await?;
        operation.commit().await?;
        let waited = app.attempt_clocks().waiting(self.attempt.id, app.monotonic());
        let is_waiting = nodes.iter().any(|other| other.rank > 0 && other.ended_at.is_none());
        if is_waiting && waited < OTHERS_END_WITHIN {
            return Err(AgentError::NotYet);
        }
        match first_failure(&nodes) {
            Some(failed) if failed.rank > 0 => {
                let outcome = Outcome { state: TaskState::Failed, reason: failed.reason };
                let exit_code = failed.exit_code.and_then(|code| i32::try_from(code).ok());
                let data = self.failure_facts(app, failed.rank).await?;
                self.conclude(app, &Finish { outcome, exit_code, signal: None, ..finish.clone() }, data).await
            }
            Some(_) => self.conclude(app, finish, facts_of(0, finish)).await,
            None => self.finish(app, finish).await,
        }
    }

    /// The timeline's facts about the end of a failed node.
    async fn failure_facts(&self, app: &App, rank: i64) -> AgentResult<Facts> {
        let rank = rank.to_string();
        let mut reader = app.store().read().await?;
        let newest = task_event::list_newest(&mut reader, self.task.id, MOST_STEPS).await?;
        let is_its_end = |event: &TaskEvent| {
            event.attempt_number == self.attempt.number && event.data.0.get(NODE) == Some(&rank)
        };
        let found = newest.into_iter().find(is_its_end).map(|event| event.data.0);
        Ok(found.unwrap_or_else(|| Facts::from([(NODE.to_owned(), rank)])))
    }

    async fn end_node(&self, app: &App, node: u32, end: NodeEnd, finish: &Finish) -> AgentResult<()> {
        self.require_outputs(app, finish).await?;
        let mut operation = app.begin().await?;
        if !attempt_node::end(&mut operation, self.attempt.id, i64::from(node), end).await? {
            return Ok(());
        }
        if end.state == TaskState::Failed && end.reason != Reason::RunNodeFailed {
            let line = NewTaskEvent {
                task_id: self.task.id,
                attempt_number: self.attempt.number,
                state: self.task.state,
                reason: end.reason,
                source: "agent",
                data: facts_of(node, finish),
                created_at: end.ended_at,
            };
            task_event::insert(&mut operation, &line).await?;
        }
        operation.commit().await?;
        Ok(())
    }
}

/// The fact that names a node.
const NODE: &str = "node";

/// Facts about how a node ended, for the timeline message.
fn facts_of(node: u32, finish: &Finish) -> Facts {
    let mut data = end_facts(finish);
    data.insert(NODE.to_owned(), node.to_string());
    data
}

/// The first node that failed on its own, not because another node had.
fn first_failure(nodes: &[AttemptNode]) -> Option<&AttemptNode> {
    let by_itself =
        |node: &&AttemptNode| node.state == TaskState::Failed && node.reason != Reason::RunNodeFailed;
    nodes.iter().filter(by_itself).min_by_key(|node| (node.ended_at, node.rank))
}
