//! Facts about the machine and the interpreter for the record.

use std::{path::Path, time::Duration};

use tokio::task::JoinHandle;

use super::{
    helper_process::{HelperProcess, OutputStream},
    life::Agent,
};
use crate::{
    TaskSpec, bounded,
    sandbox::{Bounds, LOCK_QUESTION, Network, Plan},
};

const LOCK_PATIENCE: Duration = Duration::from_mins(1);

/// Asks the interpreter what it can import, in the same sandbox, while the program runs. Empty if there is no
/// answer.
pub(super) fn read_lock(
    agent: &Agent,
    spec: &TaskSpec,
    plan: &Plan,
    python: &str,
    bounds: Bounds,
) -> JoinHandle<String> {
    let mut plan = plan.clone();
    plan.network = Network::None;
    plan.environment.retain(|(name, _)| !spec.secrets.contains_key(name));
    let helper_process = HelperProcess {
        fence: agent.config.fence,
        plan,
        command: [python, "-I", "-c", LOCK_QUESTION].map(str::to_owned).to_vec(),
        private: agent.layout.private().join("lock"),
        bounds,
        patience: LOCK_PATIENCE,
        output_stream: OutputStream::Stdout,
    };
    tokio::task::spawn_blocking(move || match helper_process.run() {
        Ok((_, said)) => said,
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the environment lock could not be recorded"
            );
            String::new()
        }
    })
}

/// The output of `uname -srm`.
pub(super) fn system() -> String {
    let name = rustix::system::uname();
    let parts =
        [name.sysname(), name.release(), name.machine()].map(|part| part.to_string_lossy().into_owned());
    parts.join(" ")
}

/// Kernel and driver files are short; an image may have put anything in their place.
const LARGEST_FACT: u64 = 64 << 10;

/// Whether the kernel killed a process of this container for its memory. Only where nothing but the
/// container's own cgroup is visible.
pub(super) fn kernel_ended_something() -> bool {
    ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"]
        .map(Path::new)
        .iter()
        .filter_map(|path| bounded::text(path, LARGEST_FACT).ok())
        .any(|text| counts_kills(&text))
}

fn counts_kills(text: &str) -> bool {
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count.and_then(|count| count.trim().parse::<u64>().ok()).is_some_and(|count| count > 0)
}

/// The driver version of this attempt's cards.
pub(super) fn driver(spec: &TaskSpec) -> Option<String> {
    let path = match spec.resources.accelerators.first()?.vendor.as_str() {
        "nvidia" => "/sys/module/nvidia/version",
        "ascend" | "huawei" => "/usr/local/Ascend/driver/version.info",
        _ => return None,
    };
    bounded::text(Path::new(path), LARGEST_FACT).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kills_are_read_from_either_version_of_the_counters() {
        assert!(counts_kills("low 0\noom 3\noom_kill 1\n"));
        assert!(!counts_kills("oom_kill_disable 0\nunder_oom 0\noom_kill 0\n"));
        assert!(!counts_kills(""));
    }
}
