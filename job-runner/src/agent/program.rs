use std::{
    io::{self, PipeReader, Read},
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::sync::oneshot;

use super::{
    measure::{Lines, Measurements},
    spool::Spool,
};
use crate::{
    process::{self, Process},
    sandbox::{Bounds, Cgroup, Fence, GateCommand, Opened, Plan},
};

/// What to start.
pub(crate) struct Launch {
    pub(crate) fence: Fence,
    pub(crate) plan: Plan,
    pub(crate) command: Vec<String>,
    pub(crate) bounds: Bounds,
    pub(crate) cgroup: Option<Arc<Cgroup>>,
    pub(crate) private: std::path::PathBuf,
}

/// A running program with everything it starts.
#[derive(Clone)]
pub(crate) struct Program {
    /// The outermost process: the sandbox if there is one, else the program.
    pid: u32,
    fence: Fence,
    /// The sandbox is then wrapped in a second one, which provides the network namespace.
    has_own_network: bool,
    cgroup: Option<Arc<Cgroup>>,
}

/// Resources that live as long as the program.
struct Started {
    program: Program,
    opened: Opened,
    reader: JoinHandle<()>,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Code(i32),
    Signal(i32),
}

/// Resolves when the program and everything it started have ended and all their output is stored.
pub(crate) type Ended = oneshot::Receiver<io::Result<End>>;

impl Launch {
    /// Starts the program on a thread of its own that lives as long as the program: the sandbox dies with
    /// that thread.
    pub(crate) async fn start(
        self,
        log: Arc<Spool>,
        measurements: Arc<Measurements>,
    ) -> io::Result<(Program, Ended)> {
        let (started, has_started) = oneshot::channel();
        let (ended, has_ended) = oneshot::channel();
        std::thread::Builder::new().name("program".to_owned()).spawn(move || {
            let begun = match self.start_here(log, measurements) {
                Ok(begun) => begun,
                Err(error) => return drop(started.send(Err(error))),
            };
            let _ = started.send(Ok(begun.program.clone()));
            let _ = ended.send(begun.attend());
        })?;
        let program = has_started.await.map_err(io::Error::other)??;
        Ok((program, has_ended))
    }

    fn start_here(self, log: Arc<Spool>, measurements: Arc<Measurements>) -> io::Result<Started> {
        let (output, input) = io::pipe()?;
        let also = input.try_clone()?;
        let command = GateCommand {
            fence: self.fence,
            plan: &self.plan,
            command: &self.command,
            private: &self.private,
        };
        let gate = command.start(input, also)?;
        gate.bound(self.bounds, self.cgroup.as_deref())?;
        let opened = gate.open()?;
        if let (Some(way), Some(cgroup)) = (&opened.way_out, &self.cgroup) {
            // The process that carries the task's connections counts as part of the task.
            cgroup.enter(way.pid())?;
        }
        let reader = std::thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || keep_output(output, &log, &measurements))?;
        let program = Program {
            pid: opened.child.id(),
            fence: self.fence,
            has_own_network: opened.way_out.is_some(),
            cgroup: self.cgroup,
        };
        Ok(Started { program, opened, reader })
    }
}

impl Started {
    fn attend(self) -> io::Result<End> {
        let Opened { mut child, way_out } = self.opened;
        let status = child.wait()?;
        drop(way_out);
        // Leftover background processes end with their program, which closes the pipe.
        self.program.kill();
        let _ = self.reader.join();
        Ok(self.program.end_of(status))
    }
}

impl Program {
    fn end_of(&self, status: ExitStatus) -> End {
        match (status.code(), status.signal()) {
            // Bubblewrap reports a signal inside the way a shell does.
            (Some(code @ 129..=192), _) if self.fence == Fence::Bubblewrap => End::Signal(code - 128),
            (Some(code), _) => End::Code(code),
            (None, signal) => End::Signal(signal.unwrap_or(0)),
        }
    }

    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// The processes of the task, including those of the sandbox.
    pub(crate) fn processes(&self) -> Vec<Process> {
        match self.fence {
            // Orphans are re-parented to the agent, so they are still found below it.
            Fence::None | Fence::Container => process::descendants(std::process::id()),
            Fence::Bubblewrap => {
                process::find(self.pid).into_iter().chain(process::descendants(self.pid)).collect()
            }
        }
    }

    /// Sends SIGTERM to the program and its process group. While the sandbox is being set up, it waits for
    /// the program.
    pub(crate) async fn terminate(&self) {
        let main = loop {
            match self.main() {
                Some(main) => break main,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let Some(pid) = to_pid(main.pid) else { return };
        // Inside the sandbox the group leader is the sandbox's own init process, which ignores SIGTERM.
        let _ = match to_pid(main.group).filter(|group| *group != rustix::process::getpgrp()) {
            Some(group) => kill_process_group(group, Signal::TERM),
            None => kill_process(pid, Signal::TERM),
        };
    }

    /// Kills everything, now.
    pub(crate) fn kill(&self) {
        if self.fence == Fence::Bubblewrap {
            // The init process inside dies with the sandbox, and everything inside dies with the init
            // process.
            if let Some(pid) = to_pid(self.pid) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            let mut living: Vec<u32> = self
                .processes()
                .into_iter()
                .filter(|process| !process.is_zombie)
                .map(|process| process.pid)
                .collect();
            living.extend(self.cgroup.as_ref().map(|cgroup| cgroup.members()).unwrap_or_default());
            if living.is_empty() {
                return;
            }
            for pid in living.into_iter().filter_map(to_pid) {
                let _ = kill_process(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The process that runs the command: below each sandbox process and the init process inside.
    fn main(&self) -> Option<Process> {
        let below = match (self.fence, self.has_own_network) {
            (Fence::Container | Fence::None, _) => return process::find(self.pid),
            (Fence::Bubblewrap, false) => 2,
            (Fence::Bubblewrap, true) => 3,
        };
        let all = process::descendants(self.pid);
        let child_of = |pid: u32| all.iter().find(|process| process.parent == pid);
        let pid = (0..below).try_fold(self.pid, |pid, _| Some(child_of(pid)?.pid))?;
        all.into_iter().find(|process| process.pid == pid)
    }
}

fn to_pid(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

/// Output goes to the disk first, and is sent from there.
fn keep_output(mut output: PipeReader, log: &Spool, measurements: &Measurements) {
    let mut lines = Lines::default();
    let mut piece = vec![0; 64 << 10];
    let (mut is_full, mut lost) = (false, 0);
    while let Ok(count @ 1..) = output.read(&mut piece) {
        let new = &piece[..count];
        lines.push(new, measurements);
        if is_full {
            continue;
        }
        if lost > 0
            && log
                .append(format!("\n[hearth] {lost} bytes are not kept: the disk was full\n").as_bytes())
                .is_ok()
        {
            lost = 0;
        }
        match log.append(new) {
            Ok(true) => {}
            Ok(false) => {
                is_full = true;
                say(log, "the log has reached its limit; what follows is not kept");
            }
            // Space may become available again, and later output is just as valuable.
            Err(error) => {
                if lost == 0 {
                    tracing::warn!(error = &error as &dyn std::error::Error, "the log cannot be kept");
                }
                lost += count;
            }
        }
    }
    lines.end(measurements);
}

/// Writes a platform message to the program's log.
pub(crate) fn say(log: &Spool, what: &str) {
    if let Err(error) = log.append_last(format!("[hearth] {what}\n").as_bytes()) {
        tracing::warn!(error = &error as &dyn std::error::Error, what, "a line could not be kept");
    }
}

impl End {
    pub(crate) const fn code(self) -> Option<i32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Signal(_) => None,
        }
    }

    pub(crate) fn signal(self) -> Option<String> {
        let Self::Signal(number) = self else { return None };
        let name = match number {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            4 => "SIGILL",
            5 => "SIGTRAP",
            6 => "SIGABRT",
            7 => "SIGBUS",
            8 => "SIGFPE",
            9 => "SIGKILL",
            10 => "SIGUSR1",
            11 => "SIGSEGV",
            12 => "SIGUSR2",
            13 => "SIGPIPE",
            14 => "SIGALRM",
            15 => "SIGTERM",
            24 => "SIGXCPU",
            25 => "SIGXFSZ",
            31 => "SIGSYS",
            other => return Some(format!("SIG{other}")),
        };
        Some(name.to_owned())
    }
}
