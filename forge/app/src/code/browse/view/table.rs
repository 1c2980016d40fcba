//! Comma- and tab-separated values (RFC 4180, and what people write instead).

use std::{cmp::Ordering, ops::Range};

use super::cut;

/// Rows that are counted and sorted; further ones are left out.
pub const MOST_ROWS: usize = 200_000;
/// Columns that are shown.
pub const MOST_COLUMNS: usize = 100;
/// Rows from which separator and header are guessed.
const GUESS_ROWS: usize = 20;
const MOST_CELL_BYTES: usize = 500;
/// Of all cells of a page together, in which each then has its part.
const MOST_PAGE_BYTES: usize = 512 << 10;
const SEPARATORS: &[u8] = b",\t;|";

/// Some rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns; empty if the file has none.
    pub header: Vec<Cell>,
    pub rows: Vec<Row>,
    /// All rows, without the header.
    pub total: usize,
    /// Whether there are more rows than that.
    pub is_more: bool,
    /// All columns, shown or not.
    pub columns: usize,
}

/// A row, and its number in the file, beginning at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub is_whole: bool,
    pub is_number: bool,
}

/// By which column rows are sorted, beginning at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub column: usize,
    pub is_descending: bool,
}

/// Parses a text and gives the rows of one page of it, `from` beginning at 0.
pub fn parse(text: &str, order: Option<Order>, from: usize, count: usize) -> Table {
    let separator = separator(text);
    let mut records = Records { text, at: 0, separator };
    let first: Vec<_> = Records { text, at: 0, separator }.take(GUESS_ROWS).collect();
    let columns = first.iter().map(|record| record.cells().count()).max().unwrap_or(0);
    let has_header = is_header(&first);
    let header = if has_header { records.next() } else { None };
    let mut rows: Vec<_> = records.by_ref().take(MOST_ROWS).enumerate().collect();
    let is_more = records.next().is_some();
    if let Some(order) = order {
        rows = sorted(rows, order);
    }
    let shown = rows.iter().skip(from).take(count);
    let shown_cells = |record: &Record<'_>| record.cells().take(MOST_COLUMNS).count();
    let cells: usize =
        shown.clone().map(|(_, record)| shown_cells(record)).chain(header.as_ref().map(shown_cells)).sum();
    let most_bytes = MOST_CELL_BYTES.min(MOST_PAGE_BYTES / cells.max(1));
    let row =
        |(place, record): &(usize, Record<'_>)| Row { number: place + 1, cells: record.shown(most_bytes) };
    Table {
        header: header.map_or_else(Vec::new, |record| record.shown(most_bytes)),
        rows: shown.map(row).collect(),
        total: rows.len(),
        is_more,
        columns,
    }
}

/// The separator that occurs equally often in the first rows, else the most frequent one.
fn separator(text: &str) -> u8 {
    let score = |&separator: &u8| {
        let counts: Vec<_> = Records { text, at: 0, separator }
            .take(GUESS_ROWS)
            .map(|record| record.cells().count() - 1)
            .collect();
        let least = counts.iter().copied().min().unwrap_or(0);
        (least, counts.iter().sum::<usize>())
    };
    SEPARATORS.iter().rev().copied().max_by_key(score).unwrap_or(b',')
}

/// Whether the first row names the columns: it has no numbers, and all its cells say something.
fn is_header(rows: &[Record<'_>]) -> bool {
    let Some(first) = rows.first().filter(|_| rows.len() > 1) else { return false };
    first.cells().all(|cell| !cell.trim().is_empty() && number(&cell).is_none())
}

fn number(cell: &str) -> Option<f64> {
    cell.trim().parse().ok()
}

/// Numbers first, then texts, then empty cells; rows that are equal stay in order.
fn sorted(rows: Vec<(usize, Record<'_>)>, order: Order) -> Vec<(usize, Record<'_>)> {
    let key = |record: &Record<'_>| {
        let cell = record.cells().nth(order.column).unwrap_or_default();
        (number(&cell), cell)
    };
    let mut keyed: Vec<_> = rows.into_iter().map(|row| (key(&row.1), row)).collect();
    keyed.sort_by(|(left, _), (right, _)| {
        let ordering = compare(left, right);
        let is_reversed = order.is_descending && !left.1.is_empty() && !right.1.is_empty();
        if is_reversed { ordering.reverse() } else { ordering }
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn compare(left: &(Option<f64>, String), right: &(Option<f64>, String)) -> Ordering {
    match (left.0, right.0) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.1.is_empty().cmp(&right.1.is_empty()).then_with(|| left.1.cmp(&right.1)),
    }
}

/// The records of a text, without its empty lines.
struct Records<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
}

struct Record<'a> {
    text: &'a str,
    separator: u8,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            let end = end_of_record(rest.as_bytes(), self.separator);
            self.at += end;
            let text = rest[..end].trim_end_matches(['\n', '\r']);
            if !text.is_empty() {
                return Some(Record { text, separator: self.separator });
            }
        }
    }
}

/// Up to and with the line break that is not in quotes.
fn end_of_record(bytes: &[u8], separator: u8) -> usize {
    let (mut is_quoted, mut is_start) = (false, true);
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if is_quoted => is_quoted = false,
            // Twice inside quotes: the first ended them.
            b'"' if is_start || place > 0 && bytes[place - 1] == b'"' => is_quoted = true,
            b'\n' if !is_quoted => return place + 1,
            _ => {}
        }
        is_start = byte == separator && !is_quoted;
    }
    bytes.len()
}

impl Record<'_> {
    fn cells(&self) -> impl Iterator<Item = String> {
        let mut rest = Some(self.text);
        std::iter::from_fn(move || {
            let text = rest?;
            let range = end_of_cell(text.as_bytes(), self.separator);
            rest = text.get(range.end + 1..).filter(|_| range.end < text.len());
            Some(unquoted(&text[range]))
        })
    }

    fn shown(&self, most_bytes: usize) -> Vec<Cell> {
        let cell = |text: String| {
            let (shown, is_whole) = cut(&text, most_bytes);
            Cell { text: shown.to_owned(), is_whole, is_number: number(&text).is_some() }
        };
        self.cells().take(MOST_COLUMNS).map(cell).collect()
    }
}

fn end_of_cell(bytes: &[u8], separator: u8) -> Range<usize> {
    let mut is_quoted = false;
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if is_quoted => is_quoted = false,
            b'"' if place == 0 || bytes[place - 1] == b'"' => is_quoted = true,
            _ if byte == separator && !is_quoted => return 0..place,
            _ => {}
        }
    }
    0..bytes.len()
}

fn unquoted(cell: &str) -> String {
    match cell.strip_prefix('"') {
        Some(inner) => inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\""),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect()).collect()
    }

    fn all(text: &str) -> Table {
        parse(text, None, 0, 100)
    }

    #[test]
    fn quotes_hold_separators_line_breaks_and_quotes() {
        let table = all("name,note\r\n\"a,b\",\"line 1\nline 2\"\r\n\"say \"\"hi\"\"\",\r\n");
        assert_eq!(table.header.iter().map(|cell| &*cell.text).collect::<Vec<_>>(), ["name", "note"]);
        assert_eq!(texts(&table), [["a,b", "line 1\nline 2"], ["say \"hi\"", ""]]);
        assert_eq!((table.total, table.columns, table.is_more), (2, 2, false));
    }

    #[test]
    fn the_separator_is_found() {
        for separator in [",", "\t", ";", "|"] {
            let text = ["step", "loss"].join(separator) + "\n" + &["1", "0,5"].join(separator) + "\n";
            let table = all(&text);
            assert_eq!(table.header.len(), 2, "{separator:?}");
        }
    }

    #[test]
    fn a_first_row_with_numbers_is_no_header() {
        assert_eq!(all("1,2\n3,4\n").total, 2);
        assert_eq!(all("a,b\n").total, 1);
        assert_eq!(all("").total, 0);
    }

    #[test]
    fn rows_are_sorted_as_numbers_and_keep_their_number() {
        let text = "run,loss\na,10\nb,9\nc,\nd,nothing\ne,-1.5e1\n";
        let numbers = |is_descending| {
            let order = Some(Order { column: 1, is_descending });
            parse(text, order, 0, 9).rows.iter().map(|row| row.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(false), [5, 2, 1, 4, 3]);
        assert_eq!(numbers(true), [4, 1, 2, 5, 3]);
        let far = Some(Order { column: 99, is_descending: true });
        assert_eq!(parse(text, far, 1, 2).rows.len(), 2);
    }

    #[test]
    fn what_is_too_much_is_left_out_and_counted() {
        let wide = "x,".repeat(MOST_COLUMNS + 50) + "\n";
        let table = all(&wide.repeat(2));
        assert_eq!((table.rows[0].cells.len(), table.columns), (MOST_COLUMNS, MOST_COLUMNS + 51));
        let long = all(&format!("a\n{}\n", "b".repeat(9_000)));
        assert!(!long.rows[0].cells[0].is_whole);
        let many = all(&"1\n".repeat(MOST_ROWS + 1));
        assert_eq!((many.total, many.is_more, many.rows.len()), (MOST_ROWS, true, 100));
    }

    #[test]
    fn a_page_of_many_long_cells_is_bounded() {
        let wide = format!("{}\n", vec!["b".repeat(600); MOST_COLUMNS].join(","));
        let table = parse(&format!("{}{}", "a,b\n".repeat(GUESS_ROWS), wide.repeat(300)), None, 100, 200);
        let bytes: usize = table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.len()).sum();
        assert!(table.rows.len() == 200 && bytes <= MOST_PAGE_BYTES, "{bytes} bytes");
        let narrow = parse(&format!("{}\n", "b".repeat(600)).repeat(200), None, 0, 200);
        assert_eq!(narrow.rows[0].cells[0].text.len(), MOST_CELL_BYTES);
    }

    #[test]
    fn an_open_quote_takes_the_rest() {
        assert_eq!(all("a,b\n\"1,2\n3,4\n").total, 1);
    }
}
