//! The changed lines of each file, as many as the limits allow.

use std::borrow::Cow;

use super::{
    Diff, DiffLine, DiffRequest, FileDiff, FileStatus, Hunk, PatchId, Whitespace,
    change::{Change, Side},
    content::{Content, is_binary},
    identity,
};
use crate::{Bound, Error, OpenRepository, Result};

pub(crate) struct Reader<'a> {
    git: &'a OpenRepository,
    request: &'a DiffRequest,
    lines: usize,
    bytes: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(git: &'a OpenRepository, request: &'a DiffRequest) -> Self {
        Self { git, request, lines: 0, bytes: 0 }
    }

    /// The difference of these files.
    pub(crate) fn read(mut self, changes: Vec<Change>, left_out: Option<Bound>) -> Result<Diff> {
        let total_files = changes.len();
        let (skip, most) = (self.request.skip, self.request.limits.files);
        let mut files = Vec::new();
        for change in changes.into_iter().skip(skip).take(most) {
            let (old, new) = self.contents(&change)?;
            files.push(self.file(change, &old, &new)?);
        }
        Ok(Diff {
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            is_truncated: total_files > skip.saturating_add(files.len()) || left_out.is_some(),
            total_files,
            left_out,
            files,
            mixed_with_base: Vec::new(),
        })
    }

    /// The difference of one file with these contents.
    pub(crate) fn file(&mut self, change: Change, old: &Content, new: &Content) -> Result<FileDiff> {
        let mode = |side: &Option<Side>| side.as_ref().map_or(0, |side| side.kind.mode());
        let mut file = FileDiff {
            status: status(change.old.as_ref(), change.new.as_ref()),
            old_id: change.old.as_ref().map(|side| side.id),
            new_id: change.new.as_ref().map(|side| side.id),
            old_mode: mode(&change.old),
            new_mode: mode(&change.new),
            is_binary: false,
            additions: 0,
            deletions: 0,
            hunks: Vec::new(),
            is_truncated: false,
            old_path: None,
            new_path: None,
            patch_id: PatchId::default(),
        };
        // The diff libraries cannot be cancelled, so this is checked before they start.
        file.is_truncated = is_over(self.git.budget.look())?;
        if !file.is_truncated {
            file.patch_id = identity::of_file(&change, old, new)?;
            if old != new {
                self.text(old, new, &mut file)?;
            }
        }
        file.old_path = change.old.map(|side| side.path);
        file.new_path = change.new.map(|side| side.path);
        Ok(file)
    }

    /// Contents that the budget does not allow are too large.
    fn contents(&self, change: &Change) -> Result<(Content, Content)> {
        match Content::of_both(self.git, change, &self.request.limits) {
            Err(Error::OverBudget { .. }) => Ok((Content::TooLarge, Content::TooLarge)),
            contents => contents,
        }
    }

    fn text(&mut self, old: &Content, new: &Content, file: &mut FileDiff) -> Result<()> {
        let (Content::Bytes(old), Content::Bytes(new)) = (old, new) else {
            file.is_truncated = true;
            return Ok(());
        };
        let (Some(old), Some(new)) = (self.decoded(old), self.decoded(new)) else {
            file.is_binary = true;
            return Ok(());
        };
        let mut asked = git2::DiffOptions::new();
        asked.context_lines(self.request.context_lines).indent_heuristic(true);
        match self.request.whitespace {
            Whitespace::Counts => {}
            Whitespace::Ignored => drop(asked.ignore_whitespace(true)),
            Whitespace::AmountIgnored => drop(asked.ignore_whitespace_change(true)),
            Whitespace::IgnoredAtEnd => drop(asked.ignore_whitespace_eol(true)),
        }
        let patch = git2::Patch::from_buffers(&old, None, &new, None, Some(&mut asked))?;
        let (_, additions, deletions) = patch.line_stats()?;
        (file.additions, file.deletions) = (additions, deletions);
        self.hunks(&patch, file)
    }

    /// The text in these bytes; `None` when there is none.
    fn decoded<'bytes>(&self, bytes: &'bytes [u8]) -> Option<Cow<'bytes, [u8]>> {
        match self.request.decode {
            Some(_) if bytes.is_ascii() && !is_binary(bytes) => Some(bytes.into()),
            Some(decode) => decode(bytes.to_owned()).map(|text| text.into_bytes().into()),
            None => (!is_binary(bytes)).then_some(bytes.into()),
        }
    }

    fn hunks(&mut self, patch: &git2::Patch<'_>, file: &mut FileDiff) -> Result<()> {
        let mut file_lines = 0;
        for index in 0..patch.num_hunks() {
            let (hunk, count) = patch.hunk(index)?;
            let header = String::from_utf8_lossy(hunk.header()).trim_end().to_owned();
            let mut lines = Vec::new();
            for line in 0..count {
                if self.lines >= self.request.limits.lines
                    || self.bytes >= self.request.limits.bytes
                    || file_lines >= self.request.limits.file_lines
                {
                    file.is_truncated = true;
                    break;
                }
                let most = self.request.limits.line_bytes;
                let line = DiffLine::of(&patch.line_in_hunk(index, line)?, most);
                file_lines += 1;
                self.lines += 1;
                self.bytes += line.text.len();
                lines.push(line);
            }
            if !lines.is_empty() {
                file.hunks.push(Hunk { header, lines });
            }
            if file.is_truncated {
                break;
            }
        }
        Ok(())
    }
}

/// Whether the budget is spent; other errors are passed on.
fn is_over(looked: Result<()>) -> Result<bool> {
    match looked {
        Ok(()) => Ok(false),
        Err(Error::OverBudget { .. }) => Ok(true),
        Err(other) => Err(other),
    }
}

fn status(old: Option<&Side>, new: Option<&Side>) -> FileStatus {
    match (old, new) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        (Some(old), Some(new)) if old.path != new.path => FileStatus::Renamed,
        (Some(old), Some(new)) if old.kind != new.kind && !(old.is_file() && new.is_file()) => {
            FileStatus::TypeChanged
        }
        _ => FileStatus::Modified,
    }
}
