//! Following a log while it grows.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
};

use super::{
    errors::{ErrorMark, ErrorScanner},
    open_if_there,
    page::{self, LogPart, LogPosition},
    terminal::{LogRow, REACH, Terminal},
};

/// Bytes that are read for one message.
const MOST_READ: usize = 256 << 10;
/// Lines in one message.
const MOST_LINES: usize = 1_000;
/// A reader that is further behind is shown the end of the log instead.
const MOST_BEHIND: u64 = 1 << 20;
/// Rows of the end that it is shown.
const ROWS_OF_END: usize = 500;

/// What a reader of a log has to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogNews {
    /// New rows, and rows to replace: those with the same number.
    Rows(Vec<LogRow>),
    /// These rows instead of all others.
    End(Vec<LogRow>),
}

/// A reader's place in a log.
#[derive(Debug)]
pub struct LogFollower {
    path: PathBuf,
    terminal: Terminal,
    /// Before the first row that the terminal has.
    scanner: ErrorScanner,
    /// How the terminal's rows were marked when the reader got them.
    told: HashMap<u64, ErrorMark>,
    offset: u64,
    line_offset: u64,
    /// Whether the reader needs all rows again.
    is_lost: bool,
}

impl LogFollower {
    pub(super) fn new(path: PathBuf, from: LogPosition) -> Self {
        let (offset, number, is_lost) = match from {
            LogPosition::Line { offset, number } => (offset, number, false),
            LogPosition::Redraw => (0, 1, true),
        };
        Self {
            path,
            terminal: Terminal::new(number),
            scanner: ErrorScanner::default(),
            told: HashMap::new(),
            offset,
            line_offset: offset,
            is_lost,
        }
    }

    /// Where another follower could go on.
    pub fn position(&self) -> LogPosition {
        if self.is_lost || self.terminal.is_drawing_over() {
            LogPosition::Redraw
        } else {
            LogPosition::Line { offset: self.line_offset, number: self.terminal.line() }
        }
    }

    /// What is new; `None`: nothing yet.
    pub(super) fn read(&mut self) -> io::Result<Option<LogNews>> {
        let Some(mut file) = open_if_there(&self.path)? else { return Ok(None) };
        let total = file.metadata()?.len();
        if self.is_lost || total < self.offset || total - self.offset > MOST_BEHIND {
            return self.read_end().map(Some);
        }
        let Some(bytes) = self.read_more(&mut file)? else { return Ok(None) };
        self.terminal.feed(&bytes);
        let news = self.changed_rows();
        Ok((!news.is_empty()).then_some(LogNews::Rows(news)))
    }

    /// Bytes after those that were read, up to the end of a line if there are many lines.
    fn read_more(&mut self, file: &mut File) -> io::Result<Option<Vec<u8>>> {
        file.seek(SeekFrom::Start(self.offset))?;
        let mut bytes = Vec::new();
        file.take(MOST_READ as u64).read_to_end(&mut bytes)?;
        if let Some(end) = memchr::memchr_iter(b'\n', &bytes).nth(MOST_LINES - 1) {
            bytes.truncate(end + 1);
        }
        if let Some(last) = memchr::memrchr(b'\n', &bytes) {
            self.line_offset = self.offset + last as u64 + 1;
        }
        self.offset += bytes.len() as u64;
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    fn read_end(&mut self) -> io::Result<LogNews> {
        let end = page::read(&self.path, LogPart::End, ROWS_OF_END)?;
        self.terminal = end.terminal;
        self.scanner = ErrorScanner::default();
        self.told.clear();
        (self.offset, self.line_offset) = (end.offset, end.line_offset);
        self.is_lost = false;
        self.changed_rows();
        Ok(LogNews::End(end.page.rows))
    }

    /// The rows that changed, and those whose mark did because of what follows them.
    fn changed_rows(&mut self) -> Vec<LogRow> {
        let mut rows = self.terminal.rows();
        self.scanner.mark(&mut rows);
        let first_changed = self.terminal.take_changed();
        let forgotten = self.terminal.forget_above(REACH);
        for row in &rows[..forgotten] {
            self.scanner.take(&row.text());
        }
        let mut place = 0;
        rows.retain(|row| {
            let was = self.told.insert(row.number, row.error);
            let is_new = place >= first_changed || was != Some(row.error);
            place += 1;
            is_new
        });
        let first_known = self.terminal.first_number();
        self.told.retain(|number, _| *number >= first_known);
        rows
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::log::tests::log;

    struct Reader {
        follower: LogFollower,
        rows: std::collections::BTreeMap<u64, LogRow>,
    }

    impl Reader {
        fn new(path: &std::path::Path, from: LogPosition) -> Self {
            Self {
                follower: LogFollower::new(path.to_owned(), from),
                rows: std::collections::BTreeMap::new(),
            }
        }

        /// Draws all news as a page does; returns the numbers of the rows that were drawn.
        fn draw(&mut self) -> Vec<u64> {
            let mut drawn = Vec::new();
            while let Some(news) = self.follower.read().expect("readable") {
                let rows = match news {
                    LogNews::Rows(rows) => rows,
                    LogNews::End(rows) => {
                        self.rows.clear();
                        rows
                    }
                };
                drawn.extend(rows.iter().map(|row| row.number));
                self.rows.extend(rows.into_iter().map(|row| (row.number, row)));
            }
            drawn
        }

        fn texts(&self) -> Vec<String> {
            self.rows.values().map(LogRow::text).collect()
        }
    }

    fn append(path: &std::path::Path, text: &str) {
        let file = std::fs::OpenOptions::new().append(true).open(path);
        file.expect("there").write_all(text.as_bytes()).expect("written");
    }

    #[test]
    fn a_bar_is_drawn_again_and_again_on_its_row() {
        let (_folder, path) = log(b"start\n");
        let mut reader = Reader::new(&path, LogPosition::START);
        assert_eq!(reader.draw(), [1]);
        for step in ["\r10%", "\r20%", "\r30%"] {
            append(&path, step);
            assert_eq!(reader.draw(), [2]);
        }
        assert_eq!(reader.texts(), ["start", "30%"]);
        append(&path, "\nend");
        assert_eq!(reader.draw(), [2, 3]);
    }

    #[test]
    fn a_reader_that_comes_back_goes_on_where_it_was() {
        let (_folder, path) = log(b"one\ntw");
        let mut reader = Reader::new(&path, LogPosition::START);
        reader.draw();
        let position = reader.follower.position();
        assert_eq!(position, LogPosition::Line { offset: 4, number: 2 });
        append(&path, "o\nthree\n");
        reader.follower = LogFollower::new(path.clone(), position);
        assert_eq!(reader.draw(), [2, 3]);
        assert_eq!(reader.texts(), ["one", "two", "three"]);
    }

    #[test]
    fn a_reader_that_comes_back_to_nested_bars_gets_them_again() {
        let (_folder, path) = log(b"start\nouter 1\ninner 1\x1b[A\router 2\ninner 2\x1b[A");
        let mut reader = Reader::new(&path, LogPosition::START);
        reader.draw();
        assert_eq!(reader.texts(), ["start", "outer 2", "inner 2"]);
        let position = reader.follower.position();
        assert_eq!(position, LogPosition::Redraw);
        append(&path, "\router 3\n\nend\n");
        reader.follower = LogFollower::new(path.clone(), position);
        reader.draw();
        assert_eq!(reader.texts(), ["start", "outer 3", "inner 2", "end"]);
    }

    #[test]
    fn a_reader_that_is_far_behind_is_shown_the_end() {
        let (_folder, path) = log("a line of the log\n".repeat(100_000).as_bytes());
        let mut reader = Reader::new(&path, LogPosition::START);
        assert_eq!(reader.draw().len(), ROWS_OF_END);
        assert_eq!(reader.rows.keys().next_back(), Some(&100_000));
        append(&path, "last\n");
        assert_eq!(reader.draw(), [100_001]);
    }

    #[test]
    fn many_lines_come_in_several_messages() {
        let (_folder, path) = log("x\n".repeat(2_500).as_bytes());
        let mut follower = LogFollower::new(path, LogPosition::START);
        let mut counts = Vec::new();
        while let Some(LogNews::Rows(rows)) = follower.read().expect("readable") {
            counts.push(rows.len());
        }
        assert_eq!(counts, [1_000, 1_000, 500]);
    }

    #[test]
    fn an_error_is_marked_when_its_lines_have_come() {
        let (_folder, path) =
            log(b"Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 1\n");
        let mut reader = Reader::new(&path, LogPosition::START);
        reader.draw();
        append(&path, "\n");
        assert_eq!(reader.draw(), [4]);
        append(&path, "During handling of the above exception, another exception occurred:\n");
        assert_eq!(reader.draw(), [4, 5], "the empty line belongs to it after all");
        let marks: Vec<_> = reader.rows.values().map(|row| row.error).collect();
        assert_eq!(marks[0], ErrorMark::First);
        assert!(marks[1..].iter().all(|mark| *mark == ErrorMark::More), "{marks:?}");
    }
}
