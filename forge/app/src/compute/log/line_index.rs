//! An index of the lines of large logs: the number of line endings at every megabyte, cached while the log is
//! being viewed. A log only grows, so what was counted once stays valid.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;

const BLOCK: u64 = 1 << 20;
const BUFFER: usize = 64 << 10;
const MOST_LOGS: u64 = 256;
const KEPT_FOR: Duration = Duration::from_mins(30);

static KNOWN: LazyLock<Cache<PathBuf, Arc<Mutex<LineIndex>>>> =
    LazyLock::new(|| Cache::builder().max_capacity(MOST_LOGS).time_to_idle(KEPT_FOR).build());

/// `ends[k]` line endings are before byte `k` × [`BLOCK`]; only whole blocks are counted.
#[derive(Debug, Default)]
struct LineIndex {
    ends: Vec<u64>,
}

/// The offset at which line `number` begins, counted from 1; `None` if there are fewer lines.
pub(super) fn find(path: &Path, file: &mut File, number: u64) -> io::Result<Option<u64>> {
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut index = known.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(wanted) = number.checked_sub(1).filter(|wanted| *wanted > 0) else { return Ok(Some(0)) };
    index.extend(file, Some(wanted))?;
    // The block in which the line ending before the line is.
    let block = index.ends.partition_point(|ends| *ends < wanted).saturating_sub(1);
    let passed = index.ends.get(block).copied().unwrap_or(0);
    let offset = block as u64 * BLOCK;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(BLOCK).read_to_end(&mut bytes)?;
    let skip = usize::try_from(wanted - passed).unwrap_or(usize::MAX);
    let end = memchr::memchr_iter(b'\n', &bytes).nth(skip - 1);
    Ok(end.map(|place| offset + place as u64 + 1))
}

/// The number of lines; an unfinished last one counts.
pub(super) fn count(path: &Path, file: &mut File) -> io::Result<u64> {
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut index = known.lock().unwrap_or_else(PoisonError::into_inner);
    let rest = index.extend(file, None)?;
    let passed = index.ends.last().copied().unwrap_or(0);
    let has_open_line =
        rest.last().is_some_and(|byte| *byte != b'\n') || (rest.is_empty() && index.ends_open(file)?);
    Ok(passed + count_ends(&rest) + u64::from(has_open_line))
}

/// The offset after the first line ending at or after `from`; `None` while that line is unfinished. Of a line
/// that is longer than a block, only the first and the last block are read.
pub(super) fn line_end(path: &Path, file: &mut File, from: u64) -> io::Result<Option<u64>> {
    let block = from / BLOCK + 1;
    if let Some(end) = find_end(file, from, block * BLOCK)? {
        return Ok(Some(end));
    }
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut index = known.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(passed) = index.ends_before(file, block)? else { return Ok(None) };
    index.extend(file, Some(passed + 1))?;
    let with_end = index.ends.partition_point(|ends| *ends <= passed);
    let last = with_end.saturating_sub(1) as u64;
    find_end(file, last * BLOCK, (last + 1) * BLOCK)
}

/// The line with which the last `count` lines begin; a later one if they are longer than `bytes` together, so
/// that long lines do not cost more than short ones.
pub(super) fn tail_line(path: &Path, file: &mut File, count: u64, bytes: u64) -> io::Result<u64> {
    let total_lines = self::count(path, file)?;
    let total_bytes = file.metadata()?.len();
    let within = line_within(path, file, total_bytes, bytes)?.min(total_lines);
    Ok((total_lines + 1).saturating_sub(count).max(within).max(1))
}

/// The number of a line that begins in the last `bytes` of a log of `total` bytes, near their start; 1 if the
/// whole log fits in them.
fn line_within(path: &Path, file: &mut File, total: u64, bytes: u64) -> io::Result<u64> {
    let Some(skipped) = total.checked_sub(bytes).filter(|skipped| *skipped > 0) else { return Ok(1) };
    let known = KNOWN.get_with_by_ref(path, Arc::default);
    let mut index = known.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(passed) = index.ends_before(file, skipped.div_ceil(BLOCK))? else { return Ok(1) };
    // The mark may be inside a line; the next line begins after the mark.
    Ok(passed + 2)
}

fn find_end(file: &mut File, from: u64, to: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(BUFFER, file.take(to.saturating_sub(from)));
    let mut at = from;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(None);
        }
        if let Some(place) = memchr::memchr(b'\n', piece) {
            return Ok(Some(at + place as u64 + 1));
        }
        let length = piece.len();
        at += length as u64;
        reader.consume(length);
    }
}

impl LineIndex {
    /// The number of line endings before a block; `None` if the log ends before it.
    fn ends_before(&mut self, file: &mut File, block: u64) -> io::Result<Option<u64>> {
        let place = usize::try_from(block).unwrap_or(usize::MAX);
        while self.ends.len() <= place {
            let (count, last) = (self.ends.len(), self.ends.last().copied().unwrap_or(0));
            self.extend(file, Some(last + 1))?;
            if self.ends.len() == count {
                return Ok(None);
            }
        }
        Ok(self.ends.get(place).copied())
    }

    /// Counts new whole blocks until `wanted` line endings are passed. Returns what follows the last block.
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
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
