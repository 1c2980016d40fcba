//! A task's log, read in pieces: by byte while it grows, by line for links.

mod marks;

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use hearth_core::{Error, Kind, Result};
use hearth_runner::record::Record;

use crate::{App, record, task::TaskAccess};

/// Bytes of a log from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPiece {
    pub offset: u64,
    pub bytes: Vec<u8>,
    /// Where the log ended when this was read.
    pub total_bytes: u64,
}

impl LogPiece {
    /// Where the next piece begins.
    pub fn next_offset(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

/// Lines of a log, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLines {
    pub first_line: u64,
    /// Without line ends; bytes that are not UTF-8 are replaced.
    pub lines: Vec<String>,
    /// Where the last of these lines ends: the place from which to follow.
    pub next_offset: u64,
    pub total_bytes: u64,
    /// There are lines after these.
    pub has_more: bool,
}

/// Bytes of one piece at most.
pub const LARGEST_PIECE: u64 = 1 << 20;
/// Longer lines are cut when shown; the download has them whole.
const LONGEST_LINE: usize = 16 << 10;

/// The file of a node's log, for a download. None before the first byte.
pub fn file(app: &App, task: &TaskAccess, attempt: i64, node: u32) -> Result<Option<PathBuf>> {
    let path = open(app, task, attempt)?.log_path(node);
    Ok(path.exists().then_some(path))
}

/// At most [`LARGEST_PIECE`] bytes from `offset` on. Beyond the end: nothing, and where the end is.
pub async fn read(app: &App, task: &TaskAccess, attempt: i64, node: u32, offset: u64) -> Result<LogPiece> {
    let path = open(app, task, attempt)?.log_path(node);
    record::blocking(move || read_bytes(&path, offset, LARGEST_PIECE)).await
}

/// `count` lines from line `first` on.
pub async fn lines(
    app: &App,
    task: &TaskAccess,
    attempt: i64,
    node: u32,
    first: u64,
    count: usize,
) -> Result<LogLines> {
    let path = open(app, task, attempt)?.log_path(node);
    record::blocking(move || read_lines(&path, first.max(1), count)).await
}

/// The last `count` lines.
pub async fn tail(app: &App, task: &TaskAccess, attempt: i64, node: u32, count: usize) -> Result<LogLines> {
    let path = open(app, task, attempt)?.log_path(node);
    record::blocking(move || {
        let total = count_lines(&path)?;
        read_lines(&path, total.saturating_sub(count as u64) + 1, count)
    })
    .await
}

/// The record of an attempt that the task has had; asking for another is a mistake of the caller.
fn open(app: &App, task: &TaskAccess, attempt: i64) -> Result<Record> {
    if attempt < 1 || attempt > task.task().attempts {
        return Err(Error::NotFound(Kind::Log));
    }
    record::open(app, task.id(), attempt)
}

fn read_bytes(path: &Path, offset: u64, most: u64) -> io::Result<LogPiece> {
    let Some(mut file) = open_if_there(path)? else {
        return Ok(LogPiece { offset: 0, bytes: Vec::new(), total_bytes: 0 });
    };
    let total_bytes = file.metadata()?.len();
    let offset = offset.min(total_bytes);
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(most.min(total_bytes - offset)).read_to_end(&mut bytes)?;
    Ok(LogPiece { offset, bytes, total_bytes })
}

fn read_lines(path: &Path, first: u64, count: usize) -> io::Result<LogLines> {
    let mut found =
        LogLines { first_line: first, lines: Vec::new(), next_offset: 0, total_bytes: 0, has_more: false };
    let Some(mut file) = open_if_there(path)? else { return Ok(found) };
    found.total_bytes = file.metadata()?.len();
    let start = marks::find(path, &mut file, first)?;
    found.next_offset = start.offset;
    file.seek(SeekFrom::Start(start.offset))?;
    let mut reader = BufReader::with_capacity(256 << 10, file);
    for _ in 0..start.skip {
        let skipped = reader.skip_until(b'\n')?;
        if skipped == 0 {
            return Ok(found);
        }
        found.next_offset += skipped as u64;
    }
    let mut line = Vec::new();
    while found.lines.len() < count {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(found);
        }
        found.next_offset += read as u64;
        found.lines.push(text(&line));
    }
    found.has_more = !reader.fill_buf()?.is_empty();
    Ok(found)
}

fn count_lines(path: &Path) -> io::Result<u64> {
    match open_if_there(path)? {
        Some(mut file) => marks::count(path, &mut file),
        None => Ok(0),
    }
}

/// What a terminal would show of a line: after a carriage return it is written over, as progress bars do.
fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let shown = line.rsplit(|&byte| byte == b'\r').next().unwrap_or(line);
    String::from_utf8_lossy(&shown[..shown.len().min(LONGEST_LINE)]).into_owned()
}

fn open_if_there(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("node-0.log");
        std::fs::write(&path, content).expect("written");
        (folder, path)
    }

    #[test]
    fn lines_are_found_by_number_and_followed_from_their_end() {
        let (_folder, path) = log(b"one\ntwo\r\nthree\nfour");
        let found = read_lines(&path, 2, 2).expect("readable");
        assert_eq!(found.lines, ["two", "three"]);
        assert_eq!((found.first_line, found.next_offset, found.has_more), (2, 15, true));
        assert_eq!(read_lines(&path, 4, 9).expect("readable").lines, ["four"]);
        assert_eq!(read_lines(&path, 9, 9).expect("readable").lines, [""; 0]);
        assert_eq!(count_lines(&path).expect("readable"), 4);
    }

    #[test]
    fn lines_of_a_large_log_are_found_by_their_marks() {
        use std::io::Write as _;

        let (_folder, path) = log(b"");
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("there");
        let mut number = 0_u64;
        for round in 0..3 {
            let mut more = Vec::new();
            for _ in 0..100_000 {
                number += 1;
                writeln!(more, "line {number} of a log that is long").expect("written");
            }
            file.write_all(&more).expect("written");
            assert_eq!(count_lines(&path).expect("readable"), number, "round {round}");
            for wanted in [1, 2, 29_999, 30_000, number / 2, number - 1, number] {
                let found = read_lines(&path, wanted, 1).expect("readable");
                assert_eq!(found.lines, [format!("line {wanted} of a log that is long")]);
                assert_eq!(found.has_more, wanted < number);
            }
        }
        file.write_all(b"open").expect("written");
        assert_eq!(count_lines(&path).expect("readable"), number + 1);
        let last = read_lines(&path, number + 1, 9).expect("readable");
        assert_eq!((last.lines, last.next_offset), (vec!["open".to_owned()], last.total_bytes));
    }

    #[test]
    fn a_progress_bar_is_shown_as_it_ended() {
        assert_eq!(text(b" 10%\r 50%\r100%\r\n"), "100%");
        assert_eq!(text(b"\xffx\n"), "\u{fffd}x");
    }

    #[test]
    fn a_piece_beyond_the_end_says_where_the_end_is() {
        let (_folder, path) = log(b"abc");
        assert_eq!(read_bytes(&path, 1, 9).expect("readable").bytes, b"bc");
        let beyond = read_bytes(&path, 9, 9).expect("readable");
        assert_eq!((beyond.offset, beyond.next_offset(), beyond.bytes.len()), (3, 3, 0));
        assert_eq!(read_bytes(Path::new("/nonexistent/log"), 5, 9).expect("no log yet").total_bytes, 0);
    }
}
