use std::collections::BTreeMap;

use hearth_core::{Outcome, OutputPath, Reason, Timestamp};
use serde::{Deserialize, Serialize};

use crate::packages::InstalledPackages;

/// The current phase of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Fetching code and inputs.
    Staging,
    Running,
    /// SIGTERM was sent; the grace period is running.
    Stopping,
    /// The program has ended; outputs are hashed and sent.
    Collecting,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    pub phase: Phase,
    pub resources: Option<ResourceSample>,
}

/// What the server wants the agent to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    Continue,
    /// End the program: SIGTERM, the grace period, then SIGKILL. Outputs are still collected.
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeartbeatReply {
    pub command: Command,
    /// For `stop`: seconds between SIGTERM and SIGKILL.
    pub grace_seconds: u64,
    /// For `stop`: the reason given for the outcome (`user.stop`, `admin.stop`, `preempted`, `limit.points`).
    pub reason: Option<Reason>,
}

impl HeartbeatReply {
    pub const CONTINUE: Self = Self { command: Command::Continue, grace_seconds: 0, reason: None };

    pub const fn stop(reason: Reason, grace_seconds: u64) -> Self {
        Self { command: Command::Stop, grace_seconds, reason: Some(reason) }
    }
}

/// One event of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub time: Timestamp,
    pub reason: Reason,
    /// Values for the message of this reason: `{"exit_code": "3"}`.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

/// Events starting with number `first`, counted from 0 within the attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventBatch {
    pub first: u64,
    pub events: Vec<Event>,
}

/// Where the next piece has to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appended {
    pub next_offset: u64,
}

/// What the task uses at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceSample {
    pub time: Timestamp,
    /// 100 is one whole CPU.
    pub cpu_percent: f64,
    pub memory_bytes: u64,
    pub processes: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accelerators: Vec<AcceleratorSample>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcceleratorSample {
    pub index: u32,
    pub busy_percent: f64,
    pub memory_bytes: u64,
}

/// How much of an output the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputStatus {
    /// Bytes that need not be sent again.
    pub received: u64,
    /// All of it was received and has the announced hash.
    pub complete: bool,
}

/// One file below the output path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputEntry {
    pub path: OutputPath,
    pub size_bytes: u64,
    pub sha256: String,
}

/// An output named in a `finish` whose bytes the server has not received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotReceived {
    pub not_received: OutputPath,
}

/// What a run has used, for the receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// From the start of the program to its end.
    pub wall_seconds: f64,
    pub cpu_seconds: f64,
    pub peak_memory_bytes: u64,
    /// Number of cards times seconds.
    pub accelerator_seconds: f64,
}

/// The sandbox that the program ran in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxFacts {
    /// `bubblewrap`, `container` or `none`.
    pub fence: String,
    /// `none` (loopback only), `own` (a namespace of its own, without the machine's loopback) or `host`.
    pub network: String,
    /// What limits memory: `cgroup v1`, `cgroup v2` or `watchdog`.
    pub memory: String,
    /// What limits CPU: `cgroup v1`, `cgroup v2` or `none`.
    pub cpu: String,
    /// What limits processes: `cgroup v1`, `cgroup v2` or `rlimit`.
    pub processes: String,
    /// Whether system calls are filtered.
    pub system_calls: bool,
}

/// Why an output was left out when the server's disk was full: the agent's machine still has it.
pub const NO_ROOM: &str = "no_room";

/// The end of an attempt. Sent until it is answered, so it may arrive more than once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finish {
    pub outcome: Outcome,
    pub exit_code: Option<i32>,
    /// `SIGSEGV`, `SIGKILL`, …, if a signal ended the program.
    pub signal: Option<String>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Timestamp,
    pub usage: Usage,
    /// The command as it was started, inside the sandbox.
    pub command: Vec<String>,
    pub working_directory: String,
    /// `uname -srm` of the machine it ran on.
    pub system: String,
    /// The version of the accelerators' driver, if the attempt had any.
    #[serde(default)]
    pub driver: Option<String>,
    /// What the program could import: interpreter, version, distributions. Empty if it could not be
    /// determined.
    pub environment_lock: String,
    pub sandbox: Option<SandboxFacts>,
    /// What was installed before the program started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<InstalledPackages>,
    pub outputs: Vec<OutputEntry>,
    /// Files that were left out, and why: `link`, `special`, `name`, `limit`, `unreadable`, `changed`,
    /// `refused`, [`NO_ROOM`].
    #[serde(default)]
    pub outputs_left_out: Vec<(String, String)>,
    /// How many more were left out than are named.
    #[serde(default)]
    pub outputs_left_out_more: u64,
    /// Log bytes, events and metrics bytes that must have arrived before the record is sealed.
    pub log_bytes: u64,
    pub metrics_bytes: u64,
    pub events: u64,
}

impl Finish {
    /// The end of an attempt that has nothing else to report.
    pub const fn without_run(outcome: Outcome, finished_at: Timestamp) -> Self {
        Self {
            outcome,
            exit_code: None,
            signal: None,
            started_at: None,
            finished_at,
            usage: Usage {
                wall_seconds: 0.0,
                cpu_seconds: 0.0,
                peak_memory_bytes: 0,
                accelerator_seconds: 0.0,
            },
            command: Vec::new(),
            working_directory: String::new(),
            system: String::new(),
            driver: None,
            environment_lock: String::new(),
            sandbox: None,
            packages: None,
            outputs: Vec::new(),
            outputs_left_out: Vec::new(),
            outputs_left_out_more: 0,
            log_bytes: 0,
            metrics_bytes: 0,
            events: 0,
        }
    }

    /// The shortest form of the same end, for a server that does not accept the full one.
    #[must_use]
    pub fn in_short(&self) -> Self {
        Self {
            exit_code: self.exit_code,
            started_at: self.started_at,
            usage: self.usage,
            log_bytes: self.log_bytes,
            metrics_bytes: self.metrics_bytes,
            events: self.events,
            outputs_left_out_more: self.outputs_left_out_more + self.outputs_left_out.len() as u64,
            ..Self::without_run(self.outcome, self.finished_at)
        }
    }
}
