//! How the nodes of one attempt find each other, in the variables of the frameworks. Hearth starts one
//! process per node; launchers that start one per card (`torchrun`, `msrun`, `horovodrun`) read the rest from
//! here.

use super::Rendezvous;
use crate::TaskSpec;

/// The rank of this node as set by the cluster: the index of its pod in the Job.
const INDEX: &str = "JOB_COMPLETION_INDEX";

/// The rank that the cluster assigned to this pod.
pub(super) fn rank_here() -> Option<u32> {
    std::env::var(INDEX).ok()?.parse().ok()
}

/// Variables of `torchrun` and `torch.distributed`, of `MindSpore` and of Horovod.
pub(super) fn variables(spec: &TaskSpec, meeting: &Rendezvous) -> Vec<(&'static str, String)> {
    let (rank, count) = (spec.node.rank.to_string(), spec.node.count.to_string());
    let master = meeting.hosts.first().cloned().unwrap_or_default();
    let here = usize::try_from(spec.node.rank).ok().and_then(|rank| meeting.hosts.get(rank)).cloned();
    let port = meeting.port.to_string();
    let cards = spec.resources.accelerators.len().max(1);
    let hosts: Vec<String> = meeting.hosts.iter().map(|host| format!("{host}:{cards}")).collect();
    vec![
        ("HEARTH_HOSTS", meeting.hosts.join(",")),
        ("MASTER_ADDR", master.clone()),
        ("MASTER_PORT", port.clone()),
        ("NNODES", count.clone()),
        ("NODE_RANK", rank.clone()),
        ("RANK", rank.clone()),
        ("WORLD_SIZE", count.clone()),
        // Defaults that `torchrun` takes for its own options.
        ("PET_NNODES", count.clone()),
        ("PET_NODE_RANK", rank.clone()),
        ("PET_NPROC_PER_NODE", cards.to_string()),
        ("PET_MASTER_ADDR", master.clone()),
        ("PET_MASTER_PORT", port.clone()),
        ("MS_WORKER_NUM", count.clone()),
        ("MS_NODE_ID", rank.clone()),
        ("MS_SCHED_HOST", master.clone()),
        ("MS_SCHED_PORT", port.clone()),
        ("HOROVOD_HOSTS", hosts.join(",")),
        ("HOROVOD_HOSTNAME", here.unwrap_or_default()),
        ("HOROVOD_RANK", rank.clone()),
        ("HOROVOD_SIZE", count.clone()),
        ("HOROVOD_CROSS_RANK", rank),
        ("HOROVOD_CROSS_SIZE", count),
        ("HOROVOD_LOCAL_RANK", "0".to_owned()),
        ("HOROVOD_LOCAL_SIZE", "1".to_owned()),
        ("HOROVOD_GLOO_RENDEZVOUS_ADDR", master),
        ("HOROVOD_GLOO_RENDEZVOUS_PORT", port),
    ]
}
