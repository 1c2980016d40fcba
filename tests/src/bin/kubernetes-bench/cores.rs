//! Assigns cores. If the control plane shared its cores with Hearth and with this program, its figures would
//! depend on how busy those are.

use std::process::{Command, Stdio};

use hearth_tests::Site;

/// Runs `work` while the control plane has one half of the cores, and Hearth and this program have the other.
pub(crate) fn apart(site: &Site, work: impl FnOnce()) {
    // Queried first: a process bound to some cores sees only those.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 {
        return work();
    }
    let half = cores / 2;
    for process in site.cluster.processes() {
        pin(process, &format!("0-{}", half - 1));
    }
    for process in ours(site) {
        pin(process, &format!("{half}-{}", cores - 1));
    }
    work();
    for process in ours(site) {
        pin(process, &format!("0-{}", cores - 1));
    }
}

fn ours(site: &Site) -> [u32; 2] {
    [site.server.process().id(), std::process::id()]
}

/// Binds every thread of a process, including later ones.
fn pin(process: u32, cores: &str) {
    let mut taskset = Command::new("taskset");
    taskset.args(["--all-tasks", "--pid", "--cpu-list", cores, &process.to_string()]).stdout(Stdio::null());
    let status = taskset.status().expect("taskset, of util-linux, can be started");
    assert!(status.success(), "process {process} cannot be bound to the cores {cores}");
}
