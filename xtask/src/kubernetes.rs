//! A Kubernetes control plane for one test run, with Kueue, and a real node if possible: built once from Go
//! modules, stopped with the run. They are described in `tests/kubernetes/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{self, output, run};
use crate::report::say;
use crate::{Outcome, needs};

/// The address at which the real node's pods reach this machine.
const NODE_ADDRESS: &str = "10.99.0.1";

/// A running cluster. Dropping it stops it and removes its folder.
pub(crate) struct Kubernetes {
    // In the order in which they have to be stopped.
    node: Option<Child>,
    kueue: Option<Child>,
    control_plane: Child,
    folder: TempDir,
}

/// Builds the control plane unless it is built: minutes the first time, nothing later.
pub(crate) fn build() -> Outcome {
    build_by("cluster.sh")
}

/// Builds Kueue in the same way.
pub(crate) fn build_kueue() -> Outcome {
    build_by("kueue.sh")
}

fn build_by(name: &str) -> Outcome {
    let binary = output(Command::new(script(name)).arg("build").stderr(Stdio::inherit()))?;
    let size = fs::metadata(binary.trim()).map_err(|e| format!("{name} has built nothing: {e}"))?.len();
    say(&format!("{} ({} MiB)", binary.trim(), size >> 20));
    Ok(())
}

impl Kubernetes {
    /// Starts the control plane and waits until its fake nodes are ready.
    pub(crate) fn start() -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("hearth-kubernetes-")
            .tempdir()
            .map_err(|e| format!("cannot make a folder for Kubernetes: {e}"))?;
        let mut command = script_command("cluster.sh", folder.path(), "control-plane")?;
        let control_plane = command
            .arg("run")
            .arg(folder.path())
            .spawn()
            .map_err(|e| format!("cannot start Kubernetes: {e}"))?;
        let mut started = Self { node: None, kueue: None, control_plane, folder };
        let ready = started.folder.path().join("ready");
        wait_until_ready(&mut started.control_plane, &ready)
            .map_err(|problem| started.explain(&problem, "control-plane"))?;
        say("A control plane with fake nodes runs on loopback until this run ends.");
        Ok(started)
    }

    /// Adds Kueue, which queues Jobs that name a queue. Tests find it by its folder.
    pub(crate) fn add_kueue(&mut self) -> Outcome {
        let mut command = script_command("kueue.sh", self.folder.path(), "kueue")?;
        let child = command.arg("run").arg(self.folder.path()).spawn();
        let kueue = self.kueue.insert(child.map_err(|e| format!("cannot start Kueue: {e}"))?);
        let ready = self.folder.path().join("kueue").join("ready");
        wait_until_ready(kueue, &ready).map_err(|problem| self.explain(&problem, "kueue"))
    }

    /// Adds the real node: containerd, runc and a kubelet, with an image that contains Python and
    /// `hearth-agent`.
    pub(crate) fn add_node(&mut self) -> Outcome {
        let archive = self.folder.path().join("images.tar");
        let agent = program::target().join("debug").join("hearth-agent");
        run(Command::new(script("image.py")).arg(&archive).arg(agent))?;
        let mut command = script_command("node.sh", self.folder.path(), "node")?;
        command.arg("run").arg(self.folder.path()).arg(&archive).env("NODE_ADDRESS", NODE_ADDRESS);
        let child = command.spawn().map_err(|e| format!("cannot start a node: {e}"))?;
        let node = self.node.insert(child);
        let ready = self.folder.path().join("real-0").join("ready");
        if let Err(problem) = wait_until_ready(node, &ready) {
            self.end_node();
            return Err(self.explain(&problem, "node"));
        }
        say(&format!("A real node runs; its pods reach this machine at {NODE_ADDRESS}."));
        Ok(())
    }

    /// Tells tests where the cluster is, and the node if there is one.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("HEARTH_TEST_KUBECONFIG", self.folder.path().join("kubeconfig"));
        if self.node.is_some() {
            command.env("HEARTH_TEST_NODE_ADDRESS", NODE_ADDRESS);
        }
    }

    fn explain(&self, problem: &str, log: &str) -> String {
        let log = fs::read_to_string(self.folder.path().join(format!("{log}.log"))).unwrap_or_default();
        format!("{problem}\n{log}")
    }

    fn end_node(&mut self) {
        if let Some(mut node) = self.node.take() {
            end(&mut node);
        }
    }
}

impl Drop for Kubernetes {
    fn drop(&mut self) {
        self.end_node();
        if let Some(kueue) = &mut self.kueue {
            end(kueue);
        }
        end(&mut self.control_plane);
    }
}

/// Why a real node cannot run here, if so.
pub(crate) fn no_real_node() -> Outcome<Option<String>> {
    Ok((!needs::is_root()?).then(|| "a real Kubernetes node needs root".to_owned()))
}

fn script(name: &str) -> PathBuf {
    program::root().join("tests").join("kubernetes").join(name)
}

/// A script whose output goes to a log. If this program is killed, the kernel asks the script to end too.
fn script_command(name: &str, folder: &Path, log: &str) -> Outcome<Command> {
    let log = fs::File::create(folder.join(format!("{log}.log")))
        .and_then(|file| Ok((file.try_clone()?, file)))
        .map_err(|e| format!("cannot write a log: {e}"))?;
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(script(name));
    command.stdin(Stdio::null()).stdout(log.0).stderr(log.1);
    Ok(command)
}

fn wait_until_ready(child: &mut Child, ready: &Path) -> Outcome {
    let deadline = Instant::now() + Duration::from_mins(5);
    while Instant::now() < deadline {
        if ready.exists() {
            return Ok(());
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("it ended before it was ready: {status}"));
        }
        sleep(Duration::from_millis(100));
    }
    Err("it was not ready within five minutes".to_owned())
}

/// The scripts stop what they started when they are asked to.
fn end(child: &mut Child) {
    let asked = output(Command::new("kill").args(["-TERM", &child.id().to_string()]));
    let deadline = Instant::now() + Duration::from_secs(20);
    while asked.is_ok() && Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    child.kill().and_then(|()| child.wait().map(drop)).unwrap_or_default();
}
