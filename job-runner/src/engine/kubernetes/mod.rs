//! The engine of a Kubernetes cluster: one attempt is one Job that is created once and never retries by
//! itself, in a namespace of its owner.
//!
//! | file | what it does |
//! | --- | --- |
//! | `connect` | the connection to the cluster, and what is wrong if there is none |
//! | `permissions` | what Hearth may do there, and how that is checked |
//! | `check` | what may become part of a pod |
//! | `files` | files provided by the operator |
//! | `names`, `objects`, `pod` | the objects to create, from closed structures only |
//! | `start`, `agents`, `registries` | creating them |
//! | `watch`, `cache` | what the cluster reports, kept per attempt |
//! | `pod_state` | the state of one pod in our terms |
//! | `pending`, `kueue` | why a Job is suspended or has no pod yet |
//! | `capacity`, `quantity` | what the machines offer to Hearth |
//!
//! A cluster that is unreachable, or refuses, is just an unhealthy engine: it is retried, and the server
//! keeps running.

mod agents;
mod cache;
mod capacity;
mod check;
mod conclusion;
mod connect;
mod files;
mod kueue;
mod names;
mod objects;
mod pending;
mod permissions;
mod pod;
mod pod_state;
mod quantity;
mod registries;
#[cfg(test)]
mod sample;
mod start;
mod watch;
mod watched;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{FutureExt as _, StreamExt as _, stream::BoxStream};
use hearth_core::{EngineState, Reason};
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::{
    Api, Client, ResourceExt as _,
    api::{DeleteParams, ListParams},
    runtime::reflector::store::WriterDropped,
};
use tokio::sync::{broadcast, watch as signal};
use tokio_stream::wrappers::BroadcastStream;
use url::Url;

use self::{
    cache::Cache,
    connect::{answer, in_time, meaning},
    names::{Names, is_ours},
    registries::Told,
    watch::Machines,
};
pub use self::{files::BadFile, permissions::Allowance};
use super::{AgentLaunch, Capacity, Change, Device, Engine, EngineHealth, Handle, Observation};
use crate::{Error, Result};

/// The operator's configuration of one cluster.
#[derive(Clone, Debug)]
pub struct KubernetesOptions {
    /// The engine's name.
    pub name: String,
    /// `None` for the service account of the pod that the server runs in.
    pub kubeconfig: Option<PathBuf>,
    /// `None` for the current context of the kubeconfig.
    pub context: Option<String>,
    /// The prefix of owners' namespaces; distinguishes this Hearth from others in the same cluster.
    pub namespace_prefix: String,
    /// An image with the agent as `/hearth-agent`.
    pub agent_image: String,
    /// A docker config with credentials of private registries. `None` if every image is public.
    pub image_pull_secret_file: Option<PathBuf>,
    /// The server's root as pods reach it.
    pub server: Url,
    /// Certificate authority of the server's own certificate. `None` if agents trust it already.
    pub server_ca_file: Option<PathBuf>,
    /// Networks that tasks cannot reach even if they may open connections.
    pub blocked_networks: Vec<String>,
    /// Every container's user and group. `None` for that of the image.
    pub run_as_user: Option<i64>,
    /// How long image pulls may fail before the attempt is given up.
    pub image_patience: Duration,
}

/// The longest that one call to an API server may take.
pub(crate) const CALL_PATIENCE: Duration = Duration::from_secs(15);
/// How long the first look at a cluster may delay the start of the server.
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// How many changes are buffered for a slow reader.
const MOST_CHANGES: usize = 16_384;
/// The grace period in seconds for a pod that is killed. Never zero: the API would forget a pod that may
/// still run.
const KILL_SECONDS: u32 = 1;

/// Runs agents in a cluster.
#[derive(Clone)]
pub struct KubernetesEngine(Arc<Inner>);

struct Inner {
    options: KubernetesOptions,
    names: Names,
    health: RwLock<EngineHealth>,
    client: RwLock<Option<Client>>,
    machines: RwLock<Option<Machines>>,
    cache: Mutex<Cache>,
    synced: signal::Sender<Synced>,
    changes: broadcast::Sender<Change>,
    /// Namespaces that this process has created or seen, and whether they allow host mounts for drivers.
    namespaces: Mutex<HashMap<String, bool>>,
    /// One at a time: two concurrent updates of a namespace must not undo each other's Pod Security level.
    namespacing: tokio::sync::Mutex<()>,
    agents: Mutex<agents::Known>,
    registries: Mutex<Told>,
}

/// What has been listed at least once since the server started.
#[derive(Clone, Copy, Debug, Default)]
struct Synced {
    jobs: bool,
    pods: bool,
}

impl KubernetesEngine {
    /// Starts connecting and watching. Waits briefly for the cluster; an unreachable one is retried for ever.
    pub async fn open(options: KubernetesOptions) -> Self {
        let inner = Arc::new(Inner {
            names: Names::new(&options.namespace_prefix),
            health: RwLock::new(EngineHealth::bad(EngineState::Connecting, String::new())),
            client: RwLock::default(),
            machines: RwLock::default(),
            cache: Mutex::default(),
            synced: signal::Sender::default(),
            changes: broadcast::Sender::new(MOST_CHANGES),
            namespaces: Mutex::default(),
            namespacing: tokio::sync::Mutex::default(),
            agents: Mutex::default(),
            registries: Mutex::default(),
            options,
        });
        watch::begin(&inner);
        let engine = Self(inner);
        // If it took too long, the health says so.
        let _ = tokio::time::timeout(FIRST_LOOK, engine.wait_until_listed()).await;
        engine
    }

    /// Checks everything that Hearth needs in a cluster, once and without watching: for the operator.
    pub async fn examine(options: &KubernetesOptions) -> Examination {
        let asked = async {
            let client = connect::client(options).await?;
            let version = connect::version(&client).await?;
            let allowances = connect::allowances(&client).await?;
            let names = Names::new(&options.namespace_prefix);
            let is_unbounded =
                in_time(async { Ok(permissions::is_unbounded(&client, &names).await) }).await?;
            let nodes: Api<k8s_openapi::api::core::v1::Node> = Api::all(client);
            let machines =
                in_time(nodes.list(&ListParams::default())).await.map_or(0, |nodes| nodes.items.len());
            let health = EngineHealth::good(Some(version), machines);
            Ok::<_, connect::Fault>(Examination { health, allowances, is_unbounded })
        };
        asked.await.unwrap_or_else(|fault| Examination {
            health: fault.health(),
            allowances: Vec::new(),
            is_unbounded: false,
        })
    }

    /// Waits for attempts, machines, and what others occupy of these.
    async fn wait_until_listed(&self) {
        self.wait_until_synced().await;
        let machines = self.0.machines.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(Machines { nodes, others }) = machines {
            // A connection lost meanwhile is re-established, and the health says so.
            let _ = nodes.wait_until_ready().await;
            let _ = others.wait_until_ready().await;
        }
    }

    async fn wait_until_synced(&self) {
        let mut synced = self.0.synced.subscribe();
        // The sender lives in `self`.
        let _ = synced.wait_for(|synced| synced.jobs && synced.pods).await;
    }

    fn namespace_of(&self, handle: &Handle) -> Option<String> {
        self.0.with_cache(|cache| cache.job(handle).and_then(|job| job.metadata.namespace.clone()))
    }

    /// The namespace of an attempt, from the cache or else by asking the cluster. `None` if there is no such
    /// attempt.
    async fn find(&self, client: &Client, handle: &Handle) -> Result<Option<String>> {
        if !is_ours(handle) {
            return Err(Error::UnknownHandle(handle.clone()));
        }
        if let Some(namespace) = self.namespace_of(handle) {
            return Ok(Some(namespace));
        }
        self.0.fetch(client, handle).await?;
        Ok(self.namespace_of(handle))
    }

    async fn delete_pods(
        &self,
        client: &Client,
        handle: &Handle,
        namespace: &str,
        grace: Option<u32>,
    ) -> Result<()> {
        let pods: Api<Pod> = Api::namespaced(client.clone(), namespace);
        let known: Vec<(String, bool)> = self.0.with_cache(|cache| {
            let known =
                cache.pods(handle).map(|pod| (pod.name_any(), pod.metadata.deletion_timestamp.is_some()));
            known.collect()
        });
        for (name, is_ending) in known {
            if is_ending && grace.is_none() {
                continue;
            }
            let how = DeleteParams { grace_period_seconds: grace, ..DeleteParams::default() };
            gone(answer(pods.delete(&name, &how)).await?)?;
        }
        Ok(())
    }

    async fn delete_job(&self, client: &Client, handle: &Handle, namespace: &str) -> Result<()> {
        let jobs: Api<Job> = Api::namespaced(client.clone(), namespace);
        gone(answer(jobs.delete(&handle.0, &DeleteParams::background())).await?)
    }
}

/// What was checked on a cluster, and the results.
#[derive(Clone, Debug)]
pub struct Examination {
    pub health: EngineHealth,
    /// Empty if the cluster could not be asked.
    pub allowances: Vec<Allowance>,
    /// No policy of the cluster confines Hearth to the namespaces of its owners.
    pub is_unbounded: bool,
}

/// Deleting what does not exist is a success.
fn gone<T>(answer: kube::Result<T>) -> Result<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(()),
        Err(error) => Err(meaning(&error)),
    }
}

impl Inner {
    fn client(&self) -> Result<Client> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        client.ok_or_else(|| Error::Unreachable(self.known_health().detail))
    }

    fn is_synced(&self) -> bool {
        let synced = *self.synced.borrow();
        synced.jobs && synced.pods
    }

    fn known_health(&self) -> EngineHealth {
        self.health.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn health_is_good(&self) -> bool {
        self.health.read().unwrap_or_else(PoisonError::into_inner).is_good()
    }

    /// Records the health; a change is logged for the operator.
    fn set_health(&self, health: EngineHealth) {
        let mut known = self.health.write().unwrap_or_else(PoisonError::into_inner);
        if known.state != health.state {
            let (state, detail) = (health.state, health.detail.as_str());
            if health.is_good() {
                tracing::info!(
                    engine.name = self.options.name,
                    version = health.version,
                    "the cluster answers"
                );
            } else {
                tracing::warn!(engine.name = self.options.name, %state, detail, "the cluster cannot take tasks");
            }
        }
        *known = health;
    }

    fn machines_known(&self) -> usize {
        let machines = self.machines.read().unwrap_or_else(PoisonError::into_inner);
        machines.as_ref().map_or(0, |machines| machines.nodes.len())
    }

    /// Asks the API server itself about one attempt. `false` if it does not exist.
    async fn fetch(&self, client: &Client, handle: &Handle) -> Result<bool> {
        let ours = ListParams::default().labels(&self.names.selector_of(handle));
        let jobs: Api<Job> = Api::all(client.clone());
        let found = answer(jobs.list(&ours)).await?.map_err(|error| meaning(&error))?;
        let Some(job) = found.items.into_iter().next() else { return Ok(false) };
        let pods: Api<Pod> = Api::all(client.clone());
        let pods = answer(pods.list(&ours)).await?.map_err(|error| meaning(&error))?;
        self.with_cache(|cache| {
            let now = Instant::now();
            cache.put_job(job, now);
            for pod in pods.items {
                cache.put_pod(pod, now);
            }
        });
        Ok(true)
    }
}

#[async_trait]
impl Engine for KubernetesEngine {
    fn name(&self) -> &str {
        &self.0.options.name
    }

    fn health(&self) -> EngineHealth {
        self.0.known_health()
    }

    fn has_interpreters(&self) -> bool {
        false
    }

    fn machines(&self, handle: &Handle) -> Vec<String> {
        self.0.with_cache(|cache| cache.machines(handle))
    }

    fn leaving(&self, handle: &Handle) -> Option<(Reason, String)> {
        self.0.with_cache(|cache| cache.leaving(handle))
    }

    async fn capacity(&self, devices: &[Device]) -> Result<Capacity> {
        let machines = self.0.machines.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Machines { nodes, others }) = machines else {
            return Err(Error::Unreachable(self.0.known_health().detail));
        };
        let is_listed = |ready: Option<Result<(), WriterDropped>>| matches!(ready, Some(Ok(())));
        if !is_listed(nodes.wait_until_ready().now_or_never())
            || !is_listed(others.wait_until_ready().now_or_never())
        {
            return Err(Error::Unreachable("its machines are not listed yet".to_owned()));
        }
        Ok(Capacity { machines: capacity::machines(&nodes.state(), &others.state(), devices) })
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        check::check(&launch)?;
        let client = self.0.client()?;
        Box::pin(self.0.start(&client, &launch)).await?;
        Ok(Handle(launch.spec.name()))
    }

    /// A running pod gets SIGTERM and its full grace period; one that is not running yet is deleted.
    async fn stop(&self, handle: &Handle, _: Duration) -> Result<()> {
        let client = self.0.client()?;
        let Some(namespace) = self.find(&client, handle).await? else { return Ok(()) };
        match self.observe(handle).await? {
            Observation::Running { .. } => self.delete_pods(&client, handle, &namespace, None).await,
            Observation::Pending { .. } => self.delete_job(&client, handle, &namespace).await,
            Observation::Exited { .. } | Observation::Lost { .. } => Ok(()),
        }
    }

    async fn kill(&self, handle: &Handle) -> Result<()> {
        let client = self.0.client()?;
        let Some(namespace) = self.find(&client, handle).await? else { return Ok(()) };
        self.delete_job(&client, handle, &namespace).await?;
        self.delete_pods(&client, handle, &namespace, Some(KILL_SECONDS)).await
    }

    async fn observe(&self, handle: &Handle) -> Result<Observation> {
        if !is_ours(handle) {
            return Err(Error::UnknownHandle(handle.clone()));
        }
        let look = || {
            let (now, patience) = (Instant::now(), self.0.options.image_patience);
            self.0.with_cache(|cache| cache.observe(handle, now, patience))
        };
        if self.0.is_synced()
            && let Some(seen) = look()
        {
            return Ok(seen);
        }
        self.0.fetch(&self.0.client()?, handle).await?;
        look().ok_or_else(|| Error::UnknownHandle(handle.clone()))
    }

    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        if tokio::time::timeout(CALL_PATIENCE, self.wait_until_synced()).await.is_err() {
            return Err(Error::Unreachable(self.0.known_health().detail));
        }
        let mut seen = Vec::with_capacity(handles.len());
        for handle in handles {
            let observation = match self.observe(handle).await {
                Err(Error::UnknownHandle(_)) => Observation::Lost {
                    reason: Reason::RunRemoved,
                    detail: "its Job is not in the cluster any more".to_owned(),
                },
                other => other?,
            };
            if matches!(observation, Observation::Pending { .. }) {
                // A stop may have been requested while the Job was being created.
                let job = self.0.with_cache(|cache| cache.job(handle).cloned());
                if let (Some(job), Ok(client)) = (job, self.0.client()) {
                    tokio::spawn(start::give_to_job(client, job));
                }
            }
            seen.push((handle.clone(), observation));
        }
        Ok(seen)
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        BroadcastStream::new(self.0.changes.subscribe()).filter_map(|change| async { change.ok() }).boxed()
    }

    /// Deleting the Job also deletes its pods and everything else of the attempt.
    async fn forget(&self, handle: &Handle) -> Result<()> {
        let client = self.0.client()?;
        if let Some(namespace) = self.find(&client, handle).await? {
            self.delete_job(&client, handle, &namespace).await?;
        }
        self.0.with_cache(|cache| cache.forget(handle));
        Ok(())
    }
}
