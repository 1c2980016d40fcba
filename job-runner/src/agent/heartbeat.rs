use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use hearth_core::Reason;
use reqwest::{Method, header};

use super::{
    answer::{Answer, Attempt},
    client::{Client, json},
    stop::Stopper,
};
use crate::protocol::{
    Command, HEARTBEAT_EVERY, Heartbeat, HeartbeatReply, Phase, REFUSED_GIVE_UP, ResourceSample,
};

/// What the agent reports about itself while it works.
pub(crate) struct Pulse {
    phase: Mutex<Phase>,
    samples: Mutex<VecDeque<ResourceSample>>,
}

/// Three hours of samples are kept while the server is unreachable.
const MOST_SAMPLES: usize = 5400;
const MOST_AT_ONCE: usize = 200;

impl Pulse {
    pub(crate) const fn new() -> Self {
        Self { phase: Mutex::new(Phase::Staging), samples: Mutex::new(VecDeque::new()) }
    }

    pub(crate) fn enter(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    pub(crate) fn sample(&self, sample: ResourceSample) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.len() == MOST_SAMPLES {
            samples.pop_front();
        }
        samples.push_back(sample);
    }

    fn phase(&self) -> Phase {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn first_samples(&self) -> Vec<ResourceSample> {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        samples.iter().take(MOST_AT_ONCE).cloned().collect()
    }

    fn forget_samples(&self, count: usize) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let count = count.min(samples.len());
        samples.drain(..count);
    }

    fn latest(&self) -> Option<ResourceSample> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner).back().cloned()
    }

    /// Sends heartbeats until it is dropped, and passes on the server's commands. An unreachable server is no
    /// reason to stop.
    pub(crate) async fn send_heartbeats(&self, client: &Client, stopper: &Stopper, rank: u32) {
        let node = [("node", rank.to_string())];
        let mut refused_since: Option<Instant> = None;
        loop {
            let beat = Heartbeat { phase: self.phase(), resources: self.latest() };
            match client.attempt(json_request(client, "heartbeat", &node, json(&beat))).await {
                Attempt::Answer(Answer::Done(answer)) => {
                    refused_since = None;
                    if let Ok(reply) = answer.json::<HeartbeatReply>().await
                        && reply.command == Command::Stop
                    {
                        let grace = Duration::from_secs(reply.grace_seconds);
                        stopper.request(reply.reason.unwrap_or(Reason::UserStop), grace);
                    }
                    if rank == 0 {
                        self.send_samples(client).await;
                    }
                }
                Attempt::Gone => stopper.gone(),
                Attempt::Refused => {
                    if refused_since.get_or_insert_with(Instant::now).elapsed() > REFUSED_GIVE_UP {
                        stopper.gone();
                    }
                }
                Attempt::Answer(_) | Attempt::Nothing => refused_since = None,
            }
            tokio::time::sleep(HEARTBEAT_EVERY).await;
        }
    }

    /// Sends the buffered samples. Samples may be lost: a chart with a gap is better than a run that waits
    /// for it.
    pub(crate) async fn send_samples(&self, client: &Client) {
        loop {
            let samples = self.first_samples();
            if samples.is_empty() {
                return;
            }
            match client.attempt(json_request(client, "resources", &[], json(&samples))).await {
                // Samples that the server does not accept are not worth a retry.
                Attempt::Answer(Answer::Done(_) | Answer::TooLarge | Answer::Rejected(_)) => {
                    self.forget_samples(samples.len());
                }
                Attempt::Answer(Answer::Conflict(_) | Answer::NoRoom)
                | Attempt::Refused
                | Attempt::Gone
                | Attempt::Nothing => return,
            }
        }
    }
}

fn json_request(
    client: &Client,
    path: &str,
    query: &[(&str, String)],
    (kind, body): (&str, Vec<u8>),
) -> reqwest::RequestBuilder {
    client.request_with(Method::POST, path, query).header(header::CONTENT_TYPE, kind).body(body)
}
