//! A real node of a test's own, which may be broken.

use std::fs;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use rustix::process::Signal;

use super::script;
use crate::process::{signal, those_in};
use crate::{Answer, Process, TestCluster, wait_for};

const PATIENCE: Duration = Duration::from_mins(3);
/// The shared node has another one.
const NUMBER: &str = "1";

/// A machine of one test: containerd, runc and a kubelet. Dropping it stops it.
pub struct RealNode<'a> {
    cluster: &'a TestCluster,
    process: Process,
    name: String,
}

impl TestCluster {
    /// Adds a real node to this cluster, in a pool with that label; for holders of the shared real node.
    #[track_caller]
    #[must_use]
    pub fn add_real_node(&self, pool: &str) -> RealNode<'_> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(script("node.sh")).arg("run");
        command.arg(&self.folder).arg(self.folder.join("images.tar"));
        command.env("NODE_NUMBER", NUMBER).env("NODE_POOL", pool);
        let mut process = Process::start(&mut command);
        process.wait_for_line("The node ", PATIENCE);
        RealNode { cluster: self, process, name: format!("real-{NUMBER}") }
    }
}

impl RealNode<'_> {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Pauses the kubelet: what runs goes on, but is not managed.
    #[track_caller]
    pub fn hold_kubelet(&self) {
        signal(self.kubelet(), Signal::STOP);
    }

    /// Kills the kubelet, paused or not; another one takes its place.
    #[track_caller]
    pub fn kill_kubelet(&self) {
        signal(self.kubelet(), Signal::KILL);
    }

    /// Kills the agent in a pod, as the kernel of its machine might.
    #[track_caller]
    pub fn kill_agent(&self, pod: &str) {
        let host = format!("HOSTNAME={pod}\0");
        let is_its_agent = |id: &u32| {
            let read = |file: &str| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
            read("cmdline").starts_with(b"/hearth/bin/hearth-agent\0")
                && String::from_utf8_lossy(&read("environ")).contains(&host)
        };
        let agent = wait_for("the agent of the pod", PATIENCE, || processes().find(is_its_agent));
        signal(agent, Signal::KILL);
    }

    #[track_caller]
    fn kubelet(&self) -> u32 {
        let folder = self.cluster.folder.join(&self.name);
        let found = those_in(&folder).into_iter().find(|(_, line)| line.contains("/bin/kubelet "));
        found.expect("the node has a kubelet").0
    }
}

impl Drop for RealNode<'_> {
    fn drop(&mut self) {
        self.process.terminate();
        self.process.wait(PATIENCE);
        let request = self.cluster.request(Method::DELETE, &format!("/api/v1/nodes/{}", self.name));
        // A cluster that does not respond any more is about to be stopped.
        drop(Answer::attempt(request));
    }
}

/// Every process of this machine.
fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}
