//! What the record wants to know about the machine and the interpreter.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;

use super::life::Agent;
use crate::{
    TaskSpec,
    sandbox::{Fence, GateCommand, LOCK_QUESTION, Plan},
};

const LOCK_PATIENCE: Duration = Duration::from_mins(1);
const LARGEST_LOCK: u64 = 1 << 20;

/// Asks the interpreter what it can import, behind the same fence, while the program runs. Empty when there is no answer.
pub(super) fn read_lock(agent: &Agent, spec: &TaskSpec, plan: &Plan, python: &str) -> JoinHandle<String> {
    let fence = agent.config.fence;
    let private = agent.layout.private().join("lock");
    let mut plan = plan.clone();
    plan.network = false;
    plan.environment.retain(|(name, _)| !spec.secrets.contains_key(name));
    let command = [python, "-I", "-c", LOCK_QUESTION].map(str::to_owned);
    tokio::task::spawn_blocking(move || {
        ask_for_lock(fence, &plan, &command, &private).unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "no environment lock");
            String::new()
        })
    })
}

fn ask_for_lock(fence: Fence, plan: &Plan, command: &[String], private: &Path) -> io::Result<String> {
    fs::create_dir_all(private)?;
    let (output, input) = io::pipe()?;
    let mut child = GateCommand { fence, plan, command, private }.start(input, Stdio::null())?.open()?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.take(LARGEST_LOCK).read_to_string(&mut text).map(|_| text)
    });
    let begun = Instant::now();
    while child.try_wait()?.is_none() {
        if begun.elapsed() > LOCK_PATIENCE {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// As `uname -srm` says it.
pub(super) fn system() -> String {
    let name = rustix::system::uname();
    let parts =
        [name.sysname(), name.release(), name.machine()].map(|part| part.to_string_lossy().into_owned());
    parts.join(" ")
}

/// Did the kernel end a process of this container for its memory? Only where the container's own group is all that is seen.
pub(super) fn kernel_ended_something() -> bool {
    ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"]
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .any(|text| counts_kills(&text))
}

fn counts_kills(text: &str) -> bool {
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count.and_then(|count| count.trim().parse::<u64>().ok()).is_some_and(|count| count > 0)
}

/// The version of the driver of this attempt's cards.
pub(super) fn driver(spec: &TaskSpec) -> Option<String> {
    let path = match spec.resources.accelerators.first()?.vendor.as_str() {
        "nvidia" => "/sys/module/nvidia/version",
        "ascend" | "huawei" => "/usr/local/Ascend/driver/version.info",
        _ => return None,
    };
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
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
