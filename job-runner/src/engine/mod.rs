//! Where agents run. An engine starts, stops and observes them; the task's content is between agent and
//! server.
//!
//! Every call may be repeated when in doubt: an attempt has one deterministic [`Handle`], and starting it a
//! second time is no second run.

mod capacity;
mod health;
pub mod kubernetes;
pub mod local;
mod placement;

use std::{fmt, path::PathBuf, time::Duration};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use hearth_core::{Reason, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

pub use self::{
    capacity::{Capacity, Card, MachineCapacity, Occupied, detect},
    health::EngineHealth,
    kubernetes::{KubernetesEngine, KubernetesOptions},
    local::{LocalEngine, LocalOptions, PackageMode, PackageOptions, Unsandboxed},
    placement::{Device, DeviceMount, Placement, Toleration},
};
use crate::{
    Result, Secret, TaskSpec,
    packages::{PackageSupport, PackagesOff},
};

/// The name of an attempt on its engine, kept in the database. For the local engine a folder, for Kubernetes
/// the Job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(pub String);

impl fmt::Display for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Everything an engine needs to start one agent.
#[derive(Clone)]
pub struct AgentLaunch {
    pub spec: TaskSpec,
    /// The server's root as the agent reaches it (`http://127.0.0.1:3000/`).
    pub server: Url,
    /// Valid for this attempt alone.
    pub token: Secret,
    pub placement: Placement,
}

/// What an engine sees of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Observation {
    /// Accepted, but not yet running (a pod waiting for its node or image). `detail` is the engine's own
    /// message.
    Pending { reason: Reason, detail: String },
    /// The agent is running; `machine` is set if the engine chose it.
    Running { machine: Option<String> },
    /// The agent ended. `delivered`: the server has answered its `finish`.
    Exited { delivered: bool },
    /// The agent disappeared without reporting an end: killed, the machine went down, the pod was evicted.
    Lost { reason: Reason, detail: String },
}

impl Observation {
    /// Whether nothing more will come from this agent.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Exited { .. } | Self::Lost { .. })
    }
}

/// A change that an engine saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub handle: Handle,
    pub observation: Observation,
    pub seen_at: Timestamp,
}

/// Outputs of an attempt that are on a disk of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFolder {
    pub path: PathBuf,
    /// Every process that could write to them is dead, so they may be moved.
    pub is_quiet: bool,
}

/// A place where agents run.
#[async_trait]
pub trait Engine: Send + Sync {
    /// `local`, or the name of a cluster.
    fn name(&self) -> &str;

    /// Whether it can take tasks now; answered from known state, without any request.
    fn health(&self) -> EngineHealth {
        EngineHealth::good(None, 0)
    }

    /// Whether programs run in interpreters of the machine itself; otherwise in the images that a task names.
    fn has_interpreters(&self) -> bool {
        true
    }

    /// Whether it installs the packages of `requirements.txt` before a program starts.
    async fn packages(&self) -> PackageSupport {
        PackageSupport::Off(PackagesOff::Engine)
    }

    /// The machines of an attempt's nodes, by rank, as far as known; empty if they are as planned.
    fn machines(&self, _: &Handle) -> Vec<String> {
        Vec::new()
    }

    /// Who is removing a running attempt, if the engine knows: its agent has only seen a signal.
    fn leaving(&self, _: &Handle) -> Option<(Reason, String)> {
        None
    }

    /// Where the program of an attempt left its outputs, if this server can reach them without its agent.
    async fn outputs(&self, _: &Handle) -> Option<OutputFolder> {
        None
    }

    /// The total capacity of the machines for Hearth, given the known kinds of cards. What Hearth's own
    /// attempts use of it is for the caller to count; what others occupy is listed separately.
    async fn capacity(&self, devices: &[Device]) -> Result<Capacity>;

    /// Starts the agent of an attempt. The same attempt again returns the same handle and starts nothing.
    async fn start(&self, launch: AgentLaunch) -> Result<Handle>;

    /// Asks the agent to end its program with SIGTERM, and SIGKILL after the grace. Returns at once.
    async fn stop(&self, handle: &Handle, grace: Duration) -> Result<()>;

    /// Kills agent and program now. Anything the agent had not sent is lost; it will be seen as lost.
    async fn kill(&self, handle: &Handle) -> Result<()>;

    /// The current state of an attempt.
    async fn observe(&self, handle: &Handle) -> Result<Observation>;

    /// Adopts attempts from before a server restart and returns the state of each. They are watched from here
    /// on.
    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>>;

    /// Changes of started and adopted attempts as they are seen, ends included. A lagging reader misses some:
    /// observe again.
    fn watch(&self) -> BoxStream<'static, Change>;

    /// Removes what an ended attempt left on the engine. The record is not touched: it belongs to the server.
    async fn forget(&self, handle: &Handle) -> Result<()>;
}
