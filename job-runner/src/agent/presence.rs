use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::{
    fs::{FlockOperation, flock},
    process::{Pid, Signal, kill_process, kill_process_group},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

use crate::{
    Error, Result, Secret, bounded,
    draft::{self, Durability},
    error::At,
    packages::PackageConfig,
    process,
    sandbox::{Fence, Network},
};

/// The launch configuration of an agent; `agent.json` in its folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgentConfig {
    /// The attempt's name, see [`crate::TaskSpec::name`].
    pub name: String,
    pub server: Url,
    /// Certificate authorities as PEM, trusted in addition to the well-known ones.
    #[serde(default)]
    pub server_authorities: Option<String>,
    pub fence: Fence,
    /// The network of a task that may open connections, with bubblewrap.
    #[serde(default)]
    pub network: Network,
    /// Folders that the program must not see, wherever they are.
    #[serde(default)]
    pub hidden: Vec<PathBuf>,
    /// The program's folders if a container provides them; `None` if they are in the agent's own folder.
    #[serde(default)]
    pub folders: Option<ContainerFolders>,
    /// How the nodes of this attempt find each other, if there are several.
    #[serde(default)]
    pub rendezvous: Option<Rendezvous>,
    /// Where packages are installed; `None` where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<PackageConfig>,
}

impl AgentConfig {
    /// Whether the server can read the outputs itself: they are on this machine, and only the sandboxed
    /// program wrote there.
    pub(crate) fn shares_disk(&self) -> bool {
        self.fence == Fence::Bubblewrap && self.folders.is_none()
    }
}

/// Folders that are empty, writable and used by this attempt alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerFolders {
    /// Parent of code, data sets, models and outputs, as `c2net` expects them below `/tmp`.
    pub tmp: PathBuf,
    pub home: PathBuf,
}

/// The nodes of an attempt, by their host names; the first is the master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendezvous {
    pub hosts: Vec<String>,
    pub port: u16,
}

/// How an agent ended; `exit.json` in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exit {
    pub(crate) delivered: bool,
}

/// What the engine requests along with SIGTERM; `stop.json` in the agent's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StopNote {
    pub(crate) grace_seconds: u64,
}

/// Identifies a process for good: pids are reused, but a pid with its start time is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    pid: u32,
    started: u64,
}

/// The state of an agent as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgentState {
    /// No agent has taken this folder yet.
    NeverSeen,
    Alive,
    Ended(Exit),
    /// It was there and died without reporting an end.
    Gone,
}

/// Held by a running agent. The kernel releases the lock when the process ends, however it ends.
pub(crate) struct Presence {
    _lock: File,
}

const CONFIG: &str = "agent.json";
pub(super) const TOKEN: &str = "token";
const LOCK: &str = "agent.lock";
const PID: &str = "agent.pid";
const PROGRAM: &str = "program.pid";
const EXIT: &str = "exit.json";
const STOP: &str = "stop.json";

impl Presence {
    /// Takes the folder for this process. `None` if another agent has it, or had it.
    pub(crate) fn take(directory: &Path) -> Result<Option<Self>> {
        let path = directory.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).at(&path)?;
        // An observer may hold the lock briefly.
        for _ in 0..100 {
            match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) if directory.join(PID).exists() => return Ok(None),
                Ok(()) => {
                    write_json(&directory.join(PID), &Mark::of(std::process::id()))?;
                    return Ok(Some(Self { _lock: lock }));
                }
                Err(rustix::io::Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(10)),
                Err(errno) => return Err(errno).at(path),
            }
        }
        Ok(None)
    }
}

/// Looks at the state of a folder's agent.
pub(crate) fn look(directory: &Path) -> Result<AgentState> {
    let path = directory.join(LOCK);
    let is_held = match OpenOptions::new().write(true).open(&path) {
        Ok(lock) => flock(&lock, FlockOperation::NonBlockingLockShared).is_err(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(source) => return Err(Error::Io { path, source }),
    };
    if is_held {
        return Ok(AgentState::Alive);
    }
    if let Some(exit) = read_json(&directory.join(EXIT))? {
        return Ok(AgentState::Ended(exit));
    }
    Ok(if directory.join(PID).exists() { AgentState::Gone } else { AgentState::NeverSeen })
}

/// Sends a signal to a folder's agent, if it is still the same process.
pub(crate) fn signal(directory: &Path, signal: Signal) -> Result<()> {
    let path = directory.join(PID);
    let Some(pid) = read_json::<Mark>(&path)?.and_then(Mark::living) else { return Ok(()) };
    match kill_process(pid, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(errno) => Err(errno).at(path),
    }
}

/// Records the program's outermost process, for killing it when the agent no longer can.
pub(crate) fn note_program(directory: &Path, pid: u32) -> Result<()> {
    write_json(&directory.join(PROGRAM), &Mark::of(pid))
}

/// Whether the program of an agent is still running.
pub(crate) fn has_program(directory: &Path) -> bool {
    let mark = read_json::<Mark>(&directory.join(PROGRAM)).ok().flatten();
    let found = mark.and_then(|mark| process::find(mark.pid).filter(|found| found.started == mark.started));
    // A zombie is dead, though nobody has reaped it.
    found.is_some_and(|process| !process.is_zombie)
}

/// The launch configuration of a folder's agent, if any.
pub(crate) fn config(directory: &Path) -> Option<AgentConfig> {
    read_json(&directory.join(CONFIG)).ok().flatten()
}

/// Kills the program of a dead agent. A sandboxed one is dead already.
pub(crate) fn kill_program(directory: &Path) {
    if let Some(pid) = read_json::<Mark>(&directory.join(PROGRAM)).ok().flatten().and_then(Mark::living) {
        let _ = kill_process_group(pid, Signal::KILL);
        let _ = kill_process(pid, Signal::KILL);
    }
}

impl Mark {
    fn of(pid: u32) -> Self {
        Self { pid, started: process::find(pid).map_or(0, |found| found.started) }
    }

    fn living(self) -> Option<Pid> {
        let is_same = process::find(self.pid).is_some_and(|found| found.started == self.started);
        i32::try_from(self.pid).ok().and_then(Pid::from_raw).filter(|_| is_same)
    }
}

/// Writes the launch files of an agent into its folder.
pub(crate) fn write_launch(directory: &Path, config: &AgentConfig, token: &Secret) -> Result<()> {
    let path = directory.join(TOKEN);
    let _ = fs::remove_file(&path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).at(&path)?;
    file.write_all(token.expose().as_bytes()).at(&path)?;
    write_json(&directory.join(CONFIG), config)
}

/// Files exchanged between engine and agent are far smaller.
const LARGEST_NOTE: u64 = 16 << 20;

/// Reads the launch files, and deletes the token so that no later process finds it.
pub(crate) fn take_launch(directory: &Path) -> Result<(AgentConfig, Secret)> {
    let path = directory.join(CONFIG);
    let config = read_json(&path)?
        .ok_or_else(|| Error::Io { path, source: std::io::Error::from(std::io::ErrorKind::NotFound) })?;
    let path = directory.join(TOKEN);
    let token = bounded::text(&path, LARGEST_NOTE).at(&path)?;
    fs::remove_file(&path).at(path)?;
    Ok((config, Secret::new(token.trim())))
}

pub(crate) fn write_exit(directory: &Path, exit: Exit) -> Result<()> {
    write_json(&directory.join(EXIT), &exit)
}

pub(crate) fn write_stop(directory: &Path, note: StopNote) -> Result<()> {
    write_json(&directory.join(STOP), &note)
}

pub(crate) fn read_stop(directory: &Path) -> Option<StopNote> {
    read_json(&directory.join(STOP)).ok().flatten()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let text =
        serde_json::to_vec(value).map_err(|source| Error::Malformed { path: path.to_owned(), source })?;
    draft::write_whole(path, &text, Durability::OfThisLife)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    match bounded::read(path, LARGEST_NOTE) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|source| Error::Malformed { path: path.to_owned(), source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(look(folder.path()).unwrap(), AgentState::NeverSeen);
        let first = Presence::take(folder.path()).unwrap();
        assert!(first.is_some());
        assert_eq!(look(folder.path()).unwrap(), AgentState::Alive);
        drop(first);
        assert_eq!(look(folder.path()).unwrap(), AgentState::Gone);
        assert!(Presence::take(folder.path()).unwrap().is_none(), "a dead agent's folder is not taken again");
    }

    #[test]
    fn another_process_with_the_same_number_gets_no_signal() {
        let folder = tempfile::tempdir().unwrap();
        write_json(&folder.path().join(PID), &Mark { pid: std::process::id(), started: 1 }).unwrap();
        signal(folder.path(), Signal::KILL).unwrap();
    }
}
