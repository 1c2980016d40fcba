//! The sandbox of a task on this machine.
//!
//! Bubblewrap gives the task its own user, process, network, mount and UTS namespaces: it sees the system
//! read-only, the interpreter, the folders of its own attempt under the paths that `c2net` expects
//! (`/tmp/code`, `/tmp/dataset`, `/tmp/pretrainmodel`, `/tmp/output`), its own `/tmp` and home, a minimal
//! `/dev`, and nothing of the server's data or of other tasks. A seccomp filter refuses the system calls that
//! would create further namespaces. Without network there is only a loopback device; with network there is a
//! namespace of its own that leads outwards ([`Network`]), or, if the operator allows it, the machine's.
//!
//! Memory, CPU and processes are limited by a cgroup of version 2 or 1, whichever can be written; otherwise
//! processes by a resource limit and memory by a watchdog in the agent, which looks at resident size (never
//! at address space: accelerator runtimes reserve huge ranges). [`SandboxReport`] says which of these is in
//! use.
//!
//! Variables such as `CUDA_VISIBLE_DEVICES` are only hints; cards are isolated by which device files are
//! bound.

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
    python::{INSTALL_PACKAGES, Interpreter, LOCK_QUESTION, package_index, probe},
    seccomp::is_known as filters_system_calls,
};
pub use self::{
    cgroup::CgroupVersion,
    network::Network,
    report::{SandboxReport, self_test},
};

/// What isolates a task from the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fence {
    Bubblewrap,
    /// The agent itself runs inside a container that was created for this attempt.
    Container,
    /// Nothing: the operator allowed it.
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

/// The resource limits of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) cpus: u32,
    pub(crate) memory_bytes: u64,
    pub(crate) processes: u32,
    pub(crate) disk_bytes: u64,
}
