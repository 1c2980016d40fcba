//! What a terminal would show of a log: progress bars in their last state, text in its colours, and nothing
//! that the program did not mean to be read.
//!
//! A terminal has a screen of fixed size; a log has not. So a row is as long as what was written, moving up
//! stops at the first row that is known, and clearing the screen clears nothing: what was logged stays. A
//! row has the number of the line that began it. Lines that a program draws over rows above them, as nested
//! progress bars do, begin no row of their own, so that their numbers are left out.
//!
//! The result does not depend on the pieces in which the bytes come.

mod parser;
mod row;
mod style;
mod utf8;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

pub use self::{
    row::Span,
    style::{Emphasis, Hue, Style},
};

use super::errors::ErrorMark;

use self::{
    parser::{Parser, Step},
    row::Row,
    utf8::Decoder,
};

/// Rows above the current one that a program can still change.
pub(super) const REACH: usize = 64;
/// Some sequences of a few bytes change a whole row, which may be long. They are heeded only as long as not more
/// characters are changed in this way than these at first, and these for each byte that was written.
const CHANGED_AT_FIRST: usize = 1 << 20;
const CHANGED_PER_BYTE: usize = 8;

/// A row as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRow {
    /// The line of the log that began it, counted from 1.
    pub number: u64,
    /// Whether it belongs to an error.
    pub error: ErrorMark,
    pub spans: Vec<Span>,
    /// Characters that are not in the spans, because the row is too long.
    pub left_out: u64,
}

impl LogRow {
    /// The text without its colours.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// The state of a terminal after some bytes.
#[derive(Clone, Debug)]
pub(super) struct Terminal {
    rows: VecDeque<Row>,
    /// The first row that has changed since [`Self::take_changed`].
    changed: usize,
    /// The line of the log that is being written.
    line: u64,
    /// Whether that line has any bytes.
    is_line_begun: bool,
    row: usize,
    column: usize,
    style: Style,
    /// How many characters may still be changed by sequences that change whole rows.
    left_changes: usize,
    parser: Parser,
    decoder: Decoder,
}

impl Terminal {
    /// An empty terminal, to which line `line` of a log is written first.
    pub(super) fn new(line: u64) -> Self {
        Self {
            rows: VecDeque::from([Row::new(line)]),
            changed: 0,
            line,
            is_line_begun: false,
            row: 0,
            column: 0,
            style: Style::default(),
            left_changes: CHANGED_AT_FIRST,
            parser: Parser::default(),
            decoder: Decoder::default(),
        }
    }

    /// The number of the line that is being written.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// Whether the program is drawing over an earlier row, so that the current line alone does not say what
    /// is shown.
    pub(super) fn is_drawing_over(&self) -> bool {
        self.rows[self.row].number != self.line
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(byte) = rest.first() {
            self.is_line_begun = true;
            if self.parser.is_in_text() && !self.decoder.is_open() {
                // Most of a log is plain text, which needs no look at each of its bytes.
                let plain = rest.iter().take_while(|byte| (0x20..0x7f).contains(*byte)).count();
                if plain > 0 {
                    self.rows[self.row].write_plain(self.column, &rest[..plain], self.style);
                    self.column = self.column.saturating_add(plain);
                    self.changed = self.changed.min(self.row);
                    self.left_changes = self.left_changes.saturating_add(plain * CHANGED_PER_BYTE);
                    rest = &rest[plain..];
                    continue;
                }
            }
            rest = &rest[1..];
            self.left_changes = self.left_changes.saturating_add(CHANGED_PER_BYTE);
            match self.parser.take(*byte) {
                Step::Byte(byte @ (0..0x20 | 0x7f)) => self.control(byte),
                Step::Byte(byte) => {
                    let Self { rows, row, column, style, decoder, .. } = self;
                    decoder.take(byte, |letter| write(&mut rows[*row], column, letter, *style));
                    self.changed = self.changed.min(self.row);
                }
                Step::Control(parameters, b'm') => self.style = self.style.select(parameters),
                Step::Control(parameters, end) => {
                    let first = parameters.first().copied().flatten();
                    self.sequence(first.map(usize::from), end);
                }
                Step::Nothing => {}
            }
        }
    }

    fn control(&mut self, byte: u8) {
        let Self { rows, row, column, style, decoder, .. } = self;
        decoder.end(|letter| write(&mut rows[*row], column, letter, *style));
        self.changed = self.changed.min(*row);
        match byte {
            b'\n' => self.next_line(),
            b'\r' => self.column = 0,
            b'\t' => write(&mut rows[*row], column, '\t', *style),
            0x08 => self.column = self.column.saturating_sub(1),
            _ => {}
        }
    }

    fn next_line(&mut self) {
        self.line += 1;
        self.is_line_begun = false;
        self.row += 1;
        self.column = 0;
        if self.row == self.rows.len() {
            self.rows.push_back(Row::new(self.line));
        }
    }

    /// A sequence that moves or erases; `count` is its first parameter.
    fn sequence(&mut self, count: Option<usize>, end: u8) {
        let times = count.unwrap_or(1).max(1);
        let row = &mut self.rows[self.row];
        let changes = match end {
            b'C' => row.right(self.column, times).saturating_sub(row.len()),
            b'G' | b'`' => row.right(0, times - 1).saturating_sub(row.len()),
            b'K' if count == Some(1) => row.len(),
            b'P' => row.len(),
            _ => 0,
        };
        let Some(left) = self.left_changes.checked_sub(changes) else { return };
        self.left_changes = left;
        match end {
            b'A' | b'F' => {
                self.row = self.row.saturating_sub(times.min(REACH));
                if end == b'F' {
                    self.column = 0;
                }
            }
            b'B' | b'E' => {
                self.row = self.row.saturating_add(times).min(self.rows.len() - 1);
                if end == b'E' {
                    self.column = 0;
                }
            }
            b'C' => self.column = row.right(self.column, times),
            b'D' => self.column = self.column.saturating_sub(times),
            b'G' | b'`' => self.column = row.right(0, times - 1),
            b'K' => match count.unwrap_or(0) {
                0 => row.erase_after(self.column),
                1 => row.erase_before(self.column),
                _ => row.erase_after(0),
            },
            b'P' => row.delete(self.column, times),
            b'J' if count.unwrap_or(0) == 0 => self.erase_below(),
            _ => {}
        }
        self.changed = self.changed.min(self.row);
    }

    /// Rows below keep their place, so that numbers go on as the lines do.
    fn erase_below(&mut self) {
        self.rows[self.row].erase_after(self.column);
        for row in self.rows.iter_mut().skip(self.row + 1) {
            row.erase_after(0);
        }
    }

    /// Leaves out bytes of the row that is being written.
    pub(super) fn leave_out(&mut self, bytes: u64) {
        self.rows[self.row].leave_out(bytes);
    }

    /// All rows; not the last one while nothing has been written to it.
    pub(super) fn rows(&self) -> Vec<LogRow> {
        self.rows.iter().take(self.begun()).map(shown).collect()
    }

    /// How many rows there are to show.
    fn begun(&self) -> usize {
        let last = self.rows.len() - 1;
        let is_untouched = self.rows[last].number == self.line && !self.is_line_begun;
        if is_untouched { last } else { last + 1 }
    }

    /// Characters that are kept in all rows.
    pub(super) fn length(&self) -> usize {
        self.rows.iter().map(Row::len).sum()
    }

    /// Forgets rows at the top until few enough characters are left.
    pub(super) fn keep(&mut self, most_characters: usize) {
        while self.row > 0 && self.length() > most_characters {
            self.forget_above(self.row - 1);
        }
    }

    /// The place of the first row that may have changed since the last call.
    pub(super) fn take_changed(&mut self) -> usize {
        let begun = self.begun();
        std::mem::replace(&mut self.changed, begun).min(begun)
    }

    /// The number of the first row that is still known.
    pub(super) fn first_number(&self) -> u64 {
        self.rows[0].number
    }

    /// Forgets rows at the top until at most `count` are above the current one. Returns how many.
    pub(super) fn forget_above(&mut self, count: usize) -> usize {
        let gone = self.row.saturating_sub(count);
        self.rows.drain(..gone);
        self.row -= gone;
        self.changed = self.changed.saturating_sub(gone);
        gone
    }
}

fn write(row: &mut Row, column: &mut usize, letter: char, style: Style) {
    // The second half of the control characters.
    if letter.is_control() && letter != '\t' {
        return;
    }
    row.write(*column, letter, style);
    *column = column.saturating_add(1);
}

fn shown(row: &Row) -> LogRow {
    LogRow { number: row.number, error: ErrorMark::None, spans: row.spans(), left_out: row.left_out() }
}
