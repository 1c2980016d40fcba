//! Conflicts as they are shown, within bounds.

use std::{collections::BTreeMap, ops::Range, rc::Rc};

use super::{
    BASE, ConflictFile, ConflictHunk, ConflictKind, OURS, THEIRS,
    bench::Bench,
    conflict::{
        MOST_BYTES, MOST_FILES, MOST_HUNKS, MOST_HUNKS_OF_FILE, MOST_LINE_BYTES, MOST_LINES,
        MOST_MERGED_BYTES,
    },
    settle::{OUTER_LABELS, Open},
    text::{Markers, Texts},
    walk::Path,
};
use crate::{Error, Result, diff::is_binary};

/// How many signs a conflict marker has.
const MARKER_SIZE: usize = 7;

impl Open {
    /// Whether a person can decide by giving the content.
    pub(super) fn is_decided_by_content(&self) -> bool {
        match self.kind {
            ConflictKind::Content
            | ConflictKind::BothAdded
            | ConflictKind::Binary
            | ConflictKind::TooLarge
            | ConflictKind::Mode
            | ConflictKind::DeletedHere
            | ConflictKind::DeletedThere => self.item.leaves.iter().flatten().all(|leaf| leaf.is_file()),
            ConflictKind::RenamedBoth
            | ConflictKind::RenamedAndDeleted
            | ConflictKind::Type
            | ConflictKind::Link
            | ConflictKind::Submodule
            | ConflictKind::Folder
            | ConflictKind::FolderRenamed => false,
        }
    }
}

/// Describes what has to be decided.
pub(super) fn report(bench: &Bench<'_>, open: &BTreeMap<Path, Open>) -> Result<Vec<ConflictFile>> {
    let mut report = Report { bench, hunks: 0, bytes: 0, merged_bytes: 0 };
    let mut files = Vec::new();
    for (path, open) in open.iter().take(MOST_FILES) {
        files.push(report.file(path, open)?);
    }
    if open.len() > MOST_FILES
        && let Some(last) = files.last_mut()
    {
        last.is_truncated = true;
    }
    Ok(files)
}

struct Report<'a, 'git> {
    bench: &'a Bench<'git>,
    hunks: usize,
    bytes: usize,
    merged_bytes: usize,
}

impl Report<'_, '_> {
    fn file(&mut self, path: &Path, open: &Open) -> Result<ConflictFile> {
        let text = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        let was = &open.item.names[BASE];
        let mut file = ConflictFile {
            path: text(path),
            base_path: (was != path).then(|| text(was)),
            kind: open.kind,
            hunks: Vec::new(),
            merged: None,
            is_truncated: false,
        };
        match self.lines(open, &mut file) {
            // The conflict is known; only its lines are missing.
            Err(Error::OverBudget { .. }) => file.is_truncated = true,
            shown => shown?,
        }
        Ok(file)
    }

    fn lines(&mut self, open: &Open, file: &mut ConflictFile) -> Result<()> {
        let leaves = open.item.leaves;
        let (Some(ours), Some(theirs)) = (leaves[OURS], leaves[THEIRS]) else { return Ok(()) };
        if !ours.is_file() || !theirs.is_file() {
            return Ok(());
        }
        let base = leaves[BASE].filter(|base| base.is_file());
        let mut contents = Vec::new();
        for leaf in [base, Some(ours), Some(theirs)] {
            let data = leaf.map_or(Ok(Some(Rc::from(&b""[..]))), |leaf| self.bench.blob(leaf.id))?;
            let Some(data) = data.filter(|data| !is_binary(data) && std::str::from_utf8(data).is_ok()) else {
                return Ok(());
            };
            contents.push(data);
        }
        let texts = Texts::new([&contents[0], &contents[1], &contents[2]]);
        if texts.is_too_long() {
            return Ok(());
        }
        let [ours_label, theirs_label] = OUTER_LABELS.map(str::as_bytes);
        let markers = Markers { size: MARKER_SIZE, ours: ours_label, theirs: theirs_label };
        let merged = texts.merge(&markers);
        for overlap in &merged.overlaps {
            if self.hunks >= MOST_HUNKS || file.hunks.len() >= MOST_HUNKS_OF_FILE || self.bytes >= MOST_BYTES
            {
                file.is_truncated = true;
                break;
            }
            let mut shown =
                |side: usize, range: &Range<usize>| self.shown(&texts.lines(side)[range.clone()], file);
            let base = shown(BASE, &overlap.base);
            let (ours, theirs) = (shown(OURS, &overlap.ours), shown(THEIRS, &overlap.theirs));
            let first_line = u32::try_from(overlap.ours.start + 1).unwrap_or(u32::MAX);
            self.hunks += 1;
            file.hunks.push(ConflictHunk { first_line, ours, theirs, base });
        }
        let is_editable = open.is_decided_by_content()
            && merged.text.len() <= MOST_MERGED_BYTES
            && self.merged_bytes + merged.text.len() <= 4 * MOST_MERGED_BYTES;
        if is_editable && let Ok(text) = String::from_utf8(merged.text) {
            self.merged_bytes += text.len();
            file.merged = Some(text);
        }
        Ok(())
    }

    fn shown(&mut self, lines: &[&[u8]], file: &mut ConflictFile) -> Vec<String> {
        file.is_truncated |= lines.len() > MOST_LINES;
        let mut shown = Vec::new();
        for line in lines.iter().take(MOST_LINES) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let end = line.len().min(MOST_LINE_BYTES);
            file.is_truncated |= end < line.len();
            self.bytes += end;
            shown.push(String::from_utf8_lossy(&line[..end]).into_owned());
        }
        shown
    }
}
