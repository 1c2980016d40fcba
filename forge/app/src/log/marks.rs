//! Where the lines of a large log are: the count of line ends at every megabyte, kept while the log is looked at. A log
//! only grows, so what was counted once stays right.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;

const BLOCK: u64 = 1 << 20;
const MOST_LOGS: u64 = 256;
const KEPT_FOR: Duration = Duration::from_mins(30);

static KNOWN: LazyLock<Cache<PathBuf, Arc<Mutex<Marks>>>> =
    LazyLock::new(|| Cache::builder().max_capacity(MOST_LOGS).time_to_idle(KEPT_FOR).build());

/// `ends[k]` line ends lie before byte `k` × [`BLOCK`]; only whole blocks are kept.
#[derive(Debug, Default)]
struct Marks {
    ends: Vec<u64>,
}

/// Where to begin to look for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) offset: u64,
    /// How many line ends to pass from there.
    pub(super) skip: u64,
}

/// The nearest mark before line `number`, counted from 1.
pub(super) fn find(path: &Path, file: &mut File, number: u64) -> io::Result<Start> {
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut marks = known.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = number.saturating_sub(1);
    marks.extend(file, Some(wanted))?;
    // A mark may lie inside a line, so at least one line end has to come after it.
    let block = marks.ends.partition_point(|ends| *ends < wanted).saturating_sub(1);
    let passed = marks.ends.get(block).copied().unwrap_or(0);
    Ok(Start { offset: block as u64 * BLOCK, skip: wanted.saturating_sub(passed) })
}

/// How many lines there are; a last one without its end counts.
pub(super) fn count(path: &Path, file: &mut File) -> io::Result<u64> {
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut marks = known.lock().unwrap_or_else(PoisonError::into_inner);
    let rest = marks.extend(file, None)?;
    let passed = marks.ends.last().copied().unwrap_or(0);
    let has_open_line =
        rest.last().is_some_and(|byte| *byte != b'\n') || (rest.is_empty() && marks.ends_open(file)?);
    Ok(passed + count_ends(&rest) + u64::from(has_open_line))
}

impl Marks {
    /// Counts whole blocks that are new, until `wanted` line ends are passed. Gives what lies after the last block.
    fn extend(&mut self, file: &mut File, wanted: Option<u64>) -> io::Result<Vec<u8>> {
        let total = file.metadata()?.len();
        if self.ends.is_empty() || (self.ends.len() as u64 - 1) * BLOCK > total {
            self.ends = vec![0];
        }
        let mut block = Vec::new();
        loop {
            let at = (self.ends.len() as u64 - 1) * BLOCK;
            let last = self.ends.last().copied().unwrap_or(0);
            if wanted.is_some_and(|wanted| last >= wanted) {
                return Ok(Vec::new());
            }
            block.clear();
            file.seek(SeekFrom::Start(at))?;
            file.take(BLOCK).read_to_end(&mut block)?;
            if (block.len() as u64) < BLOCK {
                return Ok(block);
            }
            self.ends.push(last + count_ends(&block));
        }
    }

    /// Whether the last whole block ends inside a line.
    fn ends_open(&self, file: &mut File) -> io::Result<bool> {
        let at = (self.ends.len() as u64).saturating_sub(1) * BLOCK;
        if at == 0 {
            return Ok(false);
        }
        let mut last = [0];
        file.seek(SeekFrom::Start(at - 1))?;
        file.read_exact(&mut last)?;
        Ok(last[0] != b'\n')
    }
}

fn count_ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
