//! A commit as the lines that `git range-diff` compares: author, message and patch, without line numbers.

use gix::diff::blob::{Algorithm, Diff, Interner, Token};

use crate::{
    Bound, Commit, LineKind, ObjectId, OpenRepository, Result,
    diff::{CONTEXT_LINES, Change, Content, DiffLimits, LineDiff, Sign},
};

/// What a line of a commit's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PatchLine {
    /// The author, or a line of the message.
    Message,
    /// Names a file, and what happened to it.
    File,
    /// Begins another part of a file; the text is empty.
    Part,
    /// A line that the commit leaves.
    Context,
    /// A line that the commit adds.
    Added,
    /// A line that the commit removes.
    Deleted,
}

/// One line of the difference between two commits' texts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DiffOfDiffLine {
    /// Which of the two commits has it: both, only the newer, or only the older.
    pub kind: LineKind,
    /// What it is in the commit.
    pub inner: PatchLine,
    /// The text; bytes that are not UTF-8 are replaced, and a long line is cut.
    pub text: String,
}

/// Lines of one commit's text; a longer one is [`Bound::Entries`].
const MOST_LINES: usize = 20_000;
/// Lines of one difference that are listed.
const MOST_LISTED: usize = 1_000;
const MOST_LINE_BYTES: usize = 1_000;

/// The texts of commits, with equal lines having equal numbers.
#[derive(Default)]
pub(super) struct Texts {
    interner: Interner<Vec<u8>>,
}

/// The text of one commit; each line begins with a byte that says what it is.
pub(super) struct PatchText {
    lines: Vec<Token>,
    /// Where the patch begins.
    patch: usize,
    /// The patch's lines, sorted, to see quickly how much two have in common.
    sorted: Vec<u32>,
}

impl PatchText {
    pub(super) fn patch(&self) -> &[Token] {
        &self.lines[self.patch..]
    }
}

fn mark(line: PatchLine) -> u8 {
    match line {
        PatchLine::Message => b'm',
        PatchLine::File => b'#',
        PatchLine::Part => b'@',
        PatchLine::Context => b' ',
        PatchLine::Added => b'+',
        PatchLine::Deleted => b'-',
    }
}

fn line_of(mark: u8) -> PatchLine {
    match mark {
        b'm' => PatchLine::Message,
        b'#' => PatchLine::File,
        b'@' => PatchLine::Part,
        b'+' => PatchLine::Added,
        b'-' => PatchLine::Deleted,
        _ => PatchLine::Context,
    }
}

impl Texts {
    /// Reads a commit's text; its patch is against `parent`.
    pub(super) fn read(
        &mut self,
        git: &OpenRepository,
        commit: &Commit,
        parent: Option<ObjectId>,
    ) -> Result<PatchText> {
        let mut lines = Vec::new();
        let mut add = |kind: PatchLine, text: &[u8]| {
            let mut line = vec![mark(kind)];
            line.extend_from_slice(text);
            lines.push(self.interner.intern(line));
        };
        add(PatchLine::Message, format!("{} <{}>", commit.author.name, commit.author.email).as_bytes());
        for line in std::iter::once(commit.title.as_str()).chain(commit.body.lines()) {
            add(PatchLine::Message, line.as_bytes());
        }
        let mut patch = Vec::new();
        for change in git.changed_files(parent, commit.id, &DiffLimits::PAGE)? {
            self.read_file(git, &change, &mut patch)?;
            if patch.len() > MOST_LINES {
                return Err(git.budget.over(Bound::Entries));
            }
        }
        git.budget.charge(patch.len() as u64, 0)?;
        let start = lines.len();
        let mut sorted: Vec<u32> = patch.iter().map(|token: &Token| token.0).collect();
        sorted.sort_unstable();
        lines.append(&mut patch);
        Ok(PatchText { lines, patch: start, sorted })
    }

    fn read_file(&mut self, git: &OpenRepository, change: &Change, lines: &mut Vec<Token>) -> Result<()> {
        let (old, new) = Content::of_both(git, change, &DiffLimits::PAGE)?;
        let mut add = |kind: PatchLine, text: &[u8]| {
            let mut line = vec![mark(kind)];
            line.extend_from_slice(text);
            lines.push(self.interner.intern(line));
        };
        add(PatchLine::File, heading(change).as_bytes());
        let (Some(old), Some(new)) = (old.text(), new.text()) else {
            let id = |side: &Option<crate::diff::Side>| side.as_ref().map_or(ObjectId::ZERO, |side| side.id);
            add(PatchLine::Context, format!("{}..{}", id(&change.old), id(&change.new)).as_bytes());
            return Ok(());
        };
        let diff = LineDiff::of(old, new);
        for part in diff.parts(CONTEXT_LINES) {
            add(PatchLine::Part, b"");
            diff.each_line(&part, |sign, line| {
                let kind = match sign {
                    Sign::Both => PatchLine::Context,
                    Sign::Removed => PatchLine::Deleted,
                    Sign::Added => PatchLine::Added,
                };
                add(kind, line.strip_suffix(b"\n").unwrap_or(line));
            });
        }
        Ok(())
    }

    fn difference(&self, old: &[Token], new: &[Token]) -> Diff {
        let mut diff = Diff::default();
        diff.compute_with(Algorithm::Myers, old, new, self.interner.num_tokens());
        diff
    }

    /// How many lines the difference between two patches has, with the lines around each change and one line
    /// for each part: what it costs to take one commit for a newer form of the other. Where it is more than
    /// `most`, any number above that may be the answer.
    pub(super) fn cost(&self, old: &PatchText, new: &PatchText, most: usize) -> usize {
        let least = old.sorted.len() + new.sorted.len() - 2 * in_common(&old.sorted, &new.sorted);
        if least > most {
            return least;
        }
        let diff = self.difference(old.patch(), new.patch());
        parts(&diff, old.patch().len()).iter().map(|part| 1 + part.lines()).sum()
    }

    /// The difference between two commits' texts, and whether it is shown in part only.
    pub(super) fn lines_between(&self, old: &PatchText, new: &PatchText) -> (Vec<DiffOfDiffLine>, bool) {
        let diff = self.difference(&old.lines, &new.lines);
        let (mut listed, mut is_cut) = (Vec::new(), false);
        let mut list = |kind: LineKind, token: Token| {
            if listed.len() == MOST_LISTED {
                is_cut = true;
                return;
            }
            let line = &self.interner[token];
            let (mark, text) = line.split_first().map_or((b' ', &[][..]), |(mark, text)| (*mark, text));
            let text = String::from_utf8_lossy(&text[..text.len().min(MOST_LINE_BYTES)]).into_owned();
            listed.push(DiffOfDiffLine { kind, inner: line_of(mark), text });
        };
        for part in parts(&diff, old.lines.len()) {
            let mut at = part.first;
            for (before, after) in part.changes {
                old.lines[at..before.start].iter().for_each(|token| list(LineKind::Context, *token));
                old.lines[before.clone()].iter().for_each(|token| list(LineKind::Deleted, *token));
                new.lines[after].iter().for_each(|token| list(LineKind::Added, *token));
                at = before.end;
            }
            old.lines[at..part.end].iter().for_each(|token| list(LineKind::Context, *token));
        }
        (listed, is_cut)
    }
}

/// What happened to a file as a whole, as git names it in a range-diff.
fn heading(change: &Change) -> String {
    let mode = |old: u32, new: u32| {
        if old == new { String::new() } else { format!(" (mode change {old:06o} => {new:06o})") }
    };
    match (&change.old, &change.new) {
        (None, Some(new)) => format!("{} (new)", new.path),
        (Some(old), None) => format!("{} (deleted)", old.path),
        (Some(old), Some(new)) => {
            let mode = mode(old.kind.mode(), new.kind.mode());
            if old.path == new.path {
                format!("{}{mode}", new.path)
            } else {
                format!("{} => {}{mode}", old.path, new.path)
            }
        }
        (None, None) => String::new(),
    }
}

/// Changes near each other, with the lines around them; counted in the old text.
struct Part {
    first: usize,
    end: usize,
    changes: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
}

impl Part {
    fn lines(&self) -> usize {
        let added: usize = self.changes.iter().map(|(_, after)| after.len()).sum();
        self.end - self.first + added
    }
}

fn parts(diff: &Diff, old_lines: usize) -> Vec<Part> {
    let context = CONTEXT_LINES as usize;
    let range = |range: std::ops::Range<u32>| range.start as usize..range.end as usize;
    let mut parts: Vec<Part> = Vec::new();
    for hunk in diff.hunks() {
        let (before, after) = (range(hunk.before), range(hunk.after));
        let first = before.start.saturating_sub(context);
        let end = (before.end + context).min(old_lines);
        match parts.last_mut() {
            Some(last) if last.end >= first => {
                last.end = end;
                last.changes.push((before, after));
            }
            _ => parts.push(Part { first, end, changes: vec![(before, after)] }),
        }
    }
    parts
}

/// How many elements two sorted lists share.
fn in_common(one: &[u32], other: &[u32]) -> usize {
    let (mut at, mut other_at, mut shared) = (0, 0, 0);
    while at < one.len() && other_at < other.len() {
        match one[at].cmp(&other[other_at]) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => other_at += 1,
            std::cmp::Ordering::Equal => (at, other_at, shared) = (at + 1, other_at + 1, shared + 1),
        }
    }
    shared
}
