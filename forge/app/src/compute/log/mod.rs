//! Reading a task's log: by byte and by line for programs, as a terminal shows it for people, and as a whole
//! to search it. Everything is bounded: a log may have gigabytes, and a line may be as long as the log.

mod errors;
mod follow;
mod line_index;
mod lines;
mod page;
mod scan;
mod search;
mod terminal;

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use hearth_core::{Error, Kind, Result};
use hearth_runner::record::Record;

use self::lines::{LineReader, MOST_READ, MOST_TEXT};
pub(crate) use self::search::LogScans;
pub use self::{
    errors::ErrorMark,
    follow::{LogFollower, LogNews},
    lines::{LONGEST_LINE, LogLine},
    page::{LogPage, LogPart, LogPosition},
    scan::Scanned,
    search::{LONGEST_QUERY, LogSearch, first_error, search},
    terminal::{Emphasis, Hue, LogRow, Span, Style},
};
use crate::{App, record, task::TaskAccess};

/// Bytes of a log from an offset on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPiece {
    pub offset: u64,
    pub bytes: Vec<u8>,
    /// The length of the log when this was read.
    pub total_bytes: u64,
}

impl LogPiece {
    /// Where the next piece begins.
    pub fn next_offset(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }
}

/// Lines of a log, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLines {
    pub first_line: u64,
    /// Fewer than requested if they are long.
    pub lines: Vec<LogLine>,
    pub total_bytes: u64,
    /// Whether more lines follow.
    pub has_more: bool,
}

/// Maximum bytes of one piece.
pub const LARGEST_PIECE: u64 = 1 << 20;

/// The file of a node's log, for a download. `None` before the first byte.
pub fn file(app: &App, task: &TaskAccess, attempt: i64, node: u32) -> Result<Option<PathBuf>> {
    let path = open(app, task, attempt)?.log_path(node);
    Ok(path.exists().then_some(path))
}

/// At most [`LARGEST_PIECE`] bytes from `offset` on. Beyond the end: an empty piece at the end.
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
    record::blocking(move || read_tail(&path, count)).await
}

/// At most `count` lines of a part of a node's log, as a terminal shows them.
pub async fn page(
    app: &App,
    task: &TaskAccess,
    (attempt, node): (i64, u32),
    part: LogPart,
    count: usize,
) -> Result<LogPage> {
    let path = open(app, task, attempt)?.log_path(node);
    record::blocking(move || Ok(page::read(&path, part, count)?.page)).await
}

/// Follows a node's log from a position on.
pub fn follow(
    app: &App,
    task: &TaskAccess,
    (attempt, node): (i64, u32),
    from: LogPosition,
) -> Result<LogFollower> {
    Ok(LogFollower::new(open(app, task, attempt)?.log_path(node), from))
}

/// What is new to a follower, if anything is, and the follower behind it.
pub async fn news(mut follower: LogFollower, _: &TaskAccess) -> Result<(LogFollower, Option<LogNews>)> {
    record::blocking(move || {
        let news = follower.read()?;
        Ok((follower, news))
    })
    .await
}

/// The record of an attempt; `NotFound` if the task has had no such attempt.
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
    let mut found = LogLines { first_line: first, ..LogLines::default() };
    let Some(file) = open_if_there(path)? else { return Ok(found) };
    found.total_bytes = file.metadata()?.len();
    let mut walk = LineReader::at_line(path, file, first)?;
    let mut text_bytes = 0;
    while found.lines.len() < count && text_bytes < MOST_TEXT && !walk.is_over_budget() {
        let Some(next) = walk.next()? else { return Ok(found) };
        found.lines.push(walk.line(&next));
        text_bytes += found.lines.last().map_or(0, |line| line.text.len());
    }
    found.has_more = !walk.is_at_end()?;
    Ok(found)
}

fn read_tail(path: &Path, count: usize) -> io::Result<LogLines> {
    let Some(mut file) = open_if_there(path)? else {
        return Ok(LogLines { first_line: 1, ..LogLines::default() });
    };
    let total_bytes = file.metadata()?.len();
    let first_line = line_index::tail_line(path, &mut file, count as u64, MOST_READ / 2)?;
    let mut found = LogLines { first_line, total_bytes, ..LogLines::default() };
    let mut walk = LineReader::at_line(path, file, first_line)?;
    let (mut kept, mut text_bytes) = (VecDeque::new(), 0);
    while !walk.is_over_budget()
        && let Some(next) = walk.next()?
    {
        let line = walk.line(&next);
        text_bytes += line.text.len();
        kept.push_back(line);
        while kept.len() > count || text_bytes > MOST_TEXT && kept.len() > 1 {
            text_bytes -= kept.pop_front().map_or(0, |line| line.text.len());
            found.first_line += 1;
        }
    }
    found.lines = kept.into();
    found.has_more = !walk.is_at_end()?;
    Ok(found)
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

    pub(super) fn log(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("node-0.log");
        std::fs::write(&path, content).expect("written");
        (folder, path)
    }

    fn texts(found: &LogLines) -> Vec<&str> {
        found.lines.iter().map(|line| line.text.as_str()).collect()
    }

    fn count_lines(path: &Path) -> u64 {
        line_index::count(path, &mut File::open(path).expect("there")).expect("readable")
    }

    #[test]
    fn lines_are_found_by_number_and_followed_from_their_end() {
        let (_folder, path) = log(b"one\ntwo\r\nthree\nfour");
        let found = read_lines(&path, 2, 2).expect("readable");
        assert_eq!(texts(&found), ["two", "three"]);
        assert_eq!((found.first_line, found.has_more), (2, true));
        let last = read_lines(&path, 4, 9).expect("readable");
        assert_eq!((texts(&last), last.has_more), (vec!["four"], false));
        assert!(read_lines(&path, 9, 9).expect("readable").lines.is_empty());
        assert_eq!(count_lines(&path), 4);
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
            assert_eq!(count_lines(&path), number, "round {round}");
            for wanted in [1, 2, 29_999, 30_000, number / 2, number - 1, number] {
                let found = read_lines(&path, wanted, 1).expect("readable");
                assert_eq!(texts(&found), [format!("line {wanted} of a log that is long")]);
                assert_eq!(found.has_more, wanted < number);
            }
        }
        file.write_all(b"open").expect("written");
        assert_eq!(count_lines(&path), number + 1);
        let last = read_lines(&path, number + 1, 9).expect("readable");
        assert_eq!((texts(&last), last.has_more), (vec!["open"], false));
        let tail = read_tail(&path, 3).expect("readable");
        assert_eq!((tail.first_line, tail.lines.len(), tail.has_more), (number - 1, 3, false));
    }

    /// A line of 40 MiB between short ones, and an unfinished line after them.
    fn log_with_a_long_line() -> (tempfile::TempDir, PathBuf) {
        let mut content = b"before\n".to_vec();
        content.resize(content.len() + (40 << 20), b'x');
        content.extend(b"\nafter\nlast\n");
        content.resize(content.len() + (3 << 20), b'y');
        log(&content)
    }

    #[test]
    fn a_line_of_many_megabytes_is_cut_with_a_mark() {
        let (_folder, path) = log_with_a_long_line();
        let found = read_lines(&path, 1, 100).expect("readable");
        let lengths: Vec<(usize, u64)> =
            found.lines.iter().map(|line| (line.text.len(), line.left_out_bytes)).collect();
        let cut = |bytes: u64| (LONGEST_LINE, bytes - LONGEST_LINE as u64);
        assert_eq!(lengths, [(6, 0), cut(40 << 20), (5, 0), (4, 0), cut(3 << 20)]);
        assert!(!found.has_more);
        assert_eq!(texts(&read_lines(&path, 3, 1).expect("readable")), ["after"]);
    }

    #[test]
    fn the_end_of_a_log_is_shown_whatever_lies_before_it() {
        let (_folder, path) = log_with_a_long_line();
        let found = read_tail(&path, 100).expect("readable");
        assert_eq!(found.first_line + found.lines.len() as u64, 6);
        assert!(!found.has_more);
        assert_eq!(found.lines.last().map(|line| line.text.as_bytes()[0]), Some(b'y'));
    }

    #[test]
    fn an_answer_of_long_lines_has_fewer_of_them() {
        let content = format!("{}\n", "z".repeat(LONGEST_LINE)).repeat(1_000);
        let (_folder, path) = log(content.as_bytes());
        let found = read_lines(&path, 1, 1_000).expect("readable");
        let bytes: usize = found.lines.iter().map(|line| line.text.len()).sum();
        assert!(bytes <= MOST_TEXT + LONGEST_LINE && found.has_more, "{bytes}");
        let next = read_lines(&path, found.lines.len() as u64 + 1, 1_000).expect("readable");
        assert_eq!(next.first_line, found.lines.len() as u64 + 1);
        let tail = read_tail(&path, 1_000).expect("readable");
        assert_eq!(tail.first_line + tail.lines.len() as u64, 1_001);
        assert!(tail.lines.len() < 200 && !tail.has_more);
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
