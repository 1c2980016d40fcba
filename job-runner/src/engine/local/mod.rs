//! The engine of this machine: every attempt is an agent process of its own, in its own session, so that it
//! outlives a stopped or killed server. It is identified by its folder:
//!
//! - the agent holds a lock in it for as long as it lives, so the kernel knows whether it lives;
//! - a signal is sent only to the pid with the exact start time that the agent recorded;
//! - a folder is taken only once, so nothing starts twice, whoever asks and however often.
//!
//! Under systemd the service needs `KillMode=process`: otherwise a restart of the service takes the agents
//! with it.

mod folder;
mod packages;
mod watch;

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream::BoxStream};
use hearth_core::{EngineState, Reason};
use rustix::process::Signal;
use tokio::{sync::broadcast, task::JoinHandle};
use tokio_stream::wrappers::BroadcastStream;

pub use self::packages::{PackageMode, PackageOptions};
use super::{
    AgentLaunch, Capacity, Change, Device, Engine, EngineHealth, Handle, MachineCapacity, Observation,
    OutputFolder, detect,
};
use crate::{
    Error, Result, TaskSpec,
    agent::{
        AgentConfig,
        presence::{self, AgentState, StopNote},
    },
    error::At,
    packages::{PackageConfig, PackageSupport},
    sandbox::{self, Fence, Network, SandboxReport},
};

/// The operator's configuration.
#[derive(Clone, Debug)]
pub struct LocalOptions {
    /// Contains the folders of attempts. Only this process may write there.
    pub directory: PathBuf,
    /// The program and arguments to start an agent, before `--directory DIR`.
    pub agent_command: Vec<OsString>,
    /// What may run if there is no sandbox.
    pub unsandboxed: Unsandboxed,
    /// Lets tasks that may open connections use this machine's network, loopback included, if they cannot
    /// have their own.
    pub allow_host_network: bool,
    /// Folders that no task may see: above all the data folder.
    pub hidden: Vec<PathBuf>,
    pub packages: PackageOptions,
}

/// What may run without a sandbox on a machine that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsandboxed {
    Nothing,
    /// The code of this commit (full id) exactly as committed: no patch, and no inputs or variables from
    /// users.
    Commit(String),
    Everything,
}

impl Unsandboxed {
    fn allows(&self, spec: &TaskSpec) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Commit(commit) => {
                // Variables and inputs can bring code with them.
                spec.code.commit == *commit
                    && spec.code.patch_sha256.is_none()
                    && spec.environment.is_empty()
                    && spec.secrets.is_empty()
                    && spec.inputs.is_empty()
            }
        }
    }
}

/// Runs agents on this machine.
#[derive(Clone)]
pub struct LocalEngine(Arc<Inner>);

struct Inner {
    options: LocalOptions,
    report: SandboxReport,
    known: Mutex<HashMap<Handle, Known>>,
    changes: broadcast::Sender<Change>,
    /// One start at a time: checking and taking must be atomic.
    starting: tokio::sync::Mutex<()>,
    /// Detecting the cards takes a while, and a machine does not change while it runs.
    machine: tokio::sync::OnceCell<MachineCapacity>,
    packages: tokio::sync::Mutex<Option<packages::Looked>>,
}

/// An attempt that is watched.
struct Known {
    spawned: Option<Spawned>,
    last: Option<Observation>,
}

/// An agent process that this server started.
struct Spawned {
    at: Instant,
    /// Finishes when the process does.
    waiting: JoinHandle<()>,
}

/// A started agent has its folder after milliseconds, on a busy machine after seconds; after this it is
/// considered failed, although its process lives.
const START_TIMEOUT: Duration = Duration::from_mins(2);

/// The parts of the server's environment passed to agents: how to find programs and read text. None is a
/// secret.
const KEPT_VARIABLES: [&str; 12] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYENV_ROOT",
    "PYENV_VERSION",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

impl LocalEngine {
    /// Tests the sandbox and starts watching. Needs a runtime.
    pub async fn open(mut options: LocalOptions) -> Result<Self> {
        fs::create_dir_all(&options.directory).at(&options.directory)?;
        // An agent works in its own folder: a relative path would mean something else there.
        options.directory = options.directory.canonicalize().at(&options.directory)?;
        let report = blocking(sandbox::self_test).await;
        let engine = Self::with(options, report);
        watch::begin(&engine.0);
        // Looked for now, so that nobody waits for it later.
        let looking = engine.clone();
        tokio::spawn(async move { looking.package_support().await });
        Ok(engine)
    }

    fn with(options: LocalOptions, report: SandboxReport) -> Self {
        Self(Arc::new(Inner {
            options,
            report,
            known: Mutex::default(),
            changes: broadcast::Sender::new(1024),
            starting: tokio::sync::Mutex::default(),
            machine: tokio::sync::OnceCell::new(),
            packages: tokio::sync::Mutex::default(),
        }))
    }

    /// What this machine can do to sandbox tasks.
    pub fn report(&self) -> &SandboxReport {
        &self.0.report
    }

    /// The sandbox that tasks get here; refused if there is none and tasks may not run without.
    pub fn fence(&self) -> Result<Fence> {
        self.fence_where(|unsandboxed| *unsandboxed != Unsandboxed::Nothing)
    }

    fn fence_of(&self, spec: &TaskSpec) -> Result<Fence> {
        self.fence_where(|unsandboxed| unsandboxed.allows(spec))
    }

    fn fence_where(&self, may_go_without: impl FnOnce(&Unsandboxed) -> bool) -> Result<Fence> {
        if self.0.report.is_sound {
            Ok(Fence::Bubblewrap)
        } else if may_go_without(&self.0.options.unsandboxed) {
            Ok(Fence::None)
        } else {
            Err(Error::SandboxRefused(self.0.report.reasons.join("; ")))
        }
    }
}

impl LocalEngine {
    /// The network of a task that may open connections; refused if only this machine's is available and not
    /// allowed.
    pub fn network(&self) -> Result<Network> {
        if self.0.report.has_own_network {
            Ok(Network::Own)
        } else if self.0.options.allow_host_network || !self.0.report.is_sound {
            // Without a sandbox, which was allowed, nothing can restrict the network.
            Ok(Network::Host)
        } else {
            Err(Error::NetworkRefused(self.0.report.reasons.join("; ")))
        }
    }
}

impl Inner {
    fn folder(&self, handle: &Handle) -> Result<PathBuf> {
        let is_ours = handle.0.starts_with("hearth-")
            && handle
                .0
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_ours {
            Ok(self.options.directory.join(&handle.0))
        } else {
            Err(Error::UnknownHandle(handle.clone()))
        }
    }

    fn remember(&self, handle: &Handle, spawned: Option<Spawned>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.entry(handle.clone()).or_insert(Known { spawned: None, last: None });
        entry.spawned = spawned.or(entry.spawned.take());
    }

    fn is_starting(&self, handle: &Handle) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let spawned = known.get(handle).and_then(|known| known.spawned.as_ref());
        spawned.is_some_and(|spawned| !spawned.waiting.is_finished() && spawned.at.elapsed() < START_TIMEOUT)
    }

    fn observe(&self, handle: &Handle) -> Result<Observation> {
        let folder = self.folder(handle)?;
        if !folder.is_dir() {
            return Err(Error::UnknownHandle(handle.clone()));
        }
        // Checked first: the agent may start and end between the two.
        let is_starting = self.is_starting(handle);
        Ok(match presence::look(&folder)? {
            AgentState::Alive => Observation::Running { machine: None },
            AgentState::Ended(exit) => Observation::Exited { delivered: exit.delivered },
            AgentState::NeverSeen if is_starting => Observation::Running { machine: None },
            AgentState::NeverSeen => Observation::Lost {
                reason: folder::reason_of_loss(&folder),
                detail: "the agent never came up".to_owned(),
            },
            AgentState::Gone => {
                folder::sweep(&folder);
                let reason = folder::reason_of_loss(&folder);
                Observation::Lost { reason, detail: folder::last_words(&folder) }
            }
        })
    }

    /// Takes a folder for an attempt. `false` if it was taken before.
    fn take(
        &self,
        handle: &Handle,
        launch: &AgentLaunch,
        fence: Fence,
        network: Network,
        packages: Option<PackageConfig>,
    ) -> Result<bool> {
        let folder = self.folder(handle)?;
        folder::create(&folder)?;
        if presence::look(&folder)? != AgentState::NeverSeen || self.is_starting(handle) {
            return Ok(false);
        }
        let config = AgentConfig {
            name: handle.0.clone(),
            server: launch.server.clone(),
            server_authorities: None,
            fence,
            network,
            hidden: self.options.hidden.iter().chain([&self.options.directory]).cloned().collect(),
            folders: None,
            rendezvous: None,
            packages,
        };
        presence::write_launch(&folder, &config, &launch.token)?;
        Ok(true)
    }

    fn spawn(&self, handle: &Handle) -> Result<Spawned> {
        let folder = self.folder(handle)?;
        let stderr = fs::File::create(folder.join("stderr.log")).at(&folder)?;
        let [program, arguments @ ..] = self.options.agent_command.as_slice() else {
            return Err(Error::Unreachable("no agent is configured".to_owned()));
        };
        let kept = KEPT_VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .arg("--directory")
            .arg(&folder)
            .env_clear()
            .envs(kept)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .kill_on_drop(false)
            .spawn()
            .at(program)?;
        let at = Instant::now();
        let waiting = tokio::spawn(async move {
            let ended = child.wait().await;
            tracing::debug!(?ended, "an agent process ended");
        });
        Ok(Spawned { at, waiting })
    }
}

#[async_trait]
impl Engine for LocalEngine {
    fn name(&self) -> &'static str {
        "local"
    }

    fn health(&self) -> EngineHealth {
        match self.fence() {
            Ok(_) => EngineHealth::good(None, 1),
            Err(refusal) => EngineHealth::bad(EngineState::BadConfiguration, refusal.to_string()),
        }
    }

    async fn packages(&self) -> PackageSupport {
        self.package_support().await
    }

    async fn outputs(&self, handle: &Handle) -> Option<OutputFolder> {
        let folder = self.0.folder(handle).ok()?;
        blocking(move || folder::outputs(&folder)).await
    }

    async fn capacity(&self, _: &[Device]) -> Result<Capacity> {
        let machine = self.0.machine.get_or_init(|| blocking(detect)).await;
        Ok(Capacity { machines: vec![machine.clone()] })
    }

    async fn start(&self, launch: AgentLaunch) -> Result<Handle> {
        launch.spec.validate()?;
        let fence = self.fence_of(&launch.spec)?;
        let network = if launch.spec.network { self.network()? } else { Network::None };
        let packages = match launch.spec.requirements_of {
            Some(_) => self.package_config().await,
            None => None,
        };
        let handle = Handle(launch.spec.name());
        let _turn = self.0.starting.lock().await;
        let is_new = {
            let (inner, handle) = (Arc::clone(&self.0), handle.clone());
            blocking(move || inner.take(&handle, &launch, fence, network, packages)).await?
        };
        let spawned = if is_new { Some(self.0.spawn(&handle)?) } else { None };
        self.0.remember(&handle, spawned);
        Ok(handle)
    }

    async fn stop(&self, handle: &Handle, grace: Duration) -> Result<()> {
        let folder = self.0.folder(handle)?;
        blocking(move || {
            presence::write_stop(&folder, StopNote { grace_seconds: grace.as_secs() })?;
            presence::signal(&folder, Signal::TERM)
        })
        .await
    }

    async fn kill(&self, handle: &Handle) -> Result<()> {
        let folder = self.0.folder(handle)?;
        blocking(move || {
            presence::signal(&folder, Signal::KILL)?;
            folder::sweep(&folder);
            Ok(())
        })
        .await
    }

    async fn observe(&self, handle: &Handle) -> Result<Observation> {
        let (inner, handle) = (Arc::clone(&self.0), handle.clone());
        blocking(move || inner.observe(&handle)).await
    }

    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>> {
        let mut seen = Vec::with_capacity(handles.len());
        for handle in handles {
            let observation = match self.observe(handle).await {
                Err(Error::UnknownHandle(_)) => Observation::Lost {
                    reason: Reason::PlatformFault,
                    detail: "it was never started here".to_owned(),
                },
                other => other?,
            };
            if !observation.is_over() {
                self.0.remember(handle, None);
            }
            seen.push((handle.clone(), observation));
        }
        Ok(seen)
    }

    fn watch(&self) -> BoxStream<'static, Change> {
        BroadcastStream::new(self.0.changes.subscribe()).filter_map(|change| async { change.ok() }).boxed()
    }

    async fn forget(&self, handle: &Handle) -> Result<()> {
        self.kill(handle).await?;
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).remove(handle);
        let folder = self.0.folder(handle)?;
        blocking(move || folder::remove(&folder)).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::tests::spec;

    fn engine(is_sound: bool, unsandboxed: Unsandboxed) -> LocalEngine {
        engine_with(is_sound, LocalOptions { unsandboxed, ..options() })
    }

    fn options() -> LocalOptions {
        LocalOptions {
            directory: PathBuf::from("/nowhere"),
            agent_command: vec![],
            unsandboxed: Unsandboxed::Nothing,
            allow_host_network: false,
            hidden: vec![],
            packages: PackageOptions::off("/nowhere".into()),
        }
    }

    fn engine_with(is_sound: bool, options: LocalOptions) -> LocalEngine {
        let report = SandboxReport {
            bubblewrap: None,
            is_sound,
            network_isolated: false,
            has_own_network: false,
            files_isolated: false,
            nested_spaces_refused: false,
            cgroup: None,
            memory_bounded: false,
            cpu_bounded: false,
            processes_bounded: false,
            reasons: vec!["bubblewrap (bwrap) is not installed".to_owned()],
        };
        LocalEngine::with(options, report)
    }

    #[test]
    fn without_a_network_of_their_own_tasks_get_the_machines_only_where_the_operator_allows_it() {
        let is_refused = |network| matches!(network, Err(Error::NetworkRefused(_)));
        assert!(is_refused(engine(true, Unsandboxed::Nothing).network()));
        let allowed = LocalOptions { allow_host_network: true, ..options() };
        assert!(matches!(engine_with(true, allowed).network(), Ok(Network::Host)));
    }

    #[test]
    fn without_a_fence_tasks_are_refused_unless_the_operator_allows_them() {
        assert!(matches!(engine(true, Unsandboxed::Nothing).fence(), Ok(Fence::Bubblewrap)));
        assert!(matches!(engine(false, Unsandboxed::Everything).fence(), Ok(Fence::None)));
        let Err(Error::SandboxRefused(why)) = engine(false, Unsandboxed::Nothing).fence() else {
            panic!("it must be refused")
        };
        assert!(why.contains("bubblewrap"));
    }

    #[test]
    fn where_one_commit_may_go_without_a_fence_nothing_else_may() {
        let sample = spec();
        let trusting = Unsandboxed::Commit(sample.code.commit.clone());
        let engine = engine(false, trusting);
        assert!(engine.fence().is_ok(), "it takes tasks");
        assert!(matches!(engine.fence_of(&sample), Ok(Fence::None)));
        let refused = |change: fn(&mut TaskSpec)| {
            let mut spec = sample.clone();
            change(&mut spec);
            assert!(matches!(engine.fence_of(&spec), Err(Error::SandboxRefused(_))));
        };
        refused(|spec| spec.code.commit = "1".repeat(40));
        refused(|spec| spec.code.patch_sha256 = Some("2".repeat(64)));
        refused(|spec| drop(spec.environment.insert("PYTHONPATH".into(), "/tmp".into())));
    }

    #[tokio::test]
    async fn a_handle_that_is_no_name_of_ours_is_unknown() {
        let engine = engine(true, Unsandboxed::Nothing);
        for name in ["../hearth-1-1", "hearth-1/../x", "x", "", "hearth-1-1"] {
            let seen = engine.observe(&Handle(name.to_owned())).await;
            assert!(matches!(seen, Err(Error::UnknownHandle(_))), "{name}");
        }
    }
}
