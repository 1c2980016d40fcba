//! A short helper program in the sandbox, outside the actual run: its resources are bounded, and its output
//! is read.

use std::{
    fs, io,
    io::Read as _,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::sandbox::{Bounds, Fence, GateCommand, Plan};

/// What to run, and how long to wait for it.
pub(super) struct HelperProcess {
    pub(super) fence: Fence,
    pub(super) plan: Plan,
    pub(super) command: Vec<String>,
    /// A private folder for the options of the sandbox.
    pub(super) private: PathBuf,
    pub(super) bounds: Bounds,
    pub(super) patience: Duration,
    pub(super) output_stream: OutputStream,
}

/// Which output stream is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputStream {
    Stdout,
    Stderr,
}

/// Output beyond this is not read.
const LARGEST_ANSWER: u64 = 1 << 20;

impl HelperProcess {
    /// Runs it to its end. Blocks.
    pub(super) fn run(self) -> io::Result<(ExitStatus, String)> {
        fs::create_dir_all(&self.private)?;
        let (output, input) = io::pipe()?;
        let (stdout, stderr): (Stdio, Stdio) = match self.output_stream {
            OutputStream::Stdout => (input.into(), Stdio::null()),
            OutputStream::Stderr => (Stdio::null(), input.into()),
        };
        let command = GateCommand {
            fence: self.fence,
            plan: &self.plan,
            command: &self.command,
            private: &self.private,
        };
        let gate = command.start(stdout, stderr)?;
        gate.bound(self.bounds, None)?;
        gate.limit_helper(self.bounds, self.patience)?;
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
