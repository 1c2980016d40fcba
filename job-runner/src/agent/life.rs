use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use data_encoding::HEXLOWER;
use hearth_core::{
    Clock as _, Outcome, RandomSource as _, Reason, SystemClock, SystemRandomSource, TaskState,
};
use reqwest::{Method, header};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tracing::{info, warn};

use super::{
    answer::Answer,
    client::{Client, ClientError, json},
    heartbeat::Pulse,
    journal::Journal,
    layout::Layout,
    measure::Measurements,
    presence::{AgentConfig, read_stop},
    rendezvous,
    run::{Run, RunEnd},
    spool::Spool,
    stop::Stopper,
};
use crate::{
    Error, Result, Secret, TaskSpec,
    error::At,
    outputs::is_full,
    protocol::{Finish, HEARTBEAT_EVERY, NotReceived, Phase},
    sandbox::Fence,
};

/// State shared by the parts of an agent.
pub(super) struct Agent {
    pub(super) directory: PathBuf,
    pub(super) config: AgentConfig,
    pub(super) client: Client,
    pub(super) layout: Layout,
    pub(super) journal: Journal,
    pub(super) pulse: Arc<Pulse>,
    pub(super) stopper: Stopper,
    pub(super) log: Arc<Spool>,
    pub(super) measurements: Arc<Measurements>,
}

const MOST_METRICS: u64 = 256 << 20;
/// The time between SIGTERM and SIGKILL unless specified.
const PLAIN_GRACE: Duration = Duration::from_secs(30);
/// How many times the server may report data as missing that was sent to it.
const MOST_ROUNDS: u32 = 20;
const PAUSE_BETWEEN_ROUNDS: Duration = Duration::from_millis(200);
/// The longest time the answer to a heartbeat takes.
const HEARTBEAT_REPLY_TIMEOUT: Duration = Duration::from_secs(1);

/// From the first request to the answered `finish`. True if it was answered.
pub(super) async fn live(directory: &Path, config: &AgentConfig, token: Secret) -> Result<bool> {
    let stopper = Stopper::default();
    let client = Client::new(&config.server, config.server_authorities.as_deref(), token, stopper.clone())
        .map_err(|error| Error::Unreachable(hearth_core::chain(&*error)))?;
    listen_to_signals(directory, config.fence, &stopper).at(directory)?;
    let rank = rendezvous::rank_here();
    let mut process = [0; 16];
    SystemRandomSource.fill(&mut process);
    let asked = [("node", rank.unwrap_or(0).to_string()), ("process", HEXLOWER.encode(&process))];
    let Ok(spec) = client.get_json::<TaskSpec>("spec", &asked).await else {
        warn!("the server has no task for this agent");
        return Ok(false);
    };
    if spec.name() != config.name {
        warn!(expected = config.name, given = spec.name(), "the token is another attempt's");
        return Ok(false);
    }
    let mut spec = spec;
    if spec.node.count > 1
        && let Some(rank) = rank
    {
        // All nodes share one spec: each learns its rank from its cluster.
        spec.node.rank = rank;
    }
    let layout = Layout::new(directory, config.fence, config.folders.clone());
    let (log, metrics) = match make_folders(&layout, &spec) {
        Ok(spools) => spools,
        Err(fault) => return Ok(report_fault(&client, &spec, &fault).await),
    };
    let agent = Arc::new(Agent {
        log: Arc::new(log),
        measurements: Arc::new(Measurements::new(metrics)),
        directory: directory.to_owned(),
        config: config.clone(),
        client,
        layout,
        journal: Journal::default(),
        pulse: Arc::new(Pulse::new()),
        stopper,
    });
    Ok(agent.work(spec).await)
}

fn make_folders(layout: &Layout, spec: &TaskSpec) -> Result<(Spool, Spool)> {
    layout.create().at(layout.spool())?;
    let spool = |name: &str, most| {
        let path = layout.spool().join(name);
        Spool::create(&path, most).at(path)
    };
    Ok((spool("log", spec.limits.log_bytes)?, spool("metrics", MOST_METRICS)?))
}

/// Reports why nothing could start here, so that the task does not lose its agent silently.
async fn report_fault(client: &Client, spec: &TaskSpec, fault: &Error) -> bool {
    tracing::error!(error = fault as &dyn std::error::Error, "the agent cannot set up its folder");
    let is_for_room = matches!(fault, Error::Io { source, .. } if is_full(source));
    let reason = if is_for_room { Reason::MachineNoRoom } else { Reason::PlatformFault };
    let finish = Finish::without_run(Agent::failed(reason), SystemClock.now());
    let (kind, body) = json(&finish);
    let node = [("node", spec.node.rank.to_string())];
    let make = || {
        let request = client.request_with(Method::POST, "finish", &node);
        request.header(header::CONTENT_TYPE, kind).body(body.clone())
    };
    matches!(client.call(make).await, Ok(Answer::Done(_)))
}

impl Agent {
    async fn work(self: Arc<Self>, spec: TaskSpec) -> bool {
        let beat = tokio::spawn({
            let (agent, rank) = (Arc::clone(&self), spec.node.rank);
            async move { agent.pulse.send_heartbeats(&agent.client, &agent.stopper, rank).await }
        });
        let shipping = self.clone().ship_all(spec.node.rank);
        let end = Run { agent: &self, spec: &spec }.perform().await;
        self.log.close();
        self.measurements.spool.close();
        self.journal.close();
        let delivered = match end {
            Ok(end) => tokio::select! {
                delivered = self.deliver(end, shipping, spec.node.rank) => delivered,
                () = self.stopper.wait_until_gone() => false,
            },
            Err(client_error) => {
                warn!(?client_error, "the server cannot be told the end; the results stay in this folder");
                false
            }
        };
        beat.abort();
        info!(delivered, "the attempt is over");
        delivered
    }

    /// Sends log, metrics and timeline as they grow. Of several nodes the first sends the shared ones.
    fn ship_all(self: Arc<Self>, rank: u32) -> JoinHandle<Result<(), ClientError>> {
        tokio::spawn(async move {
            let node = [("node", rank.to_string())];
            let log = self.log.ship(&self.client, "log", &node);
            let sent = if rank == 0 {
                let metrics = self.measurements.spool.ship(&self.client, "metrics", &[]);
                tokio::try_join!(log, metrics, self.journal.ship(&self.client)).map(drop)
            } else {
                log.await
            };
            if sent == Err(ClientError::Gone) {
                self.stopper.gone();
            }
            sent
        })
    }

    /// Waits until the server has everything, then reports the end.
    async fn deliver(&self, end: RunEnd, shipping: JoinHandle<Result<(), ClientError>>, rank: u32) -> bool {
        if !matches!(shipping.await, Ok(Ok(()))) {
            return false;
        }
        if rank == 0 {
            self.pulse.send_samples(&self.client).await;
        }
        let mut finish = end.finish;
        let mut is_short = false;
        for _ in 0..MOST_ROUNDS {
            finish.log_bytes = self.log.announced();
            finish.metrics_bytes = if rank == 0 { self.measurements.spool.announced() } else { 0 };
            finish.events = if rank == 0 { self.journal.count() } else { 0 };
            match self.tell(&finish, rank).await {
                Ok(Answer::Done(_)) => return true,
                Ok(Answer::Conflict(answer)) => {
                    // It lost part of what it had.
                    if let Ok(NotReceived { not_received }) = answer.json().await {
                        warn!(path = %not_received, "the server no longer has an output that it had received");
                        finish.outputs.retain(|entry| entry.path != not_received);
                        finish.outputs_left_out.push((not_received.to_string(), "not received".to_owned()));
                    } else if self.ship_again(rank).await.is_err() {
                        return false;
                    }
                    tokio::time::sleep(PAUSE_BETWEEN_ROUNDS).await;
                }
                Ok(Answer::TooLarge | Answer::Rejected(_)) if !is_short => {
                    warn!("the server rejected the report of the end; a shorter one is sent");
                    is_short = true;
                    finish = finish.in_short();
                }
                Ok(_) | Err(_) => return false,
            }
        }
        false
    }

    async fn tell(&self, finish: &Finish, rank: u32) -> Result<Answer, ClientError> {
        let node = [("node", rank.to_string())];
        let (kind, body) = json(finish);
        let make = || {
            let request = self.client.request_with(Method::POST, "finish", &node);
            request.header(header::CONTENT_TYPE, kind).body(body.clone())
        };
        self.client.call(make).await
    }

    async fn ship_again(&self, rank: u32) -> Result<(), ClientError> {
        let node = [("node", rank.to_string())];
        let log = self.log.ship_again(&self.client, "log", &node);
        if rank > 0 {
            return log.await;
        }
        let metrics = self.measurements.spool.ship_again(&self.client, "metrics", &[]);
        tokio::try_join!(log, metrics, self.journal.ship(&self.client)).map(drop)
    }

    /// The outcome of a program that did not end by itself.
    pub(super) fn failed(reason: Reason) -> Outcome {
        Outcome { state: TaskState::Failed, reason }
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.pulse.enter(phase);
    }
}

/// SIGTERM ends the program gracefully. Signals that mean "the terminal is gone" are ignored.
fn listen_to_signals(directory: &Path, fence: Fence, stopper: &Stopper) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let directory = directory.to_owned();
    let stopper = stopper.clone();
    // The stop may have been requested before the signal handler was installed.
    if let Some(note) = read_stop(&directory) {
        stopper.leave();
        stopper.request(Reason::UserStop, Duration::from_secs(note.grace_seconds));
    }
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = terminate.recv() => {
                    stopper.leave();
                    let note = read_stop(&directory);
                    let reason = if note.is_none() && fence == Fence::Container {
                        // A cluster gives no reason. If the server requested it, its next reply says so and
                        // takes precedence.
                        tokio::time::sleep(HEARTBEAT_EVERY + HEARTBEAT_REPLY_TIMEOUT).await;
                        Reason::RunEvicted
                    } else {
                        Reason::UserStop
                    };
                    let grace = note.map_or(PLAIN_GRACE, |note| Duration::from_secs(note.grace_seconds));
                    stopper.request(reason, grace);
                }
                Some(()) = hangup.recv() => {}
                Some(()) = interrupt.recv() => {}
                else => return,
            }
        }
    });
    Ok(())
}
