//! Types for computing tasks: kinds, the one set of states, reason codes and the legal state transitions.

text_enum! {
    /// What a task does.
    pub enum TaskKind {
        Train = "train",
        Inference = "inference",
    }
}

text_enum! {
    /// The state of a task; the same in the database, on pages and in the API.
    pub enum TaskState {
        Preparing = "PREPARING",
        Waiting = "WAITING",
        Creating = "CREATING",
        Running = "RUNNING",
        Stopping = "STOPPING",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        Stopped = "STOPPED",
        CreatedFailed = "CREATED_FAILED",
        Unknown = "UNKNOWN",
    }
}

impl TaskState {
    /// Whether the state is final.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Stopped | Self::CreatedFailed)
    }

    /// Whether a task in this state holds a slot in a pool.
    pub const fn holds_resources(self) -> bool {
        matches!(self, Self::Creating | Self::Running | Self::Stopping | Self::Unknown)
    }

    /// The legal transitions. Observing the same state again (`x → x`) is not a transition, and is legal.
    pub fn can_become(self, next: Self) -> bool {
        use TaskState::{
            CreatedFailed, Creating, Failed, Preparing, Running, Stopped, Stopping, Succeeded, Unknown,
            Waiting,
        };
        if self == next {
            return true;
        }
        match self {
            Preparing => matches!(next, Waiting | CreatedFailed | Stopped),
            Waiting => matches!(next, Creating | CreatedFailed | Stopped),
            Creating => matches!(
                next,
                Running | Waiting | Stopping | Succeeded | Failed | Stopped | CreatedFailed | Unknown
            ),
            Running => matches!(next, Stopping | Succeeded | Failed | Stopped | Unknown | Waiting),
            Stopping => matches!(next, Succeeded | Failed | Stopped | Unknown | Waiting),
            Unknown => {
                matches!(next, Creating | Running | Stopping | Succeeded | Failed | Stopped | Waiting)
            }
            Succeeded | Failed | Stopped | CreatedFailed => false,
        }
    }
}

text_enum! {
    /// Why a task is in its state: one code per step of its timeline, one sentence per code in each language.
    pub enum Reason {
        Submitted = "submitted",
        QueueFirst = "queue.first",
        QueueQuota = "queue.quota",
        QueueNoCard = "queue.no_card",
        QueueNoCpu = "queue.no_cpu",
        QueueNoMemory = "queue.no_memory",
        QueueBehind = "queue.behind",
        QueueFragmented = "queue.fragmented",
        QueuePoolPaused = "queue.pool_paused",
        QueueUnschedulable = "queue.unschedulable",
        QueueCluster = "queue.cluster",
        QueueClusterRefused = "queue.cluster_refused",
        QueueClusterClosed = "queue.cluster_closed",
        QueueCordoned = "queue.cordoned",
        QueueEngineAway = "queue.engine_away",
        QueueNoImage = "queue.no_image",
        QueueNoPool = "queue.no_pool",
        QueuePreempting = "queue.preempting",
        QueueSwitched = "queue.switched",
        QueuePriority = "queue.priority",
        StageStart = "stage.start",
        StageNode = "stage.node",
        StageSandbox = "stage.sandbox",
        StageCode = "stage.code",
        StageDataset = "stage.dataset",
        StageModel = "stage.model",
        StagePackages = "stage.packages",
        PackagesFailed = "packages.failed",
        StageOutputs = "stage.outputs",
        OutputsNoRoom = "outputs.no_room",
        ImagePulling = "image.pulling",
        ImagePullFailed = "image.pull_failed",
        ImageMissing = "image.missing",
        ImageUnusable = "image.unusable",
        RunStarted = "run.started",
        RunFinished = "run.finished",
        RunExitNonzero = "run.exit_nonzero",
        RunModuleMissing = "run.module_missing",
        RunSignal = "run.signal",
        RunOutOfMemory = "run.oom",
        RunDeviceError = "run.device_error",
        RunNoBootFile = "run.no_boot_file",
        RunEvicted = "run.evicted",
        RunNodeLost = "run.node_lost",
        RunNodeFailed = "run.node_failed",
        RunRemoved = "run.removed",
        RunSuspended = "run.suspended",
        SandboxRefused = "sandbox.refused",
        SandboxNoNetwork = "sandbox.no_network",
        MachineNoRoom = "machine.no_room",
        LimitTime = "limit.time",
        LimitPoints = "limit.points",
        LimitOutput = "limit.output",
        LimitDisk = "limit.disk",
        UserStop = "user.stop",
        AdminStop = "admin.stop",
        Preempted = "preempted",
        Adopted = "platform.adopted",
        PlatformFault = "platform.fault",
    }
}

impl Reason {
    /// Whether a task that waits for this reason starts only after somebody has changed it, or what it needs.
    pub const fn needs_decision(self) -> bool {
        matches!(
            self,
            Self::QueueNoImage
                | Self::QueueNoPool
                | Self::QueueClusterRefused
                | Self::QueueUnschedulable
                | Self::ImageMissing
        )
    }
}

text_enum! {
    /// Whether an engine can accept tasks: one sentence and one next step per code in each language.
    pub enum EngineState {
        Good = "good",
        Connecting = "connecting",
        BadConfiguration = "bad_configuration",
        Unreachable = "unreachable",
        Refused = "refused",
        MissingPermissions = "missing_permissions",
    }
}

/// How an attempt ended: the final state and the reason code that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    pub state: TaskState,
    pub reason: Reason,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_terminal_state() {
        for &from in TaskState::ALL.iter().filter(|state| state.is_terminal()) {
            for &to in TaskState::ALL.iter().filter(|&&to| to != from) {
                assert!(!from.can_become(to), "{from} must not become {to}");
            }
        }
    }

    #[test]
    fn what_holds_a_slot_can_give_it_up_and_wait_again() {
        for &from in TaskState::ALL.iter().filter(|state| state.holds_resources()) {
            assert!(from.can_become(TaskState::Waiting), "{from} cannot make room");
        }
    }

    #[test]
    fn every_state_that_is_not_terminal_can_reach_an_end() {
        for &from in TaskState::ALL.iter().filter(|state| !state.is_terminal()) {
            assert!(
                TaskState::ALL.iter().any(|to| to.is_terminal() && from.can_become(*to)),
                "{from} is a trap"
            );
        }
    }
}
