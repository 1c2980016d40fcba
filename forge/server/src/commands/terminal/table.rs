use std::io::IsTerminal as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Colour, one_line, paint};
use crate::commands::output;

/// The narrowest that the last column is cut to.
const LEAST_LAST_COLUMN: usize = 20;
const GAP: &str = "  ";

/// Rows of words under each other. In a terminal the last column is cut where the line ends.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Vec<Cell>>,
}

struct Cell {
    text: String,
    colour: Option<Colour>,
}

impl Table {
    /// Adds a row. The texts are cleaned.
    pub(crate) fn row<const N: usize>(&mut self, cells: [(&str, Option<Colour>); N]) {
        let cell = |(text, colour): (&str, Option<Colour>)| Cell { text: one_line(text), colour };
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    pub(crate) fn print(&self) {
        for line in self.lines(columns_of_terminal()) {
            output::line(&line);
        }
    }

    fn lines(&self, columns: Option<usize>) -> Vec<String> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.text.width())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        let before: usize = widths.iter().rev().skip(1).map(|width| width + GAP.len()).sum();
        let most = columns.map(|columns| columns.saturating_sub(before).max(LEAST_LAST_COLUMN));
        self.rows.iter().map(|row| line(row, &widths, most)).collect()
    }
}

fn line(row: &[Cell], widths: &[usize], most: Option<usize>) -> String {
    let mut line = String::new();
    for (place, (cell, width)) in row.iter().zip(widths).enumerate() {
        let is_last = place + 1 == widths.len();
        let text = match most.filter(|_| is_last) {
            Some(most) => cut(&cell.text, most),
            None => cell.text.clone(),
        };
        let room = if is_last { 0 } else { width - text.width() };
        line.push_str(&cell.colour.map_or_else(|| text.clone(), |colour| paint(&text, colour)));
        if !is_last {
            line.push_str(&" ".repeat(room));
            line.push_str(GAP);
        }
    }
    line.trim_end().to_owned()
}

/// The beginning of a text that takes at most so many columns; Chinese characters take two.
fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = most.saturating_sub(1);
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if width > room {
            break;
        }
        room -= width;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The width of the terminal on standard output; `None` where that is no terminal.
fn columns_of_terminal() -> Option<usize> {
    let out = std::io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(out).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_in_every_script() {
        let mut table = Table::default();
        table.row([("#7", None), ("训练", None), ("main", None)]);
        table.row([("#12", None), ("train", None), ("dev", None)]);
        assert_eq!(table.lines(None), ["#7   训练   main", "#12  train  dev"]);
    }

    #[test]
    fn a_text_is_cut_where_the_line_ends() {
        assert_eq!(cut("训练更快", 5), "训练…");
        assert_eq!(cut("faster", 6), "faster");
        assert_eq!(cut("faster still", 6), "faste…");
    }
}
