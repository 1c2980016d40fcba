//! A part of a text: some of its lines, and where a search finds something.

use std::sync::Arc;

use hearth_core::Result;

use super::{File, Text, parse};
use crate::{
    App,
    highlight::{self, Part, Wanted},
};

/// The most lines that a page shows at once.
pub const MOST_PART_LINES: usize = 1_000;
/// The first view of a file is at most this long, as HTML.
const FIRST_HTML_BYTES: usize = 120 << 10;
/// Any other part is at most this long.
const PART_HTML_BYTES: usize = 1 << 20;
/// Lines before the one that was asked for.
const CONTEXT_LINES: usize = 20;
/// The most lines in which a search finds something.
const MOST_FOUND: usize = 10_000;
/// Longer words are not searched for.
const MOST_SEARCH_BYTES: usize = 200;

/// The lines that a reader asks for; numbers begin at 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineRange {
    /// As many as make a page.
    #[default]
    Beginning,
    /// Those around one.
    Around(usize),
    /// From one to another. A single line is shown whole, however long it is.
    Between(usize, usize),
}

/// What a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct WantedLines {
    pub range: LineRange,
    /// Words to search for; ASCII letters match in either case.
    pub search: Option<String>,
    /// The number of the match to show, beginning at 1.
    pub found: usize,
}

/// Lines of a file.
#[derive(Debug)]
pub struct Lines {
    /// The number of the first one.
    pub first: usize,
    pub part: Part,
    /// All lines of the text.
    pub total: usize,
    pub found: Option<Found>,
}

/// Where a search found something.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The numbers of the lines, in order.
    pub lines: Vec<usize>,
    /// Whether there are more than these.
    pub is_more: bool,
    /// The match that is shown, beginning at 1; 0 if there is none.
    pub current: usize,
}

impl Found {
    /// The line of the match that is shown.
    pub fn line(&self) -> Option<usize> {
        self.lines.get(self.current.checked_sub(1)?).copied()
    }
}

impl Lines {
    /// The number of the last line of this part.
    pub fn last(&self) -> usize {
        self.first + self.part.lines.len() - 1
    }
}

/// The lines of a file that a reader asks for, highlighted.
pub async fn lines(app: &App, file: &File, text: &Text, wanted: WantedLines) -> Result<Lines> {
    let key = if text.is_whole { file.id.to_string() } else { format!("{}:beginning", file.id) };
    let most_bytes = app.limits().highlighted_file_bytes;
    let colours = highlight::colours(&key, file.path.name(), &text.text, most_bytes).await;
    let (text, permit) = (Arc::clone(&text.text), file.permit.clone());
    let work = move || {
        let _permit = permit;
        let total = text.split_inclusive('\n').count();
        let found = wanted.search.as_deref().map(|word| search(&text, word, wanted.found));
        let range = match found.as_ref().and_then(Found::line) {
            Some(line) if wanted.range == LineRange::Beginning => LineRange::Around(line),
            _ => wanted.range,
        };
        let (first, last) = bounds(range, total);
        let most_html_bytes = if first == 1 { FIRST_HTML_BYTES } else { PART_HTML_BYTES };
        let is_one = matches!(range, LineRange::Between(first, last) if first == last);
        let part = colours.part(&text, Wanted { first, last, most_html_bytes, is_uncut: is_one });
        Lines { first, part, total, found }
    };
    parse(app, work).await
}

/// The first and the last line of a part, within those that there are.
fn bounds(range: LineRange, total: usize) -> (usize, usize) {
    let total = total.max(1);
    let (first, last) = match range {
        LineRange::Beginning => (1, MOST_PART_LINES),
        LineRange::Around(line) => {
            let first = line.min(total).saturating_sub(CONTEXT_LINES);
            (first, first.saturating_add(MOST_PART_LINES / 2))
        }
        LineRange::Between(first, last) => (first, last),
    };
    let first = first.clamp(1, total);
    (first, last.clamp(first, total).min(first + MOST_PART_LINES - 1))
}

fn search(text: &str, word: &str, current: usize) -> Found {
    let word = word.as_bytes();
    let mut found = Found::default();
    if word.is_empty() || word.len() > MOST_SEARCH_BYTES {
        return found;
    }
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if contains(line.as_bytes(), word) {
            if found.lines.len() == MOST_FOUND {
                found.is_more = true;
                break;
            }
            found.lines.push(number);
        }
    }
    found.current = current.max(1).min(found.lines.len());
    found
}

/// Whether a line contains a word, in either case of ASCII letters.
fn contains(line: &[u8], word: &[u8]) -> bool {
    let (lower, upper) = (word[0].to_ascii_lowercase(), word[0].to_ascii_uppercase());
    let mut from = 0;
    while let Some(place) = memchr::memchr2(lower, upper, &line[from..]) {
        let start = from + place;
        match line.get(start..start + word.len()) {
            None => return false,
            Some(here) if here.eq_ignore_ascii_case(word) => return true,
            Some(_) => from = start + 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_lies_within_the_file_and_is_bounded() {
        assert_eq!(bounds(LineRange::Beginning, 5), (1, 5));
        assert_eq!(bounds(LineRange::Beginning, 0), (1, 1));
        assert_eq!(bounds(LineRange::Between(2001, 2500), 100_000), (2001, 2500));
        assert_eq!(bounds(LineRange::Between(1, usize::MAX), 100_000), (1, MOST_PART_LINES));
        assert_eq!(bounds(LineRange::Between(9, 3), 100), (9, 9));
        assert_eq!(bounds(LineRange::Between(usize::MAX, usize::MAX), 100), (100, 100));
        assert_eq!(bounds(LineRange::Around(54_321), 100_000), (54_301, 54_801));
        assert_eq!(bounds(LineRange::Around(usize::MAX), 30), (10, 30));
        assert_eq!(bounds(LineRange::Around(3), 30), (1, 30));
    }

    #[test]
    fn a_search_finds_lines_in_either_case() {
        let text = "Loss\nnothing\nthe lo loSS\n损失 loss\n";
        assert_eq!(search(text, "loss", 0), Found { lines: vec![1, 3, 4], is_more: false, current: 1 });
        assert_eq!(search(text, "损失", 9), Found { lines: vec![4], is_more: false, current: 1 });
        assert_eq!(search(text, "absent", 1), Found::default());
        assert_eq!(search(text, "", 1), Found::default());
        assert_eq!(search(text, "loss", 2).line(), Some(3));
    }

    #[test]
    fn a_search_stops_after_many_lines() {
        let found = search(&"a\n".repeat(MOST_FOUND + 5), "A", MOST_FOUND + 9);
        assert_eq!((found.lines.len(), found.is_more, found.current), (MOST_FOUND, true, MOST_FOUND));
    }
}
