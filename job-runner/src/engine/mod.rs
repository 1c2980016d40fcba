//! Where agents run. An engine starts, stops and observes them; what a task does is between the agent and the server.
//!
//! An engine is asked again whenever in doubt, so every call may be repeated: an attempt has one deterministic [`Handle`], and
//! starting it a second time is no second run.

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
    local::{LocalEngine, LocalOptions, Unsandboxed},
    placement::{Device, DeviceMount, Placement, Toleration},
};
use crate::{Result, Secret, TaskSpec};

/// The name of an attempt on its engine, kept in the database. For the local engine a folder, for Kubernetes the Job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(pub String);

impl fmt::Display for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Everything an engine needs to bring one agent to life.
#[derive(Clone)]
pub struct AgentLaunch {
    pub spec: TaskSpec,
    /// The server's root as the agent reaches it (`http://127.0.0.1:3000/`).
    pub server: Url,
    /// Good for this attempt alone.
    pub token: Secret,
    pub placement: Placement,
}

/// What an engine sees of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Observation {
    /// Taken, not yet at work (a pod that waits for its node or image). `detail` is in the engine's own words.
    Pending { reason: Reason, detail: String },
    /// The agent lives; `machine` where the engine chose it.
    Running { machine: Option<String> },
    /// The agent came to its end. `delivered`: the server has answered its `finish`.
    Exited { delivered: bool },
    /// The agent is gone without an end: killed, the machine went down, the pod was evicted.
    Lost { reason: Reason, detail: String },
}

impl Observation {
    /// Nothing more will come from this agent.
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

/// Outputs of an attempt that lie on a disk of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFolder {
    pub path: PathBuf,
    /// Everything that could write to them is dead, so they may be moved away.
    pub is_quiet: bool,
}

/// A place where agents run.
#[async_trait]
pub trait Engine: Send + Sync {
    /// `local`, or the name of a cluster.
    fn name(&self) -> &str;

    /// Whether it can take tasks now; answered from what is known, without asking anyone.
    fn health(&self) -> EngineHealth {
        EngineHealth::good(None, 0)
    }

    /// Whether programs run in interpreters of the machine itself; where not, in the images that a task names.
    fn has_interpreters(&self) -> bool {
        true
    }

    /// On which machines the nodes of an attempt are, by rank, as far as that is known; nothing where it is as planned.
    fn machines(&self, _: &Handle) -> Vec<String> {
        Vec::new()
    }

    /// Who takes a running attempt away, where the engine knows it: its agent has only seen a signal.
    fn leaving(&self, _: &Handle) -> Option<(Reason, String)> {
        None
    }

    /// Where the program of an attempt left its outputs, if this server reaches them without its agent.
    async fn outputs(&self, _: &Handle) -> Option<OutputFolder> {
        None
    }

    /// What the machines have for Hearth in all, told with the kinds of cards that are known. What of it Hearth's own attempts
    /// have taken is the caller's to count; what others hold of it is told beside it.
    async fn capacity(&self, devices: &[Device]) -> Result<Capacity>;

    /// Starts the agent of an attempt. The same attempt again gives the same handle and starts nothing.
    async fn start(&self, launch: AgentLaunch) -> Result<Handle>;

    /// Asks the agent to end its program politely, and hard after the grace. Returns at once.
    async fn stop(&self, handle: &Handle, grace: Duration) -> Result<()>;

    /// Ends agent and program now. What the agent had not sent is gone; it will be seen as lost.
    async fn kill(&self, handle: &Handle) -> Result<()>;

    /// The truth about one attempt, now.
    async fn observe(&self, handle: &Handle) -> Result<Observation>;

    /// Takes up the attempts of an earlier life of the server and says how each one is. They are watched from here on.
    async fn adopt(&self, handles: &[Handle]) -> Result<Vec<(Handle, Observation)>>;

    /// Changes of started and adopted attempts as they are seen, ended ones included. A reader that lags misses some: observe again.
    fn watch(&self) -> BoxStream<'static, Change>;

    /// Removes what an ended attempt left on the engine. The record is not touched: it is the server's.
    async fn forget(&self, handle: &Handle) -> Result<()>;
}
