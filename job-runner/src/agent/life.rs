use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use data_encoding::HEXLOWER;
use hearth_core::{Chance as _, Outcome, Reason, SystemChance, TaskState};
use reqwest::{Method, StatusCode, header};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tracing::{info, warn};

use super::{
    client::{Client, Silence, json},
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
    protocol::{Finish, HEARTBEAT_EVERY, Phase},
    sandbox::Fence,
};

/// Everything that the parts of an agent share.
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
/// Between the polite signal and the hard one, where nobody has said how long.
const PLAIN_GRACE: Duration = Duration::from_secs(30);
/// The longest that the answer to a heartbeat takes.
const WORD_OF_THE_SERVER: Duration = Duration::from_secs(1);

/// From the first request to the answered `finish`. True when it was answered.
pub(super) async fn live(directory: &Path, config: &AgentConfig, token: Secret) -> Result<bool> {
    let client = Client::new(&config.server, config.server_authorities.as_deref(), token)
        .map_err(|error| Error::Unreachable(hearth_core::chain(&*error)))?;
    let stopper = Stopper::default();
    listen_to_signals(directory, config.fence, &stopper).at(directory)?;
    let rank = rendezvous::rank_here();
    let mut process = [0; 16];
    SystemChance.fill(&mut process);
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
        // One spec for all nodes: each knows from its cluster which one it is.
        spec.node.rank = rank;
    }
    let layout = Layout::new(directory, config.fence, config.folders.clone());
    layout.create().at(directory)?;
    let spool = |name: &str, most| {
        let path = layout.spool().join(name);
        Spool::create(&path, most).at(path)
    };
    let agent = Arc::new(Agent {
        log: Arc::new(spool("log", spec.limits.log_bytes)?),
        measurements: Arc::new(Measurements::new(spool("metrics", MOST_METRICS)?)),
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

impl Agent {
    async fn work(self: Arc<Self>, spec: TaskSpec) -> bool {
        let beat = tokio::spawn({
            let (agent, rank) = (Arc::clone(&self), spec.node.rank);
            async move { agent.pulse.beat(&agent.client, &agent.stopper, rank).await }
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
            Err(silence) => {
                warn!(?silence, "the server is not to be told any more");
                false
            }
        };
        beat.abort();
        info!(delivered, "the attempt is over");
        delivered
    }

    /// Sends log, metrics and timeline as they grow. Of several nodes the first tells for all what is told once.
    fn ship_all(self: Arc<Self>, rank: u32) -> JoinHandle<Result<(), Silence>> {
        tokio::spawn(async move {
            let node = [("node", rank.to_string())];
            let log = self.log.ship(&self.client, "log", &node);
            let sent = if rank == 0 {
                let metrics = self.measurements.spool.ship(&self.client, "metrics", &[]);
                tokio::try_join!(log, metrics, self.journal.ship(&self.client)).map(drop)
            } else {
                log.await
            };
            if sent == Err(Silence::Gone) {
                self.stopper.gone();
            }
            sent
        })
    }

    /// Waits until the server has everything, then tells it the end.
    async fn deliver(&self, end: RunEnd, shipping: JoinHandle<Result<(), Silence>>, rank: u32) -> bool {
        if !matches!(shipping.await, Ok(Ok(()))) {
            return false;
        }
        if rank == 0 {
            self.pulse.send_samples(&self.client).await;
        }
        let finish = Finish {
            log_bytes: self.log.bytes(),
            metrics_bytes: if rank == 0 { self.measurements.spool.bytes() } else { 0 },
            events: if rank == 0 { self.journal.count() } else { 0 },
            ..end.finish
        };
        let node = [("node", rank.to_string())];
        let (kind, body) = json(&finish);
        loop {
            let make = || {
                let request = self.client.request_with(Method::POST, "finish", &node);
                request.header(header::CONTENT_TYPE, kind).body(body.clone())
            };
            match self.client.call(make).await {
                Ok(answer) if answer.status() == StatusCode::CONFLICT => {
                    // It lost a part of what it had.
                    let log = self.log.ship_again(&self.client, "log", &node);
                    let sent = if rank == 0 {
                        let metrics = self.measurements.spool.ship_again(&self.client, "metrics", &[]);
                        tokio::try_join!(log, metrics, self.journal.ship(&self.client)).map(drop)
                    } else {
                        log.await
                    };
                    if sent.is_err() {
                        return false;
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Ok(_) => return true,
                Err(_) => return false,
            }
        }
    }

    /// The program did not come to an end of its own.
    pub(super) fn failed(reason: Reason) -> Outcome {
        Outcome { state: TaskState::Failed, reason }
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.pulse.enter(phase);
    }
}

/// A polite signal ends the program politely. Others that mean "your terminal is gone" mean nothing here.
fn listen_to_signals(directory: &Path, fence: Fence, stopper: &Stopper) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let directory = directory.to_owned();
    let stopper = stopper.clone();
    // It may have been asked for before we could hear it.
    if let Some(note) = read_stop(&directory) {
        stopper.request(Reason::UserStop, Duration::from_secs(note.grace_seconds));
    }
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = terminate.recv() => {
                    let note = read_stop(&directory);
                    let reason = if note.is_none() && fence == Fence::Container {
                        // A cluster does not say why. If the server wants it, its next answer says so, and that counts.
                        tokio::time::sleep(HEARTBEAT_EVERY + WORD_OF_THE_SERVER).await;
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
