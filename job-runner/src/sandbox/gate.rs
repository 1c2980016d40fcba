use std::{
    fs,
    io::{self, PipeWriter, Write},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::{Bounds, Cgroup, Fence, Network, Plan, WayOut, seccomp};

const GO: &[u8] = b"go\n";

/// Waits for a word on its input, then becomes the program. Until then limits can be applied to the process;
/// if the agent dies before that, the program never starts.
const WAIT: &str = r#"read -r word && [ "$word" = go ] && exec "$@" </dev/null"#;
const WAIT_WITH_OPTIONS: &str =
    r#"options=$1; shift; read -r word && [ "$word" = go ] && exec "$@" </dev/null 3<"$options""#;
const WAIT_WITH_FILTER: &str = r#"options=$1; filter=$2; shift 2
read -r word && [ "$word" = go ] && exec "$@" </dev/null 3<"$options" 4<"$filter""#;

/// Wraps the rest in its own network namespace, in which it waits for its way out.
const ENTER_SPACE: &str = r#"rest=$1; shift; read -r word && [ "$word" = go ] || exit 1
exec bwrap --unshare-user --unshare-net --uid 1000 --gid 1000 --die-with-parent --dev-bind / / -- /bin/sh -c "$rest" hearth-task "$@""#;

/// A command and the sandbox to run it in.
pub(crate) struct GateCommand<'a> {
    pub(crate) fence: Fence,
    pub(crate) plan: &'a Plan,
    pub(crate) command: &'a [String],
    /// A private folder for the options, which contain the environment.
    pub(crate) private: &'a Path,
}

/// A started process that waits to be released.
pub(crate) struct Gate {
    pub(crate) child: Child,
    input: PipeWriter,
    has_own_network: bool,
}

/// A process that was released.
pub(crate) struct Opened {
    pub(crate) child: Child,
    /// Kept for as long as the program lives.
    pub(crate) way_out: Option<WayOut>,
}

impl GateCommand<'_> {
    /// Starts the waiting process. The calling thread has to outlive it: the sandbox dies with its parent
    /// thread.
    pub(crate) fn start(&self, stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> io::Result<Gate> {
        let mut command = Command::new("/bin/sh");
        command.arg("-c");
        if self.fence == Fence::Bubblewrap {
            self.fenced(&mut command)?;
        } else {
            command.args([WAIT, "hearth-task"]).args(self.command).current_dir(&self.plan.directory);
            command.env_clear().envs(self.plan.environment.iter().map(|(name, value)| (name, value)));
            command.process_group(0);
        }
        let (read, input) = io::pipe()?;
        let child = command.stdin(read).stdout(stdout).stderr(stderr).spawn()?;
        let has_own_network = self.fence == Fence::Bubblewrap && self.plan.network == Network::Own;
        Ok(Gate { child, input, has_own_network })
    }

    fn fenced(&self, command: &mut Command) -> io::Result<()> {
        let filter = seccomp::program();
        let options = self.private.join("sandbox.options");
        write_private(&options, &self.plan.options(filter.is_some().then_some(4)))?;
        if self.plan.network == Network::Own {
            command.args([ENTER_SPACE, "hearth-task"]);
        }
        if let Some(program) = filter {
            let path = self.private.join("sandbox.filter");
            write_private(&path, &program)?;
            self.wait_with(WAIT_WITH_FILTER, command).args([&options, &path]);
        } else {
            self.wait_with(WAIT_WITH_OPTIONS, command).arg(&options);
        }
        command.args(["bwrap", "--args", "3", "--"]).args(self.command).current_dir("/");
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()));
        Ok(())
    }

    /// The waiting script is the shell's own, or an argument of the script that enters a network namespace
    /// first.
    fn wait_with<'a>(&self, script: &str, command: &'a mut Command) -> &'a mut Command {
        match self.plan.network {
            Network::Own => command.arg(script),
            Network::None | Network::Host => command.args([script, "hearth-task"]),
        }
    }
}

impl Gate {
    /// Applies the limits to the waiting process.
    pub(crate) fn bound(&self, bounds: Bounds, cgroup: Option<&Cgroup>) -> io::Result<()> {
        let pid = Pid::from_child(&self.child);
        if let Some(cgroup) = cgroup {
            cgroup.enter(self.child.id())?;
        }
        let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
        prlimit(Some(pid), Resource::Core, limit(0))?;
        // The task's disk usage is only measured from time to time; this bounds a single file until then.
        prlimit(Some(pid), Resource::Fsize, limit(bounds.disk_bytes.saturating_mul(2)))?;
        if !cgroup.is_some_and(Cgroup::bounds_processes) {
            prlimit(
                Some(pid),
                Resource::Nproc,
                limit(u64::from(bounds.processes) + processes_of_this_user()),
            )?;
        }
        Ok(())
    }

    /// Limits for a short helper program, which has no cgroup: address space and CPU time.
    pub(crate) fn limit_helper(&self, bounds: Bounds, patience: Duration) -> io::Result<()> {
        let pid = Pid::from_child(&self.child);
        let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
        prlimit(Some(pid), Resource::Cpu, limit(patience.as_secs()))?;
        prlimit(Some(pid), Resource::As, limit(bounds.memory_bytes.clamp(1 << 30, 16 << 30)))?;
        Ok(())
    }

    /// Releases the process to become the program. The calling thread has to outlive a way out as well.
    pub(crate) fn open(mut self) -> io::Result<Opened> {
        self.input.write_all(GO)?;
        if !self.has_own_network {
            return Ok(Opened { child: self.child, way_out: None });
        }
        match WayOut::make(self.child.id()).and_then(|way| self.input.write_all(GO).map(|()| way)) {
            Ok(way) => Ok(Opened { child: self.child, way_out: Some(way) }),
            Err(error) => {
                self.child.kill()?;
                self.child.wait()?;
                Err(error)
            }
        }
    }
}

/// The limit counts all processes and threads of the user, whoever started them.
fn processes_of_this_user() -> u64 {
    let user = rustix::process::getuid().as_raw();
    crate::process::all()
        .into_iter()
        .filter(|process| process.user == Some(user))
        .map(|process| process.threads)
        .sum()
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let _ = fs::remove_file(path);
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content)
}
