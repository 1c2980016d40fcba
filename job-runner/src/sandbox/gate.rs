use std::{
    fs,
    io::{self, PipeWriter, Write},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::{Bounds, Cgroup, Fence, Plan, seccomp};

/// Waits for a word on its input, then becomes the program. Until then the process can be put under its bounds; when the
/// agent dies before that, the program never starts.
const WAIT: &str = r#"read -r word && [ "$word" = go ] && exec "$@" </dev/null"#;
const WAIT_WITH_OPTIONS: &str =
    r#"options=$1; shift; read -r word && [ "$word" = go ] && exec "$@" </dev/null 3<"$options""#;
const WAIT_WITH_FILTER: &str = r#"options=$1; filter=$2; shift 2
read -r word && [ "$word" = go ] && exec "$@" </dev/null 3<"$options" 4<"$filter""#;

/// A program and where it may run.
pub(crate) struct GateCommand<'a> {
    pub(crate) fence: Fence,
    pub(crate) plan: &'a Plan,
    pub(crate) command: &'a [String],
    /// A private folder for the options, which hold the environment.
    pub(crate) private: &'a Path,
}

/// A started process that waits to be let go.
pub(crate) struct Gate {
    pub(crate) child: Child,
    input: PipeWriter,
}

impl GateCommand<'_> {
    /// Starts the waiting process. The thread that calls this has to outlive it: the fence falls with its parent thread.
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
        Ok(Gate { child, input })
    }

    fn fenced(&self, command: &mut Command) -> io::Result<()> {
        let filter = seccomp::program();
        let options = self.private.join("sandbox.options");
        write_private(&options, &self.plan.options(filter.is_some().then_some(4)))?;
        if let Some(program) = filter {
            let path = self.private.join("sandbox.filter");
            write_private(&path, &program)?;
            command.args([WAIT_WITH_FILTER, "hearth-task"]).args([&options, &path]);
        } else {
            command.args([WAIT_WITH_OPTIONS, "hearth-task"]).arg(&options);
        }
        command.args(["bwrap", "--args", "3", "--"]).args(self.command).current_dir("/");
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()));
        Ok(())
    }
}

impl Gate {
    /// Puts the waiting process under its bounds.
    pub(crate) fn bound(&self, bounds: Bounds, cgroup: Option<&Cgroup>) -> io::Result<()> {
        let pid = Pid::from_child(&self.child);
        if let Some(cgroup) = cgroup {
            cgroup.enter(self.child.id())?;
        }
        let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
        prlimit(Some(pid), Resource::Core, limit(0))?;
        if !cgroup.is_some_and(Cgroup::bounds_processes) {
            prlimit(
                Some(pid),
                Resource::Nproc,
                limit(u64::from(bounds.processes) + processes_of_this_user()),
            )?;
        }
        Ok(())
    }

    /// Lets the process become the program.
    pub(crate) fn open(mut self) -> io::Result<Child> {
        self.input.write_all(b"go\n")?;
        Ok(self.child)
    }
}

/// The limit counts everything of the user, whoever started it.
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
