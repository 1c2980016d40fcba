//! A program started by a test: its output, its memory use, and a guaranteed end.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::wait_for;

/// A running child. Dropping it kills it.
pub struct Process {
    child: Child,
    said: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts a program and keeps every line of its output.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        Self::start_with_log(command, Stdio::piped())
    }

    /// The same, with its standard error redirected.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start_with_log(command: &mut Command, log: Stdio) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("cannot start {command:?}: {e}"));
        let said = Arc::default();
        let readers = [
            child.stdout.take().map(|pipe| keep(pipe, Arc::clone(&said))),
            child.stderr.take().map(|pipe| keep(pipe, Arc::clone(&said))),
        ];
        Self { child, said, readers: readers.into_iter().flatten().collect() }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// All output so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line that starts with `start` and returns the rest of it.
    ///
    /// # Panics
    ///
    /// When the program ends or `limit` passes first.
    #[track_caller]
    pub fn wait_for_line(&mut self, start: &str, limit: Duration) -> String {
        wait_for(&format!("the line {start:?}"), limit, || {
            let found = self.line(start);
            if found.is_none()
                && let Some(status) = self.ended()
            {
                panic!("the program ended ({status}) before it said {start:?}:\n{}", self.said());
            }
            found
        })
    }

    /// The rest of the first line that starts with `start`.
    pub fn line(&self, start: &str) -> Option<String> {
        self.said().lines().find_map(|line| line.strip_prefix(start)).map(|rest| rest.trim().to_owned())
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked how it is")
    }

    /// Asks it to end in an orderly way.
    pub fn terminate(&self) {
        signal(self.id(), Signal::TERM);
    }

    /// Kills it at once, without a chance to clean up.
    pub fn kill(&self) {
        signal(self.id(), Signal::KILL);
    }

    /// Suspends it until [`Process::resume`].
    pub fn pause(&self) {
        signal(self.id(), Signal::STOP);
    }

    /// Resumes it after a pause.
    pub fn resume(&self) {
        signal(self.id(), Signal::CONT);
    }

    /// Waits until it has ended and all its output is read.
    ///
    /// # Panics
    ///
    /// When it has not ended within `limit`.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let status = wait_for("the end of a program", limit, || self.ended());
        // A grandchild may hold the pipe open: its later output is not this program's.
        for reader in self.readers.drain(..).filter(JoinHandle::is_finished) {
            reader.join().expect("the reader of a pipe does not panic");
        }
        status
    }

    /// A value in bytes of `/proc/PID/status`: `VmRSS` is current, `VmHWM` the peak.
    ///
    /// # Panics
    ///
    /// When the process has ended.
    pub fn memory(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).expect("the process runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let figure = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        figure.unwrap_or_else(|| panic!("{name} is not a figure of a process")) * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().and_then(|()| self.child.wait()).expect("an own child can be killed");
        }
    }
}

/// Sends a signal to a process that a test started, if it still runs.
pub(crate) fn signal(id: u32, signal: Signal) {
    let pid =
        i32::try_from(id).ok().and_then(Pid::from_raw).expect("a process id is a small positive number");
    // An error means that it is gone already, which is the purpose of the signal.
    kill_process(pid, signal).unwrap_or_default();
}

/// Kills what a killed program left behind: processes with its temporary folder as argument or current
/// folder.
pub(crate) fn end_those_in(folder: &Path) {
    for (id, _) in those_in(folder) {
        signal(id, Signal::KILL);
    }
}

/// The processes with a folder as argument or current folder, with their command lines.
pub(crate) fn those_in(folder: &Path) -> Vec<(u32, String)> {
    let name = folder.to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&words).replace('\0', " ");
        let place = fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        if id != std::process::id() && (words.contains(&name) || place.starts_with(folder)) {
            found.push((id, words));
        }
    }
    found
}

fn keep(pipe: impl Read + Send + 'static, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&String::from_utf8_lossy(&line));
            said.push('\n');
        }
    })
}
