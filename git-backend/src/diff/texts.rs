//! The difference of two texts that are not, or not yet, in the repository.

use super::{DiffLine, Hunk, LineKind};
use crate::Result;

/// Unchanged lines around each change.
const CONTEXT_LINES: u32 = 3;
/// More lines are left out.
const MOST_LINES: usize = 5_000;

/// How one text becomes another, and whether lines are left out.
pub fn diff_texts(old: &str, new: &str) -> Result<(Vec<Hunk>, bool)> {
    let mut options = git2::DiffOptions::new();
    options.context_lines(CONTEXT_LINES).indent_heuristic(true).force_text(true);
    let patch = git2::Patch::from_buffers(old.as_bytes(), None, new.as_bytes(), None, Some(&mut options))?;
    let (mut hunks, mut room) = (Vec::new(), MOST_LINES);
    for index in 0..patch.num_hunks() {
        let (hunk, count) = patch.hunk(index)?;
        let header = String::from_utf8_lossy(hunk.header()).trim_end().to_owned();
        let mut lines = Vec::new();
        for line in 0..count {
            let Some(left) = room.checked_sub(1) else {
                hunks.push(Hunk { header, lines });
                return Ok((hunks, true));
            };
            room = left;
            lines.push(DiffLine::of(&patch.line_in_hunk(index, line)?, usize::MAX));
        }
        hunks.push(Hunk { header, lines });
    }
    Ok((hunks, false))
}

impl DiffLine {
    /// A line as libgit2 gives it, with at most so many bytes of its text.
    pub(super) fn of(line: &git2::DiffLine<'_>, most_bytes: usize) -> Self {
        let kind = match line.origin() {
            '+' => LineKind::Added,
            '-' => LineKind::Deleted,
            '=' | '>' | '<' => LineKind::NoNewline,
            _ => LineKind::Context,
        };
        let content = line.content();
        let content = content.strip_suffix(b"\n").unwrap_or(content);
        let content = &content[..content.len().min(most_bytes)];
        let text = if kind == LineKind::NoNewline { "".into() } else { String::from_utf8_lossy(content) };
        Self {
            kind,
            old_number: line.old_lineno().filter(|_| kind != LineKind::NoNewline),
            new_number: line.new_lineno().filter(|_| kind != LineKind::NoNewline),
            text: text.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_are_compared_by_lines() {
        let (hunks, is_cut) = diff_texts("one\ntwo\nthree\n", "one\n2\nthree").expect("a difference");
        let lines: Vec<(LineKind, &str)> =
            hunks[0].lines.iter().map(|line| (line.kind, line.text.as_str())).collect();
        assert_eq!(
            lines[..3],
            [(LineKind::Context, "one"), (LineKind::Deleted, "two"), (LineKind::Deleted, "three")]
        );
        assert!(lines.contains(&(LineKind::Added, "2")) && !is_cut);
        assert!(diff_texts("same\n", "same\n").expect("none").0.is_empty());
    }
}
