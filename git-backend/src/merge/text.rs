//! Merging three texts by lines, as git does: differences by the histogram of lines; changes that touch each other
//! conflict; what both sides of a conflict have in common is taken out of it; conflicts with up to three lines between
//! them are shown as one.

use std::ops::Range;

use gix::diff::blob::{Algorithm, Diff, InternedInput};

/// More lines than this are not compared.
pub(super) const MOST_LINES: usize = 400_000;
/// Conflicts with at most so many lines between them are joined.
const JOINED_ACROSS: usize = 3;

/// The texts of base, ours and theirs, by lines that keep their line breaks.
pub(super) struct Texts<'data>([Vec<&'data [u8]>; 3]);

/// A stretch of lines that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    base: Range<usize>,
    side: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    Ours,
    Theirs,
    Neither,
    /// Both sides made the same of it.
    Same,
}

/// Where the merge is not simply what ours has.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    take: Take,
    base: Range<usize>,
    ours: Range<usize>,
    theirs: Range<usize>,
}

/// Lines that overlap, as ranges of lines of each text.
pub(super) struct Overlap {
    pub(super) base: Range<usize>,
    pub(super) ours: Range<usize>,
    pub(super) theirs: Range<usize>,
}

/// How conflicts are marked in a text.
pub(super) struct Markers<'a> {
    pub(super) size: usize,
    pub(super) ours: &'a [u8],
    pub(super) theirs: &'a [u8],
}

/// A merged text.
pub(super) struct Merged {
    pub(super) text: Vec<u8>,
    pub(super) overlaps: Vec<Overlap>,
}

impl<'data> Texts<'data> {
    /// The lines of three texts.
    pub(super) fn new(texts: [&'data [u8]; 3]) -> Self {
        Self(texts.map(|text| text.split_inclusive(|byte| *byte == b'\n').collect()))
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.0.iter().any(|lines| lines.len() > MOST_LINES)
    }

    pub(super) fn lines(&self, side: usize) -> &[&'data [u8]] {
        &self.0[side]
    }

    /// Merges them. Without overlaps the merge is clean.
    pub(super) fn merge(&self, markers: &Markers<'_>) -> Merged {
        let [base, ours, theirs] = &self.0;
        let is_same = |mine: &Change, yours: &Change| {
            mine.base == yours.base && ours[mine.side.clone()] == theirs[yours.side.clone()]
        };
        let coarse = parts(&changes(base, ours), &changes(base, theirs), is_same);
        let mut fine = Vec::new();
        let mut overlaps = Vec::new();
        for part in coarse {
            let refined = self.refined(&part);
            if refined.iter().any(|part| part.take == Take::Neither) {
                let Part { base, ours, theirs, .. } = part;
                overlaps.push(Overlap { base, ours, theirs });
            }
            fine.extend(refined);
        }
        Merged { text: self.written(&joined(fine), markers), overlaps }
    }

    /// Takes out of a conflict what both sides have in common.
    fn refined(&self, part: &Part) -> Vec<Part> {
        if part.take != Take::Neither || part.ours.is_empty() || part.theirs.is_empty() {
            return vec![part.clone()];
        }
        let [_, ours, theirs] = &self.0;
        let found = changes(&ours[part.ours.clone()], &theirs[part.theirs.clone()]);
        if found.is_empty() {
            return vec![Part { take: Take::Same, ..part.clone() }];
        }
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        let narrow = |change: Change| Part {
            take: Take::Neither,
            base: part.base.clone(),
            ours: moved(change.base, part.ours.start),
            theirs: moved(change.side, part.theirs.start),
        };
        found.into_iter().map(narrow).collect()
    }

    fn written(&self, parts: &[Part], markers: &Markers<'_>) -> Vec<u8> {
        let [_, ours, theirs] = &self.0;
        let mut text = Text { bytes: Vec::new(), has_returns: self.has_returns() };
        let mut at = 0;
        for part in parts {
            match part.take {
                Take::Same => continue,
                Take::Ours => text.lines(&ours[at..part.ours.end]),
                Take::Theirs => {
                    text.lines(&ours[at..part.ours.start]);
                    text.lines(&theirs[part.theirs.clone()]);
                }
                Take::Neither => {
                    text.lines(&ours[at..part.ours.start]);
                    text.marker(b'<', markers.size, markers.ours);
                    text.whole_lines(&ours[part.ours.clone()]);
                    text.marker(b'=', markers.size, b"");
                    text.whole_lines(&theirs[part.theirs.clone()]);
                    text.marker(b'>', markers.size, markers.theirs);
                }
            }
            at = part.ours.end;
        }
        text.lines(&ours[at.min(ours.len())..]);
        text.bytes
    }

    /// Whether lines end in a carriage return, by the first line of ours, or of the others if it has none.
    fn has_returns(&self) -> bool {
        let mut first = [1, 2, 0].into_iter().filter_map(|side| self.0[side].first());
        first.next().is_some_and(|line| line.ends_with(b"\r\n"))
    }
}

struct Text {
    bytes: Vec<u8>,
    has_returns: bool,
}

impl Text {
    fn lines(&mut self, lines: &[&[u8]]) {
        for line in lines {
            self.bytes.extend_from_slice(line);
        }
    }

    /// The same, with a line break after the last.
    fn whole_lines(&mut self, lines: &[&[u8]]) {
        self.lines(lines);
        if lines.last().is_some_and(|line| !line.ends_with(b"\n")) {
            self.line_break();
        }
    }

    fn marker(&mut self, sign: u8, size: usize, label: &[u8]) {
        self.bytes.extend(std::iter::repeat_n(sign, size));
        if !label.is_empty() {
            self.bytes.push(b' ');
            self.bytes.extend_from_slice(label);
        }
        self.line_break();
    }

    fn line_break(&mut self) {
        self.bytes.extend_from_slice(if self.has_returns { b"\r\n" } else { b"\n" });
    }
}

/// Where two texts differ.
fn changes(before: &[&[u8]], after: &[&[u8]]) -> Vec<Change> {
    let mut input: InternedInput<&[u8]> = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let wide = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks().map(|hunk| Change { base: wide(hunk.before), side: wide(hunk.after) }).collect()
}

/// Brings the changes of both sides together. What neither changed, or both in the same way, is in no part.
fn parts(ours: &[Change], theirs: &[Change], is_same: impl Fn(&Change, &Change) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut one, mut other) = (0, 0);
    // How far a line of the base is moved in the text of a side, behind its last change.
    let (mut shift_ours, mut shift_theirs) = (0_isize, 0_isize);
    loop {
        match (ours.get(one), theirs.get(other)) {
            (None, None) => return parts,
            (Some(mine), yours) if yours.is_none_or(|yours| mine.base.end < yours.base.start) => {
                let there = shifted(&mine.base, shift_theirs);
                push(&mut parts, Take::Ours, mine.base.clone(), mine.side.clone(), there);
                shift_ours = offset(mine);
                one += 1;
            }
            (mine, Some(yours)) if mine.is_none_or(|mine| yours.base.end < mine.base.start) => {
                let here = shifted(&yours.base, shift_ours);
                push(&mut parts, Take::Theirs, yours.base.clone(), here, yours.side.clone());
                shift_theirs = offset(yours);
                other += 1;
            }
            (Some(mine), Some(yours)) => {
                let start = mine.base.start.min(yours.base.start);
                let end = mine.base.end.max(yours.base.end);
                let widened = |change: &Change| {
                    // What starts before the text is joined with the part before.
                    let first = change.side.start.saturating_sub(change.base.start - start);
                    first..change.side.end + (end - change.base.end)
                };
                if !is_same(mine, yours) {
                    push(&mut parts, Take::Neither, start..end, widened(mine), widened(yours));
                }
                if mine.base.end <= yours.base.end {
                    shift_ours = offset(mine);
                    one += 1;
                }
                if yours.base.end <= mine.base.end {
                    shift_theirs = offset(yours);
                    other += 1;
                }
            }
            (Some(_), None) | (None, Some(_)) => unreachable!("a change of one side alone is taken above"),
        }
    }
}

/// How far the lines behind a change are from where they were.
fn offset(change: &Change) -> isize {
    change.side.end.cast_signed() - change.base.end.cast_signed()
}

fn shifted(range: &Range<usize>, by: isize) -> Range<usize> {
    range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by)
}

/// Adds a part, joined with the one before if they touch on either side.
fn push(parts: &mut Vec<Part>, take: Take, base: Range<usize>, ours: Range<usize>, theirs: Range<usize>) {
    if let Some(last) = parts.last_mut()
        && (ours.start <= last.ours.end || theirs.start <= last.theirs.end)
    {
        if last.take != take {
            last.take = Take::Neither;
        }
        last.base.end = base.end;
        last.ours.end = ours.end;
        last.theirs.end = theirs.end;
    } else {
        parts.push(Part { take, base, ours, theirs });
    }
}

/// Joins conflicts that are close to each other.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last)
                if last.take == Take::Neither
                    && part.take == Take::Neither
                    && part.ours.start - last.ours.end <= JOINED_ACROSS =>
            {
                last.ours.end = part.ours.end;
                last.theirs.end = part.theirs.end;
                last.base.end = part.base.end;
            }
            _ => joined.push(part),
        }
    }
    joined
}
