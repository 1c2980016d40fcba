//! Suggestions: a fenced block `suggestion` in a comment stands for the lines that the comment is about.

use std::ops::RangeInclusive;

use hearth_core::{Error, Result};

/// The word after the fence.
const WORD: &str = "suggestion";
/// A fence that is indented further is part of a text.
const MOST_INDENT: usize = 3;
const LEAST_FENCE: usize = 3;

/// The lines of a suggestion, without line breaks; none: the lines are to be removed.
///
/// None if the comment makes no suggestion, or several: which of them is meant cannot be known.
pub fn suggestion(body: &str) -> Option<Vec<&str>> {
    let mut found = None;
    let mut lines = body.lines();
    while let Some(line) = lines.next() {
        let Some((letter, length, word)) = fence(line) else { continue };
        let mut block = Vec::new();
        let is_closed = lines.by_ref().any(|line| {
            let is_end = is_closing(line, letter, length);
            block.extend((!is_end).then_some(line));
            is_end
        });
        if word != WORD || !is_closed {
            continue;
        }
        if found.replace(block).is_some() {
            return None;
        }
    }
    found
}

/// The letter of an opening fence, how often it stands there, and the word after it.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let text = line.trim_start_matches(' ');
    let letter = text.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let word = text.trim_start_matches(letter);
    let length = text.len() - word.len();
    let is_fence = length >= LEAST_FENCE && line.len() - text.len() <= MOST_INDENT;
    // Between single backticks, this is code within a line.
    (is_fence && !(letter == '`' && word.contains('`'))).then_some((letter, length, word.trim()))
}

fn is_closing(line: &str, letter: char, length: usize) -> bool {
    fence(line).is_some_and(|(other, end, word)| other == letter && end >= length && word.is_empty())
}

/// What a file's lines are to be replaced with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    /// Counted from 1.
    pub(super) lines: RangeInclusive<u32>,
    /// The lines that must stand there now, without line breaks.
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

/// A file with lines replaced. Line breaks stay what they are around each place, and so does a last line without one.
///
/// Fails if two replacements overlap (`comments`, `suggestions-overlap`), or if other lines stand there (`comments`, `lines-changed`).
pub(super) fn apply(content: &[u8], mut replacements: Vec<Replacement>) -> Result<Vec<u8>> {
    replacements.sort_by_key(|replacement| *replacement.lines.start());
    if replacements.windows(2).any(|pair| pair[0].lines.end() >= pair[1].lines.start()) {
        return Err(Error::field("comments", "suggestions-overlap"));
    }
    let lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    let mut changed = Vec::with_capacity(content.len());
    let mut kept_from = 0;
    for replacement in &replacements {
        let first = place(*replacement.lines.start())?;
        let end = place(*replacement.lines.end())? + 1;
        let old = lines.get(first..end).ok_or_else(moved_on)?;
        let is_same = old.len() == replacement.old.len()
            && old.iter().zip(&replacement.old).all(|(line, wanted)| text(line) == wanted.as_bytes());
        if !is_same {
            return Err(moved_on());
        }
        changed.extend(lines[kept_from..first].concat());
        write(&mut changed, old, &replacement.new);
        kept_from = end;
    }
    changed.extend(lines[kept_from.min(lines.len())..].concat());
    Ok(changed)
}

/// The place of a line that people count from 1.
fn place(number: u32) -> Result<usize> {
    let number = usize::try_from(number).map_err(Error::internal)?;
    number.checked_sub(1).ok_or_else(moved_on)
}

fn moved_on() -> Error {
    Error::field("comments", "lines-changed")
}

/// Writes lines with the line breaks of those that they replace.
fn write(changed: &mut Vec<u8>, old: &[&[u8]], new: &[String]) {
    let first = old.first().copied().unwrap_or_default();
    let usual: &[u8] = if first.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    let last = old.last().copied().unwrap_or_default();
    for (place, line) in new.iter().enumerate() {
        changed.extend_from_slice(line.trim_end_matches('\r').as_bytes());
        if place + 1 < new.len() || last.ends_with(b"\n") {
            changed.extend_from_slice(usual);
        }
    }
}

/// A line without its line break.
pub(super) fn text(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_is_a_block_of_that_name() {
        let lines = |body: &'static str| suggestion(body);
        assert_eq!(lines("Better:\n```suggestion\na = 2\n\nb\n```\nNo?"), Some(vec!["a = 2", "", "b"]));
        assert_eq!(lines("```suggestion\n```"), Some(vec![]));
        assert_eq!(lines("   ````suggestion \n```\n````"), Some(vec!["```"]));
        assert_eq!(lines("~~~suggestion\nx\n~~~"), Some(vec!["x"]));
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for body in [
            "```suggestions\nx\n```",
            "```rust\nx\n```",
            "```suggestion\nx",
            "    ```suggestion\nx\n    ```",
            "``suggestion\nx\n``",
            "````md\n```suggestion\nx\n```\n````",
            "`````\n```suggestion\nx\n```",
            "```suggestion\nx\n```\n```suggestion\ny\n```",
            "",
        ] {
            assert_eq!(suggestion(body), None, "{body:?}");
        }
    }

    fn replace(lines: RangeInclusive<u32>, old: &[&str], new: &[&str]) -> Replacement {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Replacement { lines, old: owned(old), new: owned(new) }
    }

    #[test]
    fn line_breaks_stay_what_they_are() {
        let one = |content: &str, replacement| {
            String::from_utf8(apply(content.as_bytes(), vec![replacement]).expect("applied")).expect("text")
        };
        assert_eq!(one("a\r\nb\r\nc\r\n", replace(2..=2, &["b"], &["x", "y"])), "a\r\nx\r\ny\r\nc\r\n");
        assert_eq!(one("a\nb", replace(2..=2, &["b"], &["x", "y"])), "a\nx\ny");
        assert_eq!(one("a\nb\nc\n", replace(1..=2, &["a", "b"], &[])), "c\n");
        assert_eq!(one("a\r\nb", replace(1..=2, &["a", "b"], &["c"])), "c");
    }

    #[test]
    fn several_are_applied_at_once_unless_they_overlap() {
        let content = b"1\n2\n3\n4\n5\n";
        let (first, last) =
            (replace(2..=2, &["2"], &["two", "and a half"]), replace(4..=5, &["4", "5"], &["end"]));
        let applied = apply(content, vec![last.clone(), first.clone()]).expect("applied");
        assert_eq!(applied, b"1\ntwo\nand a half\n3\nend\n");
        let other = replace(5..=5, &["5"], &["five"]);
        assert!(matches!(apply(content, vec![last, other]), Err(Error::Invalid(_))));
    }

    #[test]
    fn other_lines_are_never_replaced() {
        for wrong in
            [replace(2..=2, &["x"], &["y"]), replace(9..=9, &["9"], &[]), replace(0..=0, &["1"], &[])]
        {
            assert!(matches!(apply(b"1\n2\n", vec![wrong]), Err(Error::Invalid(_))));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_parser(body in "[`~ suggestion\n]{0,80}") {
            let _ = suggestion(&body);
        }
    }
}
