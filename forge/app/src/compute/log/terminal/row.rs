//! One row of what a terminal shows.

use super::Style;

/// Characters that are kept of one row; the download has them all.
pub(super) const LONGEST_ROW: usize = 16 << 10;
/// How far to the right a program may move without writing.
const FURTHEST_MOVE: usize = 1 << 10;

/// A row that can still be written to.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The line of the log that began it.
    pub(super) number: u64,
    cells: Vec<Cell>,
    /// Characters to the right of those that are kept.
    beyond: usize,
    /// Bytes that were never read.
    unread: u64,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    letter: char,
    style: Style,
}

const BLANK: Cell =
    Cell { letter: ' ', style: Style { hue: None, ground: None, emphasis: super::Emphasis::NONE } };

/// Text that looks the same throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub style: Style,
    /// Without control characters except tabs.
    pub text: String,
}

impl Row {
    pub(super) const fn new(number: u64) -> Self {
        Self { number, cells: Vec::new(), beyond: 0, unread: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Writes one character over what is there.
    pub(super) fn write(&mut self, column: usize, letter: char, style: Style) {
        if column >= LONGEST_ROW {
            self.beyond = self.beyond.max(column + 1 - LONGEST_ROW);
            return;
        }
        if column > self.cells.len() {
            self.cells.resize(column, BLANK);
        }
        let cell = Cell { letter, style };
        match self.cells.get_mut(column) {
            Some(old) => *old = cell,
            None => self.cells.push(cell),
        }
    }

    /// Writes printable ASCII characters over what is there.
    pub(super) fn write_plain(&mut self, column: usize, text: &[u8], style: Style) {
        if column == self.cells.len() && column + text.len() <= LONGEST_ROW {
            self.cells.extend(text.iter().map(|byte| Cell { letter: char::from(*byte), style }));
            return;
        }
        for (place, byte) in text.iter().enumerate() {
            self.write(column.saturating_add(place), char::from(*byte), style);
        }
    }

    /// The column that a move to the right ends at.
    pub(super) fn right(&self, column: usize, by: usize) -> usize {
        let end = self.cells.len().max(FURTHEST_MOVE).max(column);
        column.saturating_add(by).min(end)
    }

    /// Erases from a column to the end.
    pub(super) fn erase_after(&mut self, column: usize) {
        self.cells.truncate(column);
        self.beyond = self.beyond.min(column.saturating_sub(LONGEST_ROW));
    }

    /// Erases up to a column, and with it.
    pub(super) fn erase_before(&mut self, column: usize) {
        for cell in self.cells.iter_mut().take(column.saturating_add(1)) {
            *cell = BLANK;
        }
    }

    /// Removes characters; what follows moves to the left.
    pub(super) fn delete(&mut self, column: usize, count: usize) {
        let from = column.min(self.cells.len());
        let to = column.saturating_add(count).min(self.cells.len());
        self.cells.drain(from..to);
    }

    /// The row as pieces of one style each, without what is blank at its end.
    pub(super) fn spans(&self) -> Vec<Span> {
        let is_seen = |cell: &Cell| cell.letter != ' ' || cell.style != Style::default();
        let end = self.cells.iter().rposition(is_seen).map_or(0, |last| last + 1);
        let same = self.cells[..end].chunk_by(|left, right| left.style == right.style);
        same.map(|cells| Span { style: cells[0].style, text: cells.iter().map(|cell| cell.letter).collect() })
            .collect()
    }

    pub(super) fn leave_out(&mut self, bytes: u64) {
        self.unread += bytes;
    }

    /// How much of the row is not among its pieces, in characters.
    pub(super) const fn left_out(&self) -> u64 {
        self.beyond as u64 + self.unread
    }
}
