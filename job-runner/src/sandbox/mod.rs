//! The fence around a task on this machine.
//!
//! Bubblewrap gives the task its own user, process, network, mount and host-name spaces: it sees the system read-only, the
//! interpreter, the folders of its own attempt under the paths that `c2net` expects (`/tmp/code`, `/tmp/dataset`,
//! `/tmp/pretrainmodel`, `/tmp/output`), its own `/tmp` and home, a minimal `/dev`, and nothing of the server's data or of other
//! tasks. A filter refuses the system calls that would open further spaces. Without network there is a loopback device
//! alone; with network there is a space of its own that leads outwards ([`Network`]), or, where the operator allows it, the machine's.
//!
//! Memory, CPU and processes are bounded by a control group of version 2 or 1, whichever can be written; otherwise processes
//! by a resource limit and memory by a watchdog in the agent, which looks at resident size (never at address space:
//! accelerator runtimes reserve huge ranges). [`SandboxReport`] says which of these is in force.
//!
//! Variables such as `CUDA_VISIBLE_DEVICES` are advice; the device files that are bound are what isolates cards.

mod bubblewrap;
mod cgroup;
mod gate;
mod network;
mod python;
mod report;
mod seccomp;

use serde::{Deserialize, Serialize};

pub(crate) use self::{
    bubblewrap::{Bind, Plan},
    cgroup::{Cgroup, group_name},
    gate::{GateCommand, Opened},
    network::{WayOut, resolver_settings},
    python::{Interpreter, LOCK_QUESTION, probe},
    seccomp::is_known as filters_system_calls,
};
pub use self::{
    cgroup::CgroupVersion,
    network::Network,
    report::{SandboxReport, self_test},
};

/// What stands between a task and the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fence {
    Bubblewrap,
    /// The agent itself runs inside a container that was made for this attempt.
    Container,
    /// None: the operator allowed it.
    None,
}

impl Fence {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bubblewrap => "bubblewrap",
            Self::Container => "container",
            Self::None => "none",
        }
    }
}

/// What a task may use at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) cpus: u32,
    pub(crate) memory_bytes: u64,
    pub(crate) processes: u32,
    pub(crate) disk_bytes: u64,
}
