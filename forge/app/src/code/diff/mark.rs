//! Puts `<mark>` around parts of a highlighted line.

use std::ops::Range;

/// The element that stands for a character that is not shown as itself.
const HIDDEN: &str = "<span class=\"hl-hidden\">";

/// Wraps the text at these byte ranges of the plain line. `html` is a line of [`crate::highlight`]: text with
/// entities, in elements that are not nested in each other, except for those of hidden characters. Marks stay inside
/// these elements, so that the result is well-formed.
pub(super) fn mark(html: &str, ranges: &[Range<usize>]) -> String {
    if ranges.is_empty() {
        return html.to_owned();
    }
    let mut marked = String::with_capacity(html.len() + ranges.len() * 13);
    let (mut rest, mut at, mut is_open) = (html, 0, false);
    while let Some(piece) = Piece::next(rest) {
        let is_inside = ranges.iter().any(|range| range.contains(&at));
        if is_open && (!is_inside || piece.is_tag) {
            marked.push_str("</mark>");
            is_open = false;
        }
        if is_inside && !is_open && !piece.is_tag {
            marked.push_str("<mark>");
            is_open = true;
        }
        marked.push_str(&rest[..piece.length]);
        rest = &rest[piece.length..];
        at += piece.bytes_of_text;
    }
    if is_open {
        marked.push_str("</mark>");
    }
    marked
}

/// A tag, or what stands for one character of the plain line.
struct Piece {
    /// In the HTML, in bytes.
    length: usize,
    bytes_of_text: usize,
    is_tag: bool,
}

impl Piece {
    fn next(html: &str) -> Option<Self> {
        let first = html.chars().next()?;
        let end_after = |end: &str| html.find(end).map_or(html.len(), |start| start + end.len());
        Some(match first {
            // Every hidden character has three bytes in UTF-8.
            '<' if html.starts_with(HIDDEN) => {
                Self { length: end_after("</span>"), bytes_of_text: 3, is_tag: false }
            }
            '<' => Self { length: end_after(">"), bytes_of_text: 0, is_tag: true },
            // Only ASCII characters are written as entities.
            '&' => Self { length: end_after(";"), bytes_of_text: 1, is_tag: false },
            _ => Self { length: first.len_utf8(), bytes_of_text: first.len_utf8(), is_tag: false },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(html: &str, range: Range<usize>) -> String {
        mark(html, std::slice::from_ref(&range))
    }

    #[test]
    fn marks_count_the_plain_text_and_stay_inside_elements() {
        assert_eq!(one("abc", 1..2), "a<mark>b</mark>c");
        assert_eq!(one("a&lt;b", 1..2), "a<mark>&lt;</mark>b");
        assert_eq!(one("数据x", 3..6), "数<mark>据</mark>x");
        assert_eq!(
            one("a<span class=\"hl-string\">bc</span>d", 0..4),
            "<mark>a</mark><span class=\"hl-string\"><mark>bc</mark></span><mark>d</mark>"
        );
        assert_eq!(
            one("<span class=\"hl-hidden\">U+202E</span>b", 3..4),
            "<span class=\"hl-hidden\">U+202E</span><mark>b</mark>"
        );
        assert_eq!(mark("abc", &[0..1, 2..3]), "<mark>a</mark>b<mark>c</mark>");
    }
}
