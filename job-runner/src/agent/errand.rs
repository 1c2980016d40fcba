//! A short program behind the fence that is no part of the run: what it may use is bounded, and what it says is read.

use std::{
    fs, io,
    io::Read as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::sandbox::{Bounds, Fence, GateCommand, Plan};

/// What is run, and for how long it is waited for.
pub(super) struct Errand {
    pub(super) fence: Fence,
    pub(super) plan: Plan,
    pub(super) command: Vec<String>,
    /// A folder of its own for the options of the fence.
    pub(super) private: PathBuf,
    pub(super) bounds: Bounds,
    pub(super) patience: Duration,
    pub(super) hears: Hears,
}

/// Which of its words count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hears {
    Output,
    Complaints,
}

/// More of what it says is not read.
const LARGEST_ANSWER: u64 = 1 << 20;

impl Errand {
    /// Blocks until it has ended.
    pub(super) fn run(self) -> io::Result<(ExitStatus, String)> {
        fs::create_dir_all(&self.private)?;
        let (output, input) = io::pipe()?;
        let (stdout, stderr): (Stdio, Stdio) = match self.hears {
            Hears::Output => (input.into(), Stdio::null()),
            Hears::Complaints => (Stdio::null(), input.into()),
        };
        let command = GateCommand {
            fence: self.fence,
            plan: &self.plan,
            command: &self.command,
            private: &self.private,
        };
        let gate = command.start(stdout, stderr)?;
        gate.bound(self.bounds, None)?;
        gate.bound_errand(self.bounds, self.patience)?;
        let mut child = gate.open()?.child;
        let reader = std::thread::spawn(move || {
            let mut said = Vec::new();
            output.take(LARGEST_ANSWER).read_to_end(&mut said).map(|_| said)
        });
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if begun.elapsed() > self.patience {
                child.kill()?;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let said = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }
}
