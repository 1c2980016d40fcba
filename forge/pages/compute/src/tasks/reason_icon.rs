//! The icons of a task's history: what happened is seen before it is read. The colour says how it went.

use hearth_core::Reason;

use crate::words::Html;

pub(super) fn draw(reason: Reason) -> Html {
    match reason {
        Reason::Submitted => icon!("upload"),
        Reason::QueueFirst
        | Reason::QueueQuota
        | Reason::QueueNoCard
        | Reason::QueueNoCpu
        | Reason::QueueNoMemory
        | Reason::QueueBehind
        | Reason::QueueFragmented
        | Reason::QueueUnschedulable
        | Reason::LimitTime
        | Reason::LimitPoints => icon!("clock"),
        Reason::QueueSwitched | Reason::QueuePriority => icon!("edit"),
        Reason::QueuePoolPaused
        | Reason::QueueCluster
        | Reason::QueueClusterRefused
        | Reason::QueueClusterClosed
        | Reason::QueueCordoned
        | Reason::QueueEngineAway
        | Reason::QueueNoPool
        | Reason::StageNode
        | Reason::MachineNoRoom
        | Reason::LimitDisk
        | Reason::RunOutOfMemory
        | Reason::RunDeviceError
        | Reason::RunEvicted
        | Reason::RunNodeLost
        | Reason::RunNodeFailed => icon!("pool"),
        Reason::StageStart => icon!("settings"),
        Reason::StageSandbox | Reason::SandboxRefused | Reason::SandboxNoNetwork | Reason::AdminStop => {
            icon!("shield")
        }
        Reason::StageCode | Reason::RunNoBootFile => icon!("code"),
        Reason::StageDataset => icon!("dataset"),
        Reason::StageModel => icon!("model"),
        Reason::StagePackages
        | Reason::PackagesFailed
        | Reason::RunModuleMissing
        | Reason::StageOutputs
        | Reason::OutputsNoRoom
        | Reason::LimitOutput => icon!("package"),
        Reason::QueueNoImage
        | Reason::ImagePulling
        | Reason::ImagePullFailed
        | Reason::ImageMissing
        | Reason::ImageUnusable => icon!("download"),
        Reason::RunStarted => icon!("play"),
        Reason::RunFinished => icon!("check"),
        Reason::RunExitNonzero | Reason::RunSignal => icon!("terminal"),
        Reason::UserStop => icon!("user"),
        Reason::QueuePreempting | Reason::Preempted | Reason::RunSuspended | Reason::RunRemoved => {
            icon!("stop")
        }
        Reason::Adopted => icon!("history"),
        Reason::PlatformFault => icon!("alert"),
    }
}
