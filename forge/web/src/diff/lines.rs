//! The changed lines of a file, in one column or two, and the links to what stands between them.

use hearth_app::code::DrawnFile;
use hearth_git::{DiffLine, FileStatus, Hunk, LineKind};

use super::{
    DiffQuery,
    split::{self, Pair},
};
use crate::{Page, words::Html};

/// Lines that a link between two changes shows at most.
const MOST_BETWEEN: u32 = 1_000;
/// Lines that a link after the last change shows.
const BELOW_LINES: u32 = 50;

/// The changed lines of a file.
pub enum Body {
    Unified(Vec<DiffHunk>),
    Split(Vec<SplitHunk>),
    /// To be asked for: the page has enough lines already.
    Deferred,
}

impl Body {
    /// Puts below each line what is given for it; a line that stands on both sides is asked for once.
    pub fn say_below(&mut self, mut said: impl FnMut(&Line) -> Html) {
        let mut say = |line: &mut Line| line.below = said(line);
        match self {
            Self::Unified(hunks) => hunks.iter_mut().flat_map(|hunk| &mut hunk.lines).for_each(say),
            Self::Split(hunks) => {
                for pair in hunks.iter_mut().flat_map(|hunk| &mut hunk.pairs) {
                    pair.old.iter_mut().filter(|line| line.kind == "del").for_each(&mut say);
                    pair.new.iter_mut().for_each(&mut say);
                }
            }
            Self::Deferred => {}
        }
    }
}

/// A changed part of a file in one column.
pub struct DiffHunk {
    pub head: String,
    pub lines: Vec<Line>,
    /// The unchanged lines before it.
    pub above: Option<Gap>,
    /// What may follow the last part.
    pub below: Option<Gap>,
}

/// A changed part of a file in two columns.
pub struct SplitHunk {
    pub head: String,
    pub pairs: Vec<Pair>,
    pub above: Option<Gap>,
    pub below: Option<Gap>,
}

/// Unchanged lines that are not shown.
pub struct Gap {
    /// The first one, by its number after.
    pub first: u32,
    /// The last one; none: as far as the file goes.
    pub last: Option<u32>,
    /// Where they are shown.
    pub address: String,
    /// What the link says.
    pub text: String,
}

/// A line of a changed part.
#[derive(Clone, Default)]
pub struct Line {
    /// `add`, `del`, `same`, or `hunk` for a remark.
    pub kind: &'static str,
    /// Its number before, as text; empty for an added line.
    pub old: String,
    pub new: String,
    pub html: Html,
    /// What was said about it, and the form to say more.
    pub below: Html,
}

impl Line {
    /// The line's name in addresses: `R12` after, `L12` before; empty for a remark.
    pub fn mark(&self) -> String {
        if self.kind == "del" { self.old_mark() } else { self.new_mark() }
    }

    /// Its name on the left.
    pub fn old_mark(&self) -> String {
        if self.old.is_empty() { String::new() } else { format!("L{}", self.old) }
    }

    /// Its name on the right.
    pub fn new_mark(&self) -> String {
        if self.new.is_empty() { String::new() } else { format!("R{}", self.new) }
    }
}

/// Where a file's other lines are asked for.
pub(super) struct More<'a> {
    /// The file's element.
    pub(super) id: &'a str,
    pub(super) page: &'a str,
    pub(super) query: &'a DiffQuery,
}

impl More<'_> {
    /// The page of this file alone, with this many lines around each change.
    fn address(&self, path: &str, context_lines: u32) -> String {
        let context = context_lines.to_string();
        let address = self.query.address_with(self.page, &[("file", path), ("context", &context)]);
        format!("{address}#{}", self.id)
    }
}

/// The lines of a file, or a promise of them.
pub(super) fn body(page: &Page, more: &More<'_>, drawn: &DrawnFile) -> Body {
    let Some(html) = &drawn.html else { return Body::Deferred };
    let gaps = gaps(page, more, drawn);
    let hunks = drawn.file.hunks.iter().zip(html).zip(gaps).map(|((hunk, html), (above, below))| DiffHunk {
        head: hunk.header.clone(),
        lines: hunk.lines.iter().zip(html).map(|(line, html)| row(line, html)).collect(),
        above,
        below,
    });
    if more.query.is_split() {
        let split = |DiffHunk { head, lines, above, below }| SplitHunk {
            head,
            pairs: split::pairs(lines),
            above,
            below,
        };
        Body::Split(hunks.map(split).collect())
    } else {
        Body::Unified(hunks.collect())
    }
}

/// What is not shown before each part and, of the last one, after it.
fn gaps(page: &Page, more: &More<'_>, drawn: &DrawnFile) -> Vec<(Option<Gap>, Option<Gap>)> {
    let file = &drawn.file;
    if matches!(file.status, FileStatus::Added | FileStatus::Deleted) || file.is_binary {
        return file.hunks.iter().map(|_| (None, None)).collect();
    }
    let shown = more.query.context_lines().unwrap_or(3);
    let mut shown_until = 0;
    let mut gaps = Vec::with_capacity(file.hunks.len());
    for (place, hunk) in file.hunks.iter().enumerate() {
        let above = first_number(hunk).filter(|first| *first > shown_until + 1).map(|first| {
            let count = first - shown_until - 1;
            Gap {
                first: shown_until + 1,
                last: Some(first - 1),
                address: more.address(file.path(), shown + count.min(MOST_BETWEEN)),
                text: t!(page, "repo-commit-expand", count = u64::from(count)),
            }
        });
        shown_until = last_number(hunk).unwrap_or(shown_until);
        let is_last = place + 1 == file.hunks.len() && !file.is_truncated;
        let below = (is_last && trailing_lines(hunk) >= shown).then(|| Gap {
            first: shown_until + 1,
            last: None,
            address: more.address(file.path(), shown + BELOW_LINES),
            text: t!(page, "repo-commit-expand-below").to_owned(),
        });
        gaps.push((above, below));
    }
    gaps
}

fn first_number(hunk: &Hunk) -> Option<u32> {
    hunk.lines.iter().find_map(|line| line.new_number)
}

fn last_number(hunk: &Hunk) -> Option<u32> {
    hunk.lines.iter().rev().find_map(|line| line.new_number)
}

/// The unchanged lines at its end: with fewer than were asked for, the file ends there.
fn trailing_lines(hunk: &Hunk) -> u32 {
    let lines = hunk.lines.iter().rev().take_while(|line| line.kind == LineKind::Context).count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}

fn row(line: &DiffLine, html: &str) -> Line {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    Line {
        kind: match line.kind {
            LineKind::Added => "add",
            LineKind::Deleted => "del",
            LineKind::Context => "same",
            LineKind::NoNewline => "hunk",
        },
        old: number(line.old_number),
        new: number(line.new_number),
        html: Html::trusted(html),
        below: Html::default(),
    }
}
