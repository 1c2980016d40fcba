//! A bounded part of a log, as a terminal would show it.

use std::{fmt, io, path::Path, str::FromStr};

use super::{
    errors::ErrorScanner,
    line_index,
    lines::{LineReader, MOST_READ},
    open_if_there,
    terminal::{LogRow, Terminal},
};

/// Characters of all rows of one part.
const MOST_TEXT: usize = 256 << 10;

/// Which part of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPart {
    /// From this line on, counted from 1.
    From(u64),
    End,
}

/// Rows of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// Fewer than requested if they are long.
    pub rows: Vec<LogRow>,
    /// The line that the first row begins with.
    pub first_line: u64,
    /// The line after the last row.
    pub next_line: u64,
    /// Whether more lines follow.
    pub has_more: bool,
    /// Where whoever has these rows goes on.
    pub end: LogPosition,
}

/// From where a log is followed. Written as `OFFSET-LINE`, or `redraw`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPosition {
    /// At the beginning of a line: its offset in bytes and its number.
    Line { offset: u64, number: u64 },
    /// The program is drawing over what it wrote, so that the rows have to be told again.
    Redraw,
}

impl LogPosition {
    /// Before the first line.
    pub const START: Self = Self::Line { offset: 0, number: 1 };
}

impl Default for LogPosition {
    fn default() -> Self {
        Self::START
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { offset, number } => write!(formatter, "{offset}-{number}"),
            Self::Redraw => formatter.write_str("redraw"),
        }
    }
}

/// Whatever else is written there, a client that asks for it gets the rows again.
impl FromStr for LogPosition {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('-').and_then(|(offset, number)| {
            Some((offset.parse().ok()?, number.parse().ok().filter(|number| *number > 0)?))
        });
        Ok(numbers.map_or(Self::Redraw, |(offset, number)| Self::Line { offset, number }))
    }
}

/// What was read of a log.
pub(super) struct Read {
    pub(super) page: LogPage,
    /// The terminal that the rows were written to.
    pub(super) terminal: Terminal,
    /// The end of what was read.
    pub(super) offset: u64,
    /// Where the line begins that the next byte belongs to.
    pub(super) line_offset: u64,
}

/// At most `count` lines of a part.
pub(super) fn read(path: &Path, part: LogPart, count: usize) -> io::Result<Read> {
    let Some(mut file) = open_if_there(path)? else {
        let page = LogPage { first_line: 1, next_line: 1, ..LogPage::default() };
        return Ok(Read { page, terminal: Terminal::new(1), offset: 0, line_offset: 0 });
    };
    let first_line = match part {
        LogPart::From(line) => line.max(1),
        LogPart::End => line_index::tail_line(path, &mut file, count as u64, MOST_READ / 2)?,
    };
    let mut reader = LineReader::at_line(path, file, first_line)?;
    let mut terminal = Terminal::new(first_line);
    let mut line_offset = reader.at;
    for _ in 0..count {
        let is_full = part != LogPart::End && terminal.length() >= MOST_TEXT;
        if is_full || reader.is_over_budget() {
            break;
        }
        let Some(found) = reader.next()? else { break };
        let [beginning, ending] = reader.pieces();
        terminal.feed(beginning);
        terminal.leave_out(found.unread_bytes);
        terminal.feed(ending);
        line_offset = if found.is_finished { reader.at } else { found.start };
        if part == LogPart::End {
            terminal.keep(MOST_TEXT);
        }
    }
    let end = if terminal.is_drawing_over() {
        LogPosition::Redraw
    } else {
        LogPosition::Line { offset: line_offset, number: terminal.line() }
    };
    let mut rows = terminal.rows();
    ErrorScanner::default().mark(&mut rows);
    let page = LogPage {
        first_line: rows.first().map_or(first_line, |row| row.number),
        next_line: terminal.line(),
        rows,
        has_more: !reader.is_at_end()?,
        end,
    };
    Ok(Read { page, terminal, offset: reader.at, line_offset })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::log;

    fn texts(page: &LogPage) -> Vec<(u64, String)> {
        page.rows.iter().map(|row| (row.number, row.text())).collect()
    }

    #[test]
    fn a_part_goes_on_where_the_one_before_it_ended() {
        let (_folder, path) = log(b"one\ntwo\r\n10%\r20%");
        let part = |part, count| read(&path, part, count).expect("readable").page;
        let first = part(LogPart::From(1), 2);
        assert_eq!(texts(&first), [(1, "one".into()), (2, "two".into())]);
        assert_eq!((first.next_line, first.has_more), (3, true));
        let rest = part(LogPart::From(3), 9);
        assert_eq!(texts(&rest), [(3, "20%".into())]);
        assert_eq!(rest.end, LogPosition::Line { offset: 9, number: 3 }, "the open line is read again");
        let end = part(LogPart::End, 2);
        assert_eq!((end.first_line, end.rows.len(), end.has_more), (2, 2, false));
        let none = part(LogPart::From(9), 9);
        assert!(none.rows.is_empty() && !none.has_more);
    }

    #[test]
    fn a_part_is_bounded_however_long_its_lines_are() {
        let (_folder, path) = log(format!("{}\n", "x".repeat(10_000)).repeat(500).as_bytes());
        for part in [LogPart::From(1), LogPart::End] {
            let page = read(&path, part, 500).expect("readable").page;
            let characters: usize = page.rows.iter().map(|row| row.text().len()).sum();
            assert!((100_000..=MOST_TEXT + 10_000).contains(&characters), "{characters}");
        }
    }

    #[test]
    fn the_last_state_of_a_bar_of_many_megabytes_is_shown() {
        let mut content = b"start\n".to_vec();
        for step in 0..300_000 {
            content.extend(format!("\r{step:>9}/300000").as_bytes());
        }
        let (_folder, path) = log(&content);
        let page = read(&path, LogPart::End, 10).expect("readable").page;
        assert_eq!(page.rows[1].text(), "   299999/300000");
        assert!(page.rows[1].left_out > 1 << 20);
    }

    #[test]
    fn positions_are_read_as_they_are_written() {
        for position in [LogPosition::START, LogPosition::Line { offset: 71, number: 9 }, LogPosition::Redraw]
        {
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for unknown in ["", "5", "x-1", "1-0", "-", "99999999999999999999-1"] {
            assert_eq!(unknown.parse(), Ok(LogPosition::Redraw));
        }
    }
}
