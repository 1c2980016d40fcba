//! Keeps the connection to a cluster and its known state: watches that resume where they stopped, relist when
//! the server has forgotten (410), and are reopened when a connection has gone silent.

use std::{
    sync::{Arc, PoisonError, Weak},
    time::{Duration, Instant},
};

use futures_util::{Stream, StreamExt as _, pin_mut};
use hearth_core::{Clock as _, EngineState, SystemClock};
use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{Node, Pod},
};
use kube::{
    Api, Client, ResourceExt as _,
    runtime::{
        WatchStreamExt as _,
        reflector::{self, Store},
        utils::Backoff,
        watcher::{self, Event, watcher},
    },
};
use tokio::task::JoinSet;

use super::{
    Inner,
    cache::{Cache, News},
    connect::{self, Fault},
    pending,
};
use crate::engine::{Change, EngineHealth, Handle, Observation};

/// The duration of a watch request, so that a silent connection is noticed soon.
const WATCH_SECONDS: u32 = 50;
/// How often a reachable cluster is checked.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often state that changes with time alone is checked.
const TICK: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Rounds of [`LOOK_EVERY`] between checks of what seldom changes: permissions, and Secrets that may have
/// been deleted.
const PERMISSIONS_EVERY: u32 = 30;

/// The pauses between tries of a watch: growing, but short enough to notice soon that a server is back.
struct Pauses(Duration);

const LONGEST_PAUSE_OF_A_WATCH: Duration = Duration::from_secs(3);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST_PAUSE_OF_A_WATCH);
        Some(pause)
    }
}

impl Backoff for Pauses {
    fn reset(&mut self) {
        self.0 = FIRST_PAUSE;
    }
}

/// Known machines, and pods that are not ours.
#[derive(Clone)]
pub(super) struct Machines {
    pub(super) nodes: Store<Node>,
    pub(super) others: Store<Pod>,
}

/// Connects, watches, and reconnects, until the engine is dropped.
pub(super) fn begin(inner: &Arc<Inner>) {
    let inner = Arc::downgrade(inner);
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        while let Some(engine) = inner.upgrade() {
            let connected = connect(&engine).await;
            drop(engine);
            match connected {
                Ok(client) => {
                    pause = FIRST_PAUSE;
                    attend(&inner, client).await;
                }
                Err(fault) => {
                    let Some(engine) = inner.upgrade() else { return };
                    engine.set_health(fault.health());
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    });
}

async fn connect(engine: &Inner) -> Result<Client, Fault> {
    let client = connect::client(&engine.options).await?;
    let version = connect::version(&client).await?;
    engine.set_health(look(engine, &client, version).await?);
    *engine.client.write().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
    Ok(client)
}

async fn look(engine: &Inner, client: &Client, version: String) -> Result<EngineHealth, Fault> {
    let missing: Vec<String> = connect::allowances(client)
        .await?
        .into_iter()
        .filter(|allowance| !allowance.is_allowed && !allowance.is_optional)
        .map(|allowance| allowance.what)
        .collect();
    let health = EngineHealth::good(Some(version), engine.machines_known());
    if missing.is_empty() {
        return Ok(health);
    }
    Ok(EngineHealth { state: EngineState::MissingPermissions, detail: missing.join(", "), ..health })
}

/// Watches with one client as long as its credentials are accepted.
async fn attend(inner: &Weak<Inner>, client: Client) {
    let mut tasks = JoinSet::new();
    {
        let Some(engine) = inner.upgrade() else { return };
        let ours = watcher::Config::default().timeout(WATCH_SECONDS).labels(&engine.names.selector());
        tasks.spawn(watch_jobs(inner.clone(), client.clone(), ours.clone()));
        tasks.spawn(watch_pods(inner.clone(), client.clone(), ours));
        tasks.spawn(tick(inner.clone(), client.clone()));
        let machines = watch_machines(&engine, &client, &mut tasks);
        *engine.machines.write().unwrap_or_else(PoisonError::into_inner) = Some(machines);
    }
    let mut round = 0_u32;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(engine) = inner.upgrade() else { return };
        round += 1;
        if round.is_multiple_of(PERMISSIONS_EVERY) {
            engine.invalidate_agents();
        }
        let found = match connect::version(&client).await {
            Ok(version) if engine.health_is_good() && !round.is_multiple_of(PERMISSIONS_EVERY) => {
                Ok(EngineHealth::good(Some(version), engine.machines_known()))
            }
            Ok(version) => look(&engine, &client, version).await,
            Err(fault) => Err(fault),
        };
        let found = match found {
            Ok(health) if health.is_good() => {
                engine.renew_files(&client).await.map(|()| health).map_err(Fault::from)
            }
            other => other,
        };
        match found {
            Ok(health) => engine.set_health(health),
            Err(fault) => {
                let is_refused = fault.state == EngineState::Refused;
                engine.set_health(fault.health());
                if is_refused {
                    // The kubeconfig may have new credentials.
                    return;
                }
            }
        }
    }
}

async fn watch_jobs(inner: Weak<Inner>, client: Client, config: watcher::Config) {
    let events = watcher(Api::<Job>::all(client), config).modify(|job| {
        job.managed_fields_mut().clear();
        // The pod template is not needed here.
        if let Some(spec) = &mut job.spec {
            spec.template.spec = None;
        }
    });
    let events = events.backoff(Pauses::default());
    pin_mut!(events);
    while let Some(event) = next(&mut events, "jobs").await {
        let Some(engine) = inner.upgrade() else { return };
        let now = Instant::now();
        let touched = engine.with_cache(|cache| match event {
            Event::Init => {
                cache.begin_jobs();
                Vec::new()
            }
            Event::InitApply(job) | Event::Apply(job) => cache.put_job(job, now).into_iter().collect(),
            Event::Delete(job) => cache.drop_job(&job).into_iter().collect(),
            Event::InitDone => {
                engine.synced.send_modify(|synced| synced.jobs = true);
                cache.end_jobs();
                cache.handles()
            }
        });
        engine.tell(&touched);
    }
}

async fn watch_pods(inner: Weak<Inner>, client: Client, config: watcher::Config) {
    let events = watcher(Api::<Pod>::all(client), config).modify(|pod| pod.managed_fields_mut().clear());
    let events = events.backoff(Pauses::default());
    pin_mut!(events);
    while let Some(event) = next(&mut events, "pods").await {
        let Some(engine) = inner.upgrade() else { return };
        let now = Instant::now();
        let touched = engine.with_cache(|cache| match event {
            Event::Init => {
                cache.begin_pods();
                Vec::new()
            }
            Event::InitApply(pod) | Event::Apply(pod) => cache.put_pod(pod, now).into_iter().collect(),
            Event::Delete(pod) => cache.drop_pod(&pod).into_iter().collect(),
            Event::InitDone => {
                engine.synced.send_modify(|synced| synced.pods = true);
                cache.end_pods();
                cache.handles()
            }
        });
        engine.tell(&touched);
    }
}

/// The next event; a failure meanwhile is only recorded: the watch goes on by itself.
async fn next<K>(
    events: &mut (impl Stream<Item = watcher::Result<Event<K>>> + Unpin),
    what: &'static str,
) -> Option<Event<K>> {
    loop {
        match events.next().await? {
            Ok(event) => return Some(event),
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, what, "a watch is opened again");
            }
        }
    }
}

fn watch_machines(engine: &Inner, client: &Client, tasks: &mut JoinSet<()>) -> Machines {
    let config = watcher::Config::default().timeout(WATCH_SECONDS);
    let (nodes, writer) = reflector::store::<Node>();
    let events = watcher(Api::<Node>::all(client.clone()), config.clone()).modify(|node| {
        node.managed_fields_mut().clear();
        node.annotations_mut().clear();
        if let Some(status) = &mut node.status {
            status.images = None;
        }
    });
    tasks.spawn(drain(events.backoff(Pauses::default()).reflect(writer)));
    let others = config
        .labels(&engine.names.selector_of_others())
        .fields("spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed");
    let (store, writer) = reflector::store::<Pod>();
    let events = watcher(Api::<Pod>::all(client.clone()), others).modify(strip);
    tasks.spawn(drain(events.backoff(Pauses::default()).reflect(writer)));
    Machines { nodes, others: store }
}

/// Of other workloads' pods only the resource requests are kept.
fn strip(pod: &mut Pod) {
    pod.status = None;
    pod.metadata.managed_fields = None;
    pod.metadata.annotations = None;
    pod.metadata.labels = None;
    let Some(spec) = &mut pod.spec else { return };
    spec.volumes = None;
    spec.affinity = None;
    for container in spec.containers.iter_mut().chain(spec.init_containers.iter_mut().flatten()) {
        container.env = None;
        container.env_from = None;
        container.args = None;
        container.command = None;
        container.volume_mounts = None;
    }
}

async fn drain<T>(events: impl Stream<Item = T>) {
    pin_mut!(events);
    while events.next().await.is_some() {}
}

/// Checks what changes with time alone, and looks up why Jobs have no pods.
async fn tick(inner: Weak<Inner>, client: Client) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(engine) = inner.upgrade() else { return };
        if !engine.is_synced() {
            continue;
        }
        pending::explain(&engine, &client).await;
        let time_dependent = engine.with_cache(|cache| cache.time_dependent());
        engine.tell(&time_dependent);
        for handle in engine.with_cache(|cache| cache.vanished()) {
            engine.confirm(&client, &handle).await;
        }
    }
}

impl Inner {
    pub(super) fn with_cache<T>(&self, work: impl FnOnce(&mut Cache) -> T) -> T {
        work(&mut self.cache.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reports what changed for these attempts.
    pub(super) fn tell(&self, touched: &[Handle]) {
        // Before everything was listed once, a missing object means nothing.
        if touched.is_empty() || !self.is_synced() {
            return;
        }
        let now = Instant::now();
        for handle in touched {
            if let News::Changed(observation) =
                self.with_cache(|cache| cache.news(handle, now, self.options.image_patience))
            {
                self.send(handle.clone(), observation);
            }
        }
    }

    fn send(&self, handle: Handle, observation: Observation) {
        // Nobody listens while the server starts; it observes by itself then.
        let _ = self.changes.send(Change { handle, observation, seen_at: SystemClock.now() });
    }

    /// An attempt is only reported gone if the API server itself says so.
    async fn confirm(&self, client: &Client, handle: &Handle) {
        match self.fetch(client, handle).await {
            Ok(true) => self.tell(std::slice::from_ref(handle)),
            Ok(false) => {
                if let Some(lost) = self.with_cache(|cache| cache.mark_lost(handle)) {
                    self.send(handle.clone(), lost);
                }
            }
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, %handle, "it could not be confirmed that an attempt is gone");
            }
        }
    }
}
