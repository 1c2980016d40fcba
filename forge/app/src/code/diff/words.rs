//! Finds the words that differ between a removed line and the line that replaced it.

use std::{ops::Range, time::Instant};

use hearth_git::{DiffLine, LineKind};
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

/// Longer lines are compared as a whole only.
const LONGEST_LINE_BYTES: usize = 1_000;
/// Lines that share less than this part of their text are simply different: marking most of a line helps nobody.
const LEAST_SHARED_PERCENT: usize = 40;

/// The byte ranges to mark in each line of a hunk. Lines that are reached after the deadline have none.
pub(super) fn of_hunk(lines: &[DiffLine], deadline: Instant) -> Vec<Vec<Range<usize>>> {
    let mut marks = vec![Vec::new(); lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let deleted = run(lines, at, LineKind::Deleted);
        let added = run(lines, deleted.end, LineKind::Added);
        for (old, new) in deleted.clone().zip(added.clone()).take_while(|_| Instant::now() < deadline) {
            if let Some((in_old, in_new)) = between(&lines[old].text, &lines[new].text, deadline) {
                (marks[old], marks[new]) = (in_old, in_new);
            }
        }
        at = added.end.max(at + 1);
    }
    marks
}

/// The consecutive lines of this kind from a place on.
fn run(lines: &[DiffLine], start: usize, kind: LineKind) -> Range<usize> {
    let length = lines[start.min(lines.len())..].iter().take_while(|line| line.kind == kind).count();
    start..start + length
}

type Marks = Vec<Range<usize>>;

/// The ranges of each line that the other lacks. None: they have too little in common.
fn between(old: &str, new: &str, deadline: Instant) -> Option<(Marks, Marks)> {
    if old.len().max(new.len()) > LONGEST_LINE_BYTES {
        return None;
    }
    let (old_words, new_words) = (split(old), split(new));
    let texts = |words: &[Range<usize>], line: &'_ str| -> Vec<String> {
        words.iter().map(|word| line[word.clone()].to_owned()).collect()
    };
    let (old_texts, new_texts) = (texts(&old_words, old), texts(&new_words, new));
    let steps = capture_diff_slices_deadline(Algorithm::Myers, &old_texts, &new_texts, Some(deadline));
    let (mut in_old, mut in_new, mut shared) = (Vec::new(), Vec::new(), 0);
    for step in steps {
        let (tag, of_old, of_new) = step.as_tag_tuple();
        if tag == DiffTag::Equal {
            let common = &old_texts[of_old];
            shared += common.iter().filter(|word| !word.trim().is_empty()).map(String::len).sum::<usize>();
        } else {
            in_old.extend(span(&old_words, of_old));
            in_new.extend(span(&new_words, of_new));
        }
    }
    let longer = letters(old).max(letters(new));
    (shared * 100 >= longer * LEAST_SHARED_PERCENT).then_some((in_old, in_new))
}

fn letters(line: &str) -> usize {
    line.split_whitespace().map(str::len).sum()
}

/// The bytes that consecutive words cover.
fn span(words: &[Range<usize>], wanted: Range<usize>) -> Option<Range<usize>> {
    let covered = words.get(wanted)?;
    Some(covered.first()?.start..covered.last()?.end)
}

/// Words, runs of blanks, and single other characters.
fn split(line: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (start, letter) in line.char_indices() {
        let kind = Kind::of(letter);
        let end = start + letter.len_utf8();
        match words.last_mut() {
            Some(word) if last == Some(kind) && kind != Kind::Single => word.end = end,
            _ => words.push(start..end),
        }
        last = Some(kind);
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Single,
}

impl Kind {
    fn of(letter: char) -> Self {
        match letter {
            // Scripts without spaces between words are compared letter by letter.
            _ if letter.is_ascii_alphanumeric() || letter == '_' => Self::Word,
            _ if letter.is_whitespace() => Self::Blank,
            _ if letter.is_alphabetic() && letter < '\u{2E80}' => Self::Word,
            _ => Self::Single,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn marked(old: &str, new: &str) -> Option<(Vec<String>, Vec<String>)> {
        let (in_old, in_new) = between(old, new, Instant::now() + Duration::from_secs(10))?;
        let cut = |line: &str, marks: Marks| marks.into_iter().map(|mark| line[mark].to_owned()).collect();
        Some((cut(old, in_old), cut(new, in_new)))
    }

    #[test]
    fn the_words_that_differ_are_found() {
        let found = marked("let rate = slow(base, 10);", "let rate = fast(base, 12);").expect("alike");
        assert_eq!(found, (vec!["slow".into(), "10".into()], vec!["fast".into(), "12".into()]));
        let found = marked("学习率是零", "学习率为零").expect("alike");
        assert_eq!(found, (vec!["是".into()], vec!["为".into()]));
        assert_eq!(marked("x = 1", "x = 1  ").expect("alike").1, ["  "]);
    }

    #[test]
    fn lines_with_little_in_common_and_long_ones_are_not_compared() {
        assert_eq!(marked("fn main() {", "import torch"), None);
        assert_eq!(marked(&"a ".repeat(600), &"a ".repeat(601)), None);
    }

    #[test]
    fn removed_lines_are_paired_with_the_lines_after_them_in_order() {
        let line =
            |kind, text: &str| DiffLine { kind, old_number: None, new_number: None, text: text.into() };
        let lines = [
            line(LineKind::Deleted, "alpha = 1"),
            line(LineKind::Deleted, "beta = 2"),
            line(LineKind::Added, "alpha = 3"),
            line(LineKind::Context, "gamma"),
            line(LineKind::Added, "delta"),
        ];
        let soon = Instant::now() + Duration::from_secs(10);
        let marked: Vec<Vec<(usize, usize)>> = of_hunk(&lines, soon)
            .into_iter()
            .map(|marks| marks.into_iter().map(|mark| (mark.start, mark.end)).collect())
            .collect();
        assert_eq!(marked, [vec![(8, 9)], vec![], vec![(8, 9)], vec![], vec![]]);
        assert!(
            of_hunk(&lines, Instant::now()).iter().all(Vec::is_empty),
            "all hunks of a page share the time"
        );
    }
}
