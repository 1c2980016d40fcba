//! Spawning the system's git: which program, which configuration, which environment.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Resource, Rlimit, prlimit},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};

use crate::{Error, Result, error::disk_trouble, files, permits};

/// How many trailing bytes of standard error are kept for error messages.
const MAX_STDERR_BYTES: usize = 4096;

/// The system's git with its own environment: it sees nothing of the server's environment and reads no
/// configuration file but ours.
pub(crate) struct GitProgram {
    search_path: OsString,
    home: PathBuf,
    config: PathBuf,
}

/// Bounds on a command whose whole answer is read into memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) bytes: u64,
}

impl GitProgram {
    /// Writes configuration and hooks into `own` and remembers their paths.
    pub(crate) fn install(own: &Path) -> Result<Self> {
        let home = own.join("home");
        std::fs::create_dir_all(&home)?;
        let config = home.join("gitconfig");
        let helper = crate::push::install_helper(&own.join("hooks"))?;
        files::replace(&config, crate::config::text(&helper).as_bytes(), 0o644)?;
        let search_path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
        Ok(Self { search_path, home, config })
    }

    /// A command `git <subcommand>` in a repository.
    ///
    /// Callers pass values that came from a user only as validated newtypes, as full object ids, or after
    /// `--end-of-options` or `--`. There is never a shell in between.
    pub(crate) fn command(&self, repository: &Path, subcommand: &str) -> Command {
        let mut command = self.prepare("git", repository);
        command.arg(subcommand);
        command
    }

    /// The same for work that nobody waits for: low CPU priority, one thread and bounded memory. Everything
    /// it writes replaces data it then removes, so all of it is synced to disk first.
    pub(crate) fn background_command(&self, repository: &Path, subcommand: &str) -> Command {
        let mut command = self.prepare("nice", repository);
        command.args(["-n", "10", "git"]);
        command.args([
            "-c",
            "pack.threads=1",
            "-c",
            "pack.windowMemory=64m",
            "-c",
            "core.fsync=all",
            subcommand,
        ]);
        command
    }

    fn prepare(&self, program: &str, repository: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", &self.search_path)
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", &self.config)
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_DIR", repository)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_PAGER", "cat")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .current_dir(repository)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// The limit of writable memory for a child and each process it starts. Packs are mapped read-only and do not
/// count.
const CHILD_MEMORY_BYTES: u64 = 2 << 30;
/// The same per core: git packs on all of them, and each holds a window of objects (`pack.windowMemory`).
const MEMORY_BYTES_PER_CORE: u64 = 512 << 20;

/// Limits the resources of a child that was just started: memory, and CPU time of `time` on every core. A
/// child that has already ended needs no limit.
pub(crate) fn limit(child: Option<u32>, time: Duration) -> Result<()> {
    let Some(child) = child.and_then(|id| Pid::from_raw(id.cast_signed())) else { return Ok(()) };
    let cores = permits::cores() as u64;
    let memory_bytes = CHILD_MEMORY_BYTES + cores * MEMORY_BYTES_PER_CORE;
    let processor_seconds = time.as_secs().max(1).saturating_mul(cores);
    for (resource, most) in [(Resource::Data, memory_bytes), (Resource::Cpu, processor_seconds)] {
        match prlimit(Some(child), resource, Rlimit { current: Some(most), maximum: Some(most) }) {
            Ok(_) | Err(Errno::SRCH) => {}
            Err(error) => return Err(std::io::Error::from(error).into()),
        }
    }
    Ok(())
}

/// How long a child that outputs one file may run.
const READER_TIME: Duration = Duration::from_mins(10);

/// Standard output of a git that was started on a blocking thread. Dropping it kills the child.
pub struct ChildReader {
    child: std::process::Child,
    output: std::process::ChildStdout,
    name: &'static str,
}

impl ChildReader {
    pub(crate) fn spawn(mut command: Command, name: &'static str) -> Result<Self> {
        let mut child = command.as_std_mut().stderr(Stdio::null()).spawn()?;
        limit(Some(child.id()), READER_TIME)?;
        let output = child.stdout.take().expect("standard output is piped");
        Ok(Self { child, output, name })
    }
}

impl std::io::Read for ChildReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.output.read(buffer)?;
        if count == 0 && !buffer.is_empty() && !self.child.wait()?.success() {
            return Err(std::io::Error::other(failure(self.name, b"")));
        }
        Ok(count)
    }
}

impl Drop for ChildReader {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How a command ended.
pub(crate) struct Outcome {
    pub(crate) is_success: bool,
    pub(crate) output: Vec<u8>,
    pub(crate) complaint: Vec<u8>,
}

/// Runs a command and gives its output.
pub(crate) async fn output(
    command: Command,
    name: &'static str,
    input: Option<Vec<u8>>,
    bounds: Bounds,
) -> Result<Vec<u8>> {
    let outcome = run(command, name, input, bounds).await?;
    if outcome.is_success { Ok(outcome.output) } else { Err(failure(name, &outcome.complaint)) }
}

/// Runs a command to its end.
pub(crate) async fn run(
    mut command: Command,
    name: &'static str,
    input: Option<Vec<u8>>,
    bounds: Bounds,
) -> Result<Outcome> {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let run = async {
        let mut child = command.spawn()?;
        limit(child.id(), bounds.time)?;
        let stdin = child.stdin.take();
        let mut stdout = child.stdout.take().expect("standard output is piped").take(bounds.bytes + 1);
        let mut stderr = child.stderr.take().expect("standard error is piped");
        let feed = async {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // A child that has read enough closes its end; its exit status tells whether that was right.
                let _ = stdin.write_all(&input).await;
            }
        };
        let mut out = Vec::new();
        let (result, complaint, ()) = tokio::join!(stdout.read_to_end(&mut out), tail(&mut stderr), feed);
        result?;
        if out.len() as u64 > bounds.bytes {
            return Err(Error::TooLarge { limit: bounds.bytes });
        }
        let is_success = child.wait().await?.success();
        Ok(Outcome { is_success, output: out, complaint })
    };
    tokio::time::timeout(bounds.time, run).await.unwrap_or(Err(Error::Timeout { what: name }))
}

/// The error of a failed git, with damage and a full disk told apart.
pub(crate) fn failure(command: &'static str, complaint: &[u8]) -> Error {
    let stderr = String::from_utf8_lossy(complaint).trim().to_owned();
    if let Some(kind) = disk_trouble(&stderr) {
        return Error::Io(std::io::Error::new(kind, format!("git {command}: {stderr}")));
    }
    let is_damage =
        ["bad object", "corrupt", "unable to read", "missing blob", "missing tree", "not a git repository"]
            .iter()
            .any(|sign| stderr.contains(sign));
    if is_damage { Error::Damaged(stderr) } else { Error::Git { command, stderr } }
}

/// Reads to the end and keeps the last few KiB.
pub(crate) async fn tail(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = reader.read(&mut buffer).await {
        kept.extend_from_slice(&buffer[..count]);
        if kept.len() > MAX_STDERR_BYTES {
            kept.drain(..kept.len() - MAX_STDERR_BYTES);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_may_take_a_part_of_the_machine_alone() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("a program starts");
        limit(Some(child.id()), Duration::from_secs(7)).expect("its limits are set");
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("its limits");
        let most = |name: &str| {
            let line = limits.lines().find_map(|line| line.strip_prefix(name)).expect("the limit is there");
            line.split_ascii_whitespace().next().expect("a value").to_owned()
        };
        assert_eq!(most("Max cpu time"), (7 * permits::cores()).to_string());
        assert!(most("Max data size").parse::<u64>().expect("a number") >= CHILD_MEMORY_BYTES);
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        limit(Some(child.id()), Duration::from_secs(7)).expect("one that has ended needs none");
    }
}
