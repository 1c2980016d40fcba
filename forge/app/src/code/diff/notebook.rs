//! What changed in a notebook, cell by cell. Its file is JSON, in which a changed line hides among brackets and pictures.

use std::{ops::Range, path::Path, time::Instant};

use hearth_git::{DiffLine, FileDiff, Hunk, LineKind, ObjectId, OpenRepository};
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use crate::{
    code::view::notebook::{self, Cell, CellKind, Notebook},
    highlight::Language,
};

/// Notebooks of one difference that are compared by cell; others are compared by line.
const MOST_NOTEBOOKS: usize = 5;
/// A larger notebook is compared by line.
const MOST_BYTES: u64 = 2 << 20;

/// A part of a notebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellDiff {
    /// This many cells in a row that are as they were.
    Unchanged(usize),
    Changed(CellChange),
}

/// A cell that changed, is new or is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// Its place in the notebook, counted from 1; of one that is gone, in the notebook before.
    pub number: usize,
    pub kind: CellKind,
    /// The lines of its source; empty if only the outputs changed.
    pub lines: Vec<DiffLine>,
    /// The escaped, highlighted HTML of each line.
    pub html: Vec<String>,
    /// How many outputs it had; none: it is new.
    pub old_outputs: Option<usize>,
    /// How many it has; none: it is gone.
    pub new_outputs: Option<usize>,
    pub are_outputs_changed: bool,
}

/// Both texts of a notebook.
pub(super) struct Texts {
    old: Vec<u8>,
    new: Vec<u8>,
}

/// The texts of the notebooks among these files, in the order of the files.
pub(super) fn read(git: &OpenRepository, files: &[FileDiff]) -> hearth_git::Result<Vec<Option<Texts>>> {
    let mut room = MOST_NOTEBOOKS;
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        let is_notebook = Path::new(file.path()).extension().is_some_and(|extension| extension == "ipynb")
            && !file.is_binary
            && !file.hunks.is_empty();
        if !is_notebook || room == 0 {
            texts.push(None);
            continue;
        }
        room -= 1;
        let side = |id: Option<ObjectId>| match id {
            Some(id) => git.blob(id, MOST_BYTES).map(|blob| blob.data),
            None => Ok(Some(Vec::new())),
        };
        texts.push(side(file.old_id)?.zip(side(file.new_id)?).map(|(old, new)| Texts { old, new }));
    }
    Ok(texts)
}

/// The cells of a notebook; none if one of the sides is no notebook that can be shown.
pub(super) fn compare(texts: &Texts, deadline: Instant) -> Option<Vec<CellDiff>> {
    let (old, new) = (parsed(&texts.old)?, parsed(&texts.new)?);
    let language = Language::of_word(&new.language);
    let keys = |notebook: &Notebook| -> Vec<(u8, String)> {
        notebook.cells.iter().map(|cell| (rank(cell.kind), cell.source.text.clone())).collect()
    };
    let steps = capture_diff_slices_deadline(Algorithm::Myers, &keys(&old), &keys(&new), Some(deadline));
    let mut cells = Vec::new();
    for step in steps {
        let (tag, of_old, of_new) = step.as_tag_tuple();
        for (old_place, new_place) in pairs(tag, of_old, of_new) {
            let before = old_place.map(|place| &old.cells[place]);
            let after = new_place.map(|place| &new.cells[place]);
            let number = new_place.or(old_place).unwrap_or_default() + 1;
            push(&mut cells, cell(number, before, after, language, deadline));
        }
    }
    Some(cells)
}

/// A file that does not exist has no cells.
fn parsed(bytes: &[u8]) -> Option<Notebook> {
    if bytes.is_empty() {
        return Some(Notebook::default());
    }
    notebook::parse(std::str::from_utf8(bytes).ok()?).ok().filter(|notebook| notebook.left_out == 0)
}

const fn rank(kind: CellKind) -> u8 {
    match kind {
        CellKind::Markdown => 0,
        CellKind::Code => 1,
        CellKind::Raw => 2,
    }
}

/// Which cell became which: in a changed part, the first the first, and so on.
fn pairs(tag: DiffTag, old: Range<usize>, new: Range<usize>) -> Vec<(Option<usize>, Option<usize>)> {
    let length = match tag {
        DiffTag::Equal | DiffTag::Replace => old.len().max(new.len()),
        DiffTag::Delete => old.len(),
        DiffTag::Insert => new.len(),
    };
    let at =
        |range: &Range<usize>, step: usize| Some(range.start + step).filter(|place| range.contains(place));
    (0..length).map(|step| (at(&old, step), at(&new, step))).collect()
}

fn push(cells: &mut Vec<CellDiff>, change: Option<CellChange>) {
    match (change, cells.last_mut()) {
        (Some(change), _) => cells.push(CellDiff::Changed(change)),
        (None, Some(CellDiff::Unchanged(count))) => *count += 1,
        (None, _) => cells.push(CellDiff::Unchanged(1)),
    }
}

/// None: nothing changed.
fn cell(
    number: usize,
    old: Option<&Cell>,
    new: Option<&Cell>,
    language: Option<Language>,
    deadline: Instant,
) -> Option<CellChange> {
    let kind = new.or(old)?.kind;
    let outputs = |cell: Option<&Cell>| cell.map(|cell| cell.outputs.len() + cell.left_out);
    let source = |cell: Option<&Cell>| cell.map(|cell| cell.source.text.clone()).unwrap_or_default();
    let are_outputs_changed = match (old, new) {
        (Some(old), Some(new)) => old.outputs != new.outputs,
        (Some(only), None) | (None, Some(only)) => !only.outputs.is_empty(),
        (None, None) => false,
    };
    let (old_source, new_source) = (source(old), source(new));
    let is_source_changed = old.is_none() || new.is_none() || old_source != new_source;
    if !is_source_changed && !are_outputs_changed {
        return None;
    }
    let lines = if is_source_changed { lines(&old_source, &new_source, deadline) } else { Vec::new() };
    let hunk = Hunk { header: String::new(), lines };
    let language = language.filter(|_| kind == CellKind::Code);
    let html = super::draw_hunk(&hunk, language, deadline);
    Some(CellChange {
        number,
        kind,
        lines: hunk.lines,
        html,
        old_outputs: outputs(old),
        new_outputs: outputs(new),
        are_outputs_changed,
    })
}

/// All lines of two sources, numbered within the cell.
fn lines(old: &str, new: &str, deadline: Instant) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut lines = Vec::with_capacity(old.len().max(new.len()));
    for step in capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(deadline)) {
        let (tag, of_old, of_new) = step.as_tag_tuple();
        if tag == DiffTag::Equal {
            let both = of_old.zip(of_new);
            lines.extend(
                both.map(|(before, after)| line(LineKind::Context, Some(before), Some(after), new[after])),
            );
        } else {
            lines.extend(of_old.map(|place| line(LineKind::Deleted, Some(place), None, old[place])));
            lines.extend(of_new.map(|place| line(LineKind::Added, None, Some(place), new[place])));
        }
    }
    lines
}

fn line(kind: LineKind, before: Option<usize>, after: Option<usize>, text: &str) -> DiffLine {
    let number = |place: Option<usize>| place.and_then(|place| u32::try_from(place + 1).ok());
    DiffLine { kind, old_number: number(before), new_number: number(after), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn texts(old: &[&str], new: &[&str]) -> Texts {
        let text = |sources: &[&str]| {
            let cell = |source: &&str| serde_json::json!({"cell_type": "code", "source": source, "metadata": {}, "outputs": []});
            let cells: Vec<_> = sources.iter().map(cell).collect();
            serde_json::json!({"nbformat": 4, "metadata": {}, "cells": cells}).to_string().into_bytes()
        };
        Texts { old: text(old), new: text(new) }
    }

    #[test]
    fn cells_that_are_as_they_were_are_counted_and_others_compared_by_line() {
        let texts = texts(&["a = 1", "b = 2\nc = 3", "d"], &["a = 1", "b = 2\nc = 4", "d", "e"]);
        let cells = compare(&texts, Instant::now() + Duration::from_secs(10)).expect("notebooks");
        let [
            CellDiff::Unchanged(1),
            CellDiff::Changed(changed),
            CellDiff::Unchanged(1),
            CellDiff::Changed(new),
        ] = cells.as_slice()
        else {
            panic!("{cells:?}");
        };
        let kinds: Vec<_> = changed.lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [LineKind::Context, LineKind::Deleted, LineKind::Added]);
        assert_eq!((changed.number, changed.old_outputs, changed.new_outputs), (2, Some(0), Some(0)));
        assert_eq!((new.number, new.old_outputs), (4, None));
    }

    #[test]
    fn what_is_no_notebook_is_compared_by_line() {
        let broken = Texts { old: b"{}".to_vec(), new: b"no json".to_vec() };
        assert_eq!(compare(&broken, Instant::now() + Duration::from_secs(10)), None);
    }
}
