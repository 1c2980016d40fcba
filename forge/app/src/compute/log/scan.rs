//! Going through a whole log, which may have gigabytes: in blocks of whole lines, within a budget of bytes
//! and time, and only while somebody waits for the answer.

use std::{
    fs::File,
    io::{self, Read as _},
    ops::ControlFlow,
    path::Path,
    sync::Weak,
    time::{Duration, Instant},
};

use super::open_if_there;

const BLOCK: usize = 1 << 20;

/// What one scan may cost.
#[derive(Clone, Debug)]
pub(super) struct ScanBudget {
    pub(super) bytes: u64,
    pub(super) time: Duration,
    /// Gone when nobody waits any more.
    pub(super) waiting: Weak<()>,
}

/// How far a scan came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    pub bytes: u64,
    /// The length of the log when the scan began.
    pub total_bytes: u64,
}

impl Scanned {
    /// Whether a part of the log was not looked at.
    pub const fn is_partial(&self) -> bool {
        self.bytes < self.total_bytes
    }
}

/// Calls `visit` with whole lines and the number of the first of them until it breaks off, the log ends, or
/// the budget is spent. A line that is longer than a block is visited up to there.
pub(super) fn scan(
    path: &Path,
    budget: &ScanBudget,
    mut visit: impl FnMut(&[u8], u64) -> ControlFlow<()>,
) -> io::Result<Scanned> {
    let Some(mut file) = open_if_there(path)? else { return Ok(Scanned::default()) };
    let mut scanned = Scanned { bytes: 0, total_bytes: file.metadata()?.len() };
    let started = Instant::now();
    let (mut block, mut line) = (Vec::with_capacity(BLOCK), 1);
    // Inside a line of which the beginning has been visited.
    let mut is_in_long_line = false;
    loop {
        let kept = block.len();
        let read = fill(&mut file, &mut block)?;
        if read == 0 {
            if !block.is_empty() && !is_in_long_line {
                let _ = visit(&block, line);
            }
            return Ok(scanned);
        }
        scanned.bytes += read as u64;
        let new_end = memchr::memrchr(b'\n', &block[kept..]).map(|place| kept + place + 1);
        let end = new_end.unwrap_or(if block.len() >= BLOCK { block.len() } else { 0 });
        let mut lines = &block[..end];
        if is_in_long_line {
            let rest = memchr::memchr(b'\n', lines).map_or(lines.len(), |place| place + 1);
            line += u64::from(rest > 0 && lines[rest - 1] == b'\n');
            lines = &lines[rest..];
        }
        if !lines.is_empty() && visit(lines, line).is_break() {
            return Ok(Scanned { bytes: scanned.total_bytes, ..scanned });
        }
        line += memchr::memchr_iter(b'\n', lines).count() as u64;
        if end > 0 {
            is_in_long_line = new_end.is_none();
        }
        block.drain(..end);
        let is_spent = scanned.bytes >= budget.bytes || started.elapsed() >= budget.time;
        if is_spent || budget.waiting.strong_count() == 0 {
            return Ok(scanned);
        }
    }
}

/// Fills the block up; returns the number of bytes that were added.
fn fill(file: &mut File, block: &mut Vec<u8>) -> io::Result<usize> {
    let room = BLOCK.saturating_sub(block.len()).max(BLOCK / 4);
    file.take(room as u64).read_to_end(block)
}
